"""A request that ends with trailers gets its prompt, and keeps its trailers."""

import pytest

from support import h2client, wire
from support.bootstrap import Listener
from support.envoy import Envoy
from support.samples import PLUGIN, plugin
from support.upstream_h2 import H2StandIn

pytestmark = pytest.mark.every_envoy

BODY = {"model": "m", "prompt_id": "plain", "messages": [{"role": "user", "content": "hi"}]}
MESSAGES = [{"role": "system", "content": "S"}, {"role": "user", "content": "hi"}]
TRAILERS = {"x-checksum": "abc", "x-second": "2"}


@pytest.fixture(scope="module")
def servers(envoy_binary, wasm, standin):
    """Listeners for both header modes, in front of an HTTP/1.1 and of an HTTP/2 upstream."""
    unheld = plugin()
    del unheld["model_header"]
    listeners = [Listener(f"{mode}-{cluster}", PLUGIN if mode == "held" else unheld, mode == "held", cluster=cluster)
                 for mode in ("held", "unheld") for cluster in ("llm", "llm_h2")]
    with H2StandIn() as http2:
        with Envoy(listeners, {"llm": standin.port}, http2_clusters={"llm_h2": http2.port},
                   binary=envoy_binary) as envoy:
            yield envoy, http2


@pytest.mark.parametrize("pieces", [1, 3])
@pytest.mark.parametrize("protocol", ["http1", "http2"])
def test_http2_trailers(protocol, pieces, mode, servers, upstream):
    """The end of such a request reaches the filter only in the trailers callback."""
    envoy, http2 = servers
    http2.clear()
    data = wire.encode(BODY)
    step = -(-len(data) // pieces)
    parts = [data[at:at + step] for at in range(0, len(data), step)]
    cluster, recorder = ("llm", upstream) if protocol == "http1" else ("llm_h2", http2)
    answer = h2client.post(envoy.port(f"{mode}-{cluster}"), None, pieces=parts, trailers=TRAILERS)
    record = recorder.only()
    assert answer.status == 200
    assert record.json()["messages"] == MESSAGES
    assert dict(record.trailers).items() >= TRAILERS.items()


def test_http1_trailers(mode, servers, upstream):
    envoy, _ = servers
    pieces = wire.chunks([wire.encode(BODY)], list(TRAILERS.items()))
    with wire.Connection(envoy.port(f"{mode}-llm")) as connection:
        connection.write(wire.head(None) + b"".join(pieces))
        assert connection.response().status == 200
    record = upstream.only()
    assert record.json()["messages"] == MESSAGES
    assert dict(record.trailers).items() >= TRAILERS.items()


def test_trailers_after_an_error(mode, servers, upstream):
    """A prompt that does not exist is not forwarded just because trailers ended the request."""
    envoy, _ = servers
    body = wire.encode({**BODY, "prompt_id": "nope"})
    answer = h2client.post(envoy.port(f"{mode}-llm"), None, pieces=[body], trailers=TRAILERS)
    assert answer.error() == (404, "prompt_not_found", "prompt_id")
    assert upstream.finished == [] and upstream.bodies == []


def test_trailers_without_a_body(mode, servers, upstream):
    """Nothing to rewrite: passes through, no hang."""
    envoy, _ = servers
    with h2client.H2Connection(envoy.port(f"{mode}-llm")) as connection:
        stream = connection.start(path="/v1/chat/completions")
        connection.trailers(stream, TRAILERS)
        answer = connection.response(stream)
    record = upstream.only()
    assert answer.status == 400 and answer.json()["error"]["code"] == "stand_in"
    assert bytes(record.body) == b"" and dict(record.trailers).items() >= TRAILERS.items()
