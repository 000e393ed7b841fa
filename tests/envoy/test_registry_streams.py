"""Many streams while prompts are fetched, and configurations that change while requests wait for one."""

import contextlib

import pytest

from support import h2client, wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.registry_gateway import ask, messages, path, plugin, request, source, text

STREAMS = 1000
COLD = 40
"""How many of the prompts are not kept when the streams begin."""
WORKERS = 2


@pytest.mark.parametrize("mode, workers", [("held", WORKERS), ("unheld", 1)])
def test_no_cross_talk(mode, workers, envoy_binary, wasm, registry, upstream):
    """1,000 interleaved streams of one connection: warm prompts, cold ones, unknown ones, and none at all."""
    for number in range(2 * COLD):
        registry.repository.files[f"s{number}.prompt"] = text(f"marker-{number}")
    listener = Listener(mode, plugin(timeout="30s"), held=mode == "held")
    with Envoy([listener], {"llm": upstream.port, "registry": registry.port}, binary=envoy_binary,
               concurrency=workers) as envoy:
        port = envoy.port(mode)
        for number in range(COLD, 2 * COLD):
            assert ask(port, f"s{number}").status == 200
        upstream.clear()
        registry.hold()
        bodies, expected = {}, {}
        for number in range(STREAMS):
            prompt, nonce = number % (2 * COLD), f"n-{number}"
            if number % 10 == 0:
                bodies[number] = wire.encode(request(f"unknown-{prompt}", nonce))
            elif number % 10 == 1:
                bodies[number] = wire.encode({"messages": [{"role": "user", "content": nonce}]})
                expected[number] = [{"role": "user", "content": nonce}]
            else:
                bodies[number] = wire.encode(request(f"s{prompt}", nonce))
                expected[number] = messages(f"marker-{prompt}", nonce)
        with h2client.H2Connection(port, timeout=60) as connection:
            streams = {number: connection.start(headers={"x-number": str(number)}) for number in bodies}
            for cut in (slice(0, 15), slice(15, None)):
                for number, body in bodies.items():
                    connection.data(streams[number], body[cut], end=cut.stop is None)
            # Requests without a prompt pass those that wait; so do prompts that are kept, of which each of several
            # workers has its own, by whichever connections came its way.
            passing = STREAMS // 4 if workers == 1 else STREAMS // 10
            upstream.wait_for(lambda records: sum(record.complete for record in records) >= passing, 30)
            registry.release()
            answers = {number: connection.response(stream) for number, stream in streams.items()}
        assert {number for number, answer in answers.items() if answer.status == 404} == set(range(0, STREAMS, 10))
        assert {answers[number].status for number in expected} == {200}
        for number, answer in answers.items():
            prompted = number % 10 > 1
            assert answer.header("x-promptgate-id") == (f"s{number % (2 * COLD)}" if prompted else None)
        received = {int(record.header("x-number")): record.json()["messages"] for record in upstream.finished}
        assert received == expected
        assert max(registry.most_at_once().values()) <= workers
        assert envoy.traps() == 0


def waiting_on(envoy, listener: str) -> int:
    """How many requests a listener has begun and not answered."""
    return envoy.counter(f"http.{listener}.downstream_rq_active")


@pytest.mark.parametrize("provider, changes", [
    ("bitbucket", {}),
    ("bitbucket", {"refresh": "2s"}),
    ("promptgate", {}),
    ("promptgate", {"cluster": "elsewhere"}),
    ("promptgate", None),
], ids=lambda value: value if isinstance(value, str) else "-".join(value or ["no-registry"]) or "same")
def test_updates_while_requests_wait(provider, changes, envoy_binary, wasm, registry, upstream, tmp_path):
    """All are answered with what they waited for, by whichever worker, whatever becomes of the registry's settings."""
    def revision(number: int, **settings) -> dict:
        return plugin(provider, timeout="30s", **settings,
                      others={"bundle": {"prompts": {"probe": {"versions": {str(number): text("probe")}}}}})

    registry.repository.files["p.prompt"] = text("waited for")
    registry.publish({"p": text("waited for")})
    registry.hold()
    listener = Listener("ecds", revision(1), ecds_folder=tmp_path)
    body = wire.encode(request("p", "waiting"))
    with Envoy([listener], {"llm": upstream.port, "registry": registry.port, "elsewhere": registry.port},
               binary=envoy_binary, concurrency=WORKERS) as envoy, contextlib.ExitStack() as stack:
        port = envoy.port("ecds")
        waiting = [stack.enter_context(wire.Connection(port)) for _ in range(16)]
        for connection in waiting:
            connection.write(wire.head(len(body)) + body)
        poll(lambda: waiting_on(envoy, "ecds") == len(waiting))
        registry.wait_until_asked()
        if changes is None:
            listener.plugin = {"bundle": {"prompts": {"probe": {"versions": {"2": text("probe")}}}}}
        else:
            listener.plugin = revision(2, **changes)
        envoy.push_filter(listener, "2")
        # Twice as many probes as it takes to reach every worker.
        for _ in range(2 * len(waiting)):
            poll(lambda: ask(port, "probe").header("x-promptgate-version") == "2")
        assert waiting_on(envoy, "ecds") == len(waiting)
        upstream.clear()
        registry.release()
        answers = [connection.response() for connection in waiting]
        assert {answer.status for answer in answers} == {200}
        assert {answer.header("x-promptgate-id") for answer in answers} == {"p"}
        assert [record.json()["messages"] for record in upstream.finished] == \
            [messages("waited for", "waiting")] * len(waiting)
        assert envoy.traps() == 0


def test_an_update_keeps_what_is_kept(envoy_binary, wasm, registry, upstream, tmp_path):
    """A new configuration with the same registry asks for nothing anew."""
    def revision(number: int) -> dict:
        pushed = {"probe": {"versions": {str(number): text("probe")}}}
        return plugin(refresh="1h", others={"bundle": {"prompts": pushed}})

    registry.repository.files["p.prompt"] = text("kept")
    listener = Listener("ecds", revision(1), ecds_folder=tmp_path)
    with Envoy([listener], {"llm": upstream.port, "registry": registry.port}, binary=envoy_binary) as envoy:
        port = envoy.port("ecds")
        assert source(ask(port, "p")) == "fetch"
        for number in range(2, 6):
            listener.plugin = revision(number)
            envoy.push_filter(listener, str(number))
            poll(lambda: ask(port, "probe").header("x-promptgate-version") == str(number))
            assert source(ask(port, "p")) == "cache"
        assert registry.asked(path("p")) == 1
