"""`ext_proc` in full-duplex mode behind Promptgate: 2 MB bodies arrive to the byte, whole, and as those of their own
request. It is the mode in which Envoy is busiest with pieces: each is sent, answered and forwarded by itself.
"""

import base64
import hashlib
import itertools
import os
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import ext_proc, h2client, wire
from support.bootstrap import Listener
from support.envoy import Envoy
from support.ext_proc import Echo, Server, filter_config
from support.ext_proc_upstream import Digests

from .conftest import MODES, plugin_for

pytestmark = pytest.mark.every_envoy

DUPLEX = "FULL_DUPLEX_STREAMED"
TIMES = 1000 if os.environ.get("LONG") else 15
"""For each header mode and protocol: the long form sends 4,000 requests through each Envoy, the ordinary one 60."""
SIZE = 2_000_000
PARALLEL = 4
ECHOED = 65_521
"""A prime, so that pieces end where neither Envoy's nor HTTP/2's do."""
TRAILERS = {"x-checksum": "abc"}
TIMEOUT = 120.0


@pytest.fixture(scope="module")
def echoes():
    """The processors behind each header mode.

    Without held headers a processor behind Promptgate has to let the headers wait until it has the body, see
    docs/compatibility.md: so that one is patient. The other answers each piece as it comes.
    """
    return {"held": Echo(ECHOED), "unheld": Echo(ECHOED, patient=True)}


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, echoes):
    listeners = [Listener(mode, plugin_for(held), held, filters_after=[filter_config(DUPLEX, cluster=f"ext_{mode}")])
                 for mode, held in MODES.items()]
    with Digests() as upstream, Server(echoes["held"]) as one, Server(echoes["unheld"]) as other:
        with Envoy(listeners, {"llm": upstream.port}, http2_clusters={"ext_held": one.port, "ext_unheld": other.port},
                   binary=envoy_binary, concurrency=2) as running:
            yield running


def exchange(number: int) -> tuple[bytes, bytes]:
    """A request of about 2 MB that no other is like, and what upstream has to receive of it."""
    text = base64.b64encode(random.Random(number).randbytes(SIZE * 3 // 4))
    message = b'{"role": "user",  "content":"%d %s"}' % (number, text)
    request = b'{"model":"m", "prompt_id":"plain","messages":[%s], "n": 1.10}' % message
    expected = b'{"model":"m", "messages":[{"role":"system","content":"S"},%s], "n": 1.10}' % message
    return request, expected


def http1(port: int, number: int, body: bytes) -> tuple[wire.Response, dict]:
    """Sends it with a length, or in chunks with trailers; returns the answer and the trailers that were sent."""
    if number % 2:
        return wire.post(port, body, timeout=TIMEOUT), {}
    chunks = wire.chunks(pieces(number, body), list(TRAILERS.items()))
    with wire.Connection(port, TIMEOUT) as connection:
        connection.write(wire.head(None))
        for chunk in chunks:
            connection.write(chunk)
        return connection.response(), TRAILERS


def http2(port: int, number: int, body: bytes) -> tuple[wire.Response, dict]:
    """Sends it in pieces, half of the time with trailers; returns the answer and the trailers that were sent."""
    trailers = None if number % 2 else TRAILERS
    answer = h2client.post(port, None, pieces=pieces(number, body), trailers=trailers, timeout=TIMEOUT)
    return answer, trailers or {}


def pieces(number: int, body: bytes) -> list[bytes]:
    """The body cut at random places, the same ones for the same number."""
    cuts = sorted(random.Random(-number).sample(range(1, len(body)), 20))
    return [body[start:end] for start, end in itertools.pairwise([0, *cuts, len(body)])]


@pytest.mark.parametrize("protocol", [http1, http2], ids=lambda protocol: protocol.__name__)
def test_every_byte_arrives(protocol, mode, envoy, echoes):
    port = envoy.port(mode)

    def once(number: int) -> str | None:
        body, expected = exchange(number)
        answer, trailers = protocol(port, number, body)
        if answer.status != 200:
            return f"{number}: {answer.status} {answer.body[:200]!r}"
        received = answer.json()
        whole = received["bytes"] == len(expected) and received["sha256"] == hashlib.sha256(expected).hexdigest()
        if not whole or received["trailers"] != trailers:
            return f"{number}: {received}, {len(expected)} bytes sent"
        return None

    before = echoes[mode].ends
    with ThreadPoolExecutor(PARALLEL) as pool:
        failures = [failure for failure in pool.map(once, range(TIMES)) if failure]
    assert failures == []
    assert echoes[mode].ends - before == TIMES


def test_a_lost_piece_would_be_noticed(envoy, monkeypatch):
    """The same with a processor that swallows one piece: else the test above could not fail."""
    def short(body, end, size):
        return itertools.islice(whole(body, end, size), 1, None)

    whole = ext_proc.streamed
    monkeypatch.setattr(ext_proc, "streamed", short)
    body, expected = exchange(1)
    answer = wire.post(envoy.port("held"), body, timeout=TIMEOUT)
    assert answer.json()["bytes"] == len(expected) - ECHOED


def test_an_error_does_not_reach_the_processor(mode, envoy, echoes):
    """What gets no prompt is answered before the processor has seen the end of it; held, before it has seen any."""
    echo = echoes[mode]
    before = echo.headers, echo.ends
    answer = wire.post(envoy.port(mode), {"prompt_id": "nope", "messages": []})
    assert answer.error() == (404, "prompt_not_found", "prompt_id")
    assert wire.post(envoy.port(mode), {"prompt_id": "plain"}).status == 200
    assert echo.ends - before[1] == 1
    if mode == "held":
        assert echo.headers - before[0] == 1
