"""Requests that waited go on, or are refused, when the answer of the registry comes: not in a callback of their own.

Envoy does there at once what it puts off in others. It answers in the middle of a host call when a new body does not
fit its buffer, and what many requests do at the same time it does one inside of the other.
"""

import contextlib

import pytest

from support import h2client, wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.registry_gateway import ask, messages, plugin, request, text

pytestmark = pytest.mark.every_envoy

BUFFER = 1 << 20
MARKER = "m" * 4096
CROWD = 1000


@pytest.fixture(scope="module", params=["held", "unheld"])
def envoy(request, envoy_binary, wasm, standin, registry_server):
    listeners = [Listener(name, plugin("gitlab", timeout="1m"), held=request.param == "held", buffer_limit=BUFFER,
                          cluster=cluster)
                 for name, cluster in (("well", "llm"), ("nobody", "nobody"))]
    with Envoy(listeners, {"llm": standin.port, "nobody": None, "registry": registry_server.port},
               binary=envoy_binary) as running:
        yield running


def active(envoy, name: str) -> int:
    """How many requests have begun and are not answered."""
    return envoy.counter(f"http.{name}.downstream_rq_active")


def too_large(prompt_id: str, first: bool) -> bytes:
    """A request that fits the buffer, and with its prompt does not. The prompt is named before the rest, or behind."""
    fields = request(prompt_id)
    rest = {"model": "m", "messages": [], "user": "u" * (BUFFER - 500)}
    body = wire.encode({**fields, **rest} if first else {**rest, **fields})
    assert BUFFER - len(MARKER) < len(body) < BUFFER
    return body


@pytest.mark.parametrize("first", [True, False])
def test_a_body_that_outgrows_the_buffer(envoy, upstream, registry, fresh_id, first):
    """Envoy's 413, as for one that is too large from the beginning; the others go on."""
    registry.repository.files = {f"{fresh_id}.prompt": text(MARKER)}
    registry.hold()
    port = envoy.port("well")
    counted = envoy.counter("wasmcustom.promptgate_requests.request_too_large")
    large, small = too_large(fresh_id, first), wire.encode(request(fresh_id))
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(wire.Connection(port, timeout=60)) for _ in range(12)]
        for number, connection in enumerate(connections):
            body = small if number % 2 else large
            connection.write(wire.head(len(body)) + body)
        poll(lambda: active(envoy, "well") == len(connections))
        registry.wait_until_asked()
        registry.release()
        answers = [connection.response() for connection in connections]
    assert [answer.status for answer in answers] == [413, 200] * 6
    poll(lambda: envoy.counter("wasmcustom.promptgate_requests.request_too_large") == counted + 6)
    assert [record.json()["messages"] for record in upstream.finished] == [messages(MARKER, "x")] * 6
    assert not any(b"prompt_id" in body for body in upstream.bodies)
    # The same when nothing has to be waited for.
    answer = wire.post(port, large, timeout=60)
    assert answer.status == 413
    assert ask(port, fresh_id).status == 200


def crowd(envoy, name: str, registry, prompt_id: str) -> list[wire.Response]:
    """What many get that wait for one prompt."""
    registry.hold()
    body = wire.encode(request(prompt_id))
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(h2client.H2Connection(envoy.port(name), timeout=60)) for _ in range(20)]
        streams = [(connection, connection.start()) for _ in range(CROWD // 20) for connection in connections]
        for connection, stream in streams:
            connection.data(stream, body, end=True)
        poll(lambda: active(envoy, name) == CROWD, 60)
        registry.wait_until_asked()
        registry.release()
        return [connection.response(stream) for connection, stream in streams]


def test_a_crowd_that_is_refused(envoy, registry, fresh_id):
    """Each gets its 404, and no machine is lost."""
    answers = crowd(envoy, "well", registry, fresh_id)
    assert {answer.error()[:2] for answer in answers} == {(404, "prompt_not_found")}


@pytest.mark.parametrize("envoy", ["held"], indirect=True)
def test_a_crowd_whose_upstream_is_not_there(envoy, registry, fresh_id):
    """Envoy refuses each of them as soon as it goes on."""
    registry.repository.files = {f"{fresh_id}.prompt": text("m")}
    answers = crowd(envoy, "nobody", registry, fresh_id)
    assert {(answer.status, answer.body) for answer in answers} == {(503, b"no healthy upstream")}
