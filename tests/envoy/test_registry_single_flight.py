"""However many requests want a prompt, a worker asks for it once; and whoever leaves leaves nothing behind."""

import contextlib

import pytest

from support import h2client, wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.registry_gateway import ask, messages, path, plugin, request, source, text

CONNECTIONS, STREAMS = 20, 50
LEAVING_ROUNDS = 100
GATEWAYS = {"held": 2, "unheld": 1}
"""Header modes, and how many workers they are tried with."""


@pytest.fixture(scope="module", params=list(GATEWAYS))
def envoy(request, envoy_binary, wasm, standin, registry_server):
    listener = Listener(request.param, plugin(timeout="1m"), held=request.param == "held")
    with Envoy([listener], {"llm": standin.port, "registry": registry_server.port}, binary=envoy_binary,
               concurrency=GATEWAYS[request.param]) as running:
        running.workers = GATEWAYS[request.param]
        running.mode = request.param
        yield running


@pytest.fixture
def port(envoy) -> int:
    """Where requests go."""
    return envoy.port(envoy.mode)


def active(envoy) -> int:
    """How many requests have begun and are not answered."""
    return envoy.counter(f"http.{envoy.mode}.downstream_rq_active")


def refused(envoy) -> int:
    """How many requests were answered with 503 so far."""
    return envoy.counter("wasmcustom.promptgate_requests.prompt_unavailable")


def test_a_thousand_requests_for_a_cold_prompt(envoy, port, registry, upstream, fresh_id):
    """All wait, the registry is asked once by each worker at most, and each gets its own variables."""
    registry.repository.files[f"{fresh_id}.prompt"] = text("once")
    registry.hold()
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(h2client.H2Connection(port, timeout=60))
                       for _ in range(CONNECTIONS)]
        streams = []
        for number, connection in enumerate(connections):
            for index in range(STREAMS):
                nonce = f"n-{number}-{index}"
                stream = connection.start(headers={"x-nonce": nonce})
                connection.data(stream, wire.encode(request(fresh_id, nonce)), end=True)
                streams.append((connection, stream))
        poll(lambda: active(envoy) == CONNECTIONS * STREAMS)
        registry.wait_until_asked()
        assert upstream.bodies == []
        registry.release()
        answers = [connection.response(stream) for connection, stream in streams]
    assert {answer.status for answer in answers} == {200}
    assert {source(answer) for answer in answers} == {"fetch"}
    assert 1 <= registry.asked() <= envoy.workers
    seen = {record.header("x-nonce") for record in upstream.finished
            if record.json()["messages"] == messages("once", record.header("x-nonce"))}
    assert len(seen) == CONNECTIONS * STREAMS


def test_ten_thousand_clients_leave(envoy, port, registry, upstream, fresh_id):
    """Nothing of them remains, and whoever stayed is answered."""
    registry.repository.files[f"{fresh_id}.prompt"] = text("still here")
    registry.hold()
    body = wire.encode(request(fresh_id, "stayed"))
    with contextlib.ExitStack() as stack:
        stayed = [stack.enter_context(wire.Connection(port, timeout=60)) for _ in range(4)]
        for connection in stayed:
            connection.write(wire.head(len(body)) + body)
        poll(lambda: active(envoy) == len(stayed))
        for round_ in range(LEAVING_ROUNDS):
            with h2client.H2Connection(port) as leaving:
                for _ in range(100):
                    leaving.data(leaving.start(), body, end=True)
                poll(lambda: active(envoy) == len(stayed) + 100)
            poll(lambda: active(envoy) == len(stayed))
            if round_ == LEAVING_ROUNDS // 2:
                before = envoy.memory()
        after = envoy.memory()
        registry.release()
        answers = [connection.response() for connection in stayed]
    assert {(answer.status, source(answer)) for answer in answers} == {(200, "fetch")}
    assert registry.asked() <= envoy.workers
    assert len(upstream.finished) == len(stayed)
    poll(lambda: active(envoy) == 0)
    # What remains of each until the answer comes is a few hundred bytes, whatever its body was.
    assert after - before < 16 << 20
    assert source(ask(port, fresh_id)) == "cache"


def test_the_only_client_leaves(envoy, port, registry, fresh_id):
    """What was asked for on its behalf is kept for the next one."""
    registry.repository.files[f"{fresh_id}.prompt"] = text("first")
    registry.hold()
    body = wire.encode(request(fresh_id))
    with wire.Connection(port) as connection:
        connection.write(wire.head(len(body)) + body)
        registry.wait_until_asked(path(fresh_id))
    poll(lambda: active(envoy) == 0)
    registry.release()
    assert ask(port, fresh_id).status == 200
    assert registry.asked() <= envoy.workers


def test_too_many_different_prompts_at_once(envoy, port, registry, fresh_id):
    """Beyond 1,000 on their way in a worker the next ones are refused, at once; the others are answered."""
    wanted = 1000 * envoy.workers + 500
    before = refused(envoy)
    registry.hold()
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(h2client.H2Connection(port, timeout=60)) for _ in range(20)]
        streams = []
        for number in range(wanted):
            connection = connections[number % len(connections)]
            stream = connection.start()
            connection.data(stream, wire.encode(request(f"{fresh_id}-{number}")), end=True)
            streams.append((connection, stream))
        # Each is either on its way or refused already.
        poll(lambda: active(envoy) + refused(envoy) - before >= wanted)
        assert registry.asked() <= 1000 * envoy.workers
        registry.release()
        answers = [connection.response(stream) for connection, stream in streams]
    statuses = [answer.error()[:2] for answer in answers]
    assert set(statuses) == {(404, "prompt_not_found"), (503, "prompt_unavailable")}
    assert statuses.count((404, "prompt_not_found")) <= 1000 * envoy.workers
    assert registry.asked() <= 1000 * envoy.workers
