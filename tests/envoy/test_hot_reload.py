"""New prompts reach a running gateway, by ECDS and by LDS, and no request is lost."""

import os
import socket

import pytest

from support import wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.load import Load

pytestmark = pytest.mark.every_envoy

STALL = 1.0
TRIES = 5
"""A machine that runs tests may pause for as long by itself, but not each time."""
UPDATES = 100 if os.environ.get("LONG") else 8


def revision(number: int) -> dict:
    """A bundle whose only prompt has this version number, and says so."""
    source = f"---\nmodel: m-{number}\n---\nSystem: revision {number}\nUser: {{{{ x }}}}"
    return {"bundle": {"prompts": {"p": {"versions": {str(number): source}}}}}


def served(port: int) -> str | None:
    """The version that the gateway serves now."""
    answer = wire.post(port, {"prompt_id": "p", "prompt_variables": {"x": "probe"}})
    assert answer.status == 200, answer.body
    return answer.header("x-promptgate-version")


def checked(load: Load, upstream) -> None:
    """Nothing failed, and upstream saw each request with its own variable and a matching revision."""
    assert load.failures == []
    seen = set()
    for record in upstream.wait_for(lambda records: all(record.complete for record in records)):
        body = record.json()
        system, user = body["messages"]
        assert system["content"] == f"revision {body['model'].removeprefix('m-')}"
        seen.add(user["content"])
    assert seen >= load.nonces


@pytest.fixture(scope="module")
def watching(envoy_binary, wasm, standin, tmp_path_factory):
    """An Envoy whose filter configuration comes from a watched file."""
    listener = Listener("ecds", revision(1), ecds_folder=tmp_path_factory.mktemp("watched"))
    with Envoy([listener], {"llm": standin.port}, binary=envoy_binary, concurrency=2) as envoy:
        yield envoy, listener


@pytest.fixture
def ecds(watching, upstream):
    """The Envoy, at revision 1, and a function that writes the file."""
    envoy, listener = watching

    def push(plugin, name: str):
        listener.plugin = plugin
        envoy.push_filter(listener, name)

    push(revision(1), "1")
    poll(lambda: served(envoy.port("ecds")) == "1")
    yield envoy, push


def test_ecds_updates_under_load(ecds, upstream):
    """8 updates, or with LONG=1 100: no failure, and no connection closed."""
    envoy, push = ecds
    port = envoy.port("ecds")
    upstream.clear()
    with Load(port) as load:
        load.wait_for(50)
        for number in range(2, UPDATES + 2):
            push(revision(number), str(number))
            poll(lambda: served(port) == str(number))
            load.wait_for(50)
    checked(load, upstream)
    assert load.connections == load.threads
    assert load.versions.keys() >= {str(number) for number in range(1, UPDATES + 2)}
    assert envoy.traps() == 0


def test_one_bad_prompt_does_not_take_the_others_down(ecds, upstream):
    envoy, push = ecds
    bundle = revision(2)
    bundle["bundle"]["prompts"]["bad"] = "---\nmodel: [\n---\nUser: x"
    push(bundle, "2")
    poll(lambda: served(envoy.port("ecds")) == "2")
    assert wire.post(envoy.port("ecds"), {"prompt_id": "bad"}).error() == (422, "prompt_render_failed", None)


def test_a_stream_outlives_an_update(ecds, upstream):
    """A request in flight keeps the configuration that it began with."""
    envoy, push = ecds
    port = envoy.port("ecds")
    body = wire.encode({"prompt_id": "p", "prompt_variables": {"x": "s"}, "stream": True})
    headers = {"x-standin-chunks": "20", "x-standin-interval-ms": "50"}
    upstream.clear()
    with wire.Connection(port) as connection:
        connection.write(wire.head(len(body), headers=headers) + body)
        status, fields = connection.head()
        push(revision(2), "2")
        poll(lambda: served(port) == "2")
        received = b"".join(connection.pieces(fields))
    assert status == 200 and dict(fields)["x-promptgate-version"] == "1"
    assert received == bytes(upstream.records[0].response)


def test_a_half_sent_request_outlives_an_update(ecds, upstream):
    envoy, push = ecds
    port = envoy.port("ecds")
    body = wire.encode({"prompt_id": "p", "prompt_variables": {"x": "half"}})
    upstream.clear()
    with wire.Connection(port) as connection:
        before = envoy.counter("http.ecds.downstream_cx_rx_bytes_total")
        start = wire.head(len(body)) + body[:20]
        connection.write(start)
        poll(lambda: envoy.counter("http.ecds.downstream_cx_rx_bytes_total") >= before + len(start))
        push(revision(2), "2")
        poll(lambda: served(port) == "2")
        connection.write(body[20:])
        answer = connection.response()
    assert answer.status == 200 and answer.header("x-promptgate-version") == "1"


def test_ten_thousand_prompts_do_not_stall_the_workers(ecds, upstream):
    """Templates are compiled when they are first used, so an update costs reading the bundle and no more."""
    envoy, push = ecds
    port = envoy.port("ecds")
    many = revision(2)
    many["bundle"]["prompts"] |= {f"p{number}": f"---\nmodel: m\ntemperature: 0.{number}\n---\nSystem: {number}\n"
                                                "User: {% if x %}{{ x | upper }}{% else %}none{% endif %}"
                                  for number in range(10_000)}
    slowest = []
    for attempt in range(TRIES):
        push(revision(1), f"few-{attempt}")
        poll(lambda: served(port) == "1")
        with Load(port) as load:
            load.wait_for(200)
            push(many, f"many-{attempt}")
            poll(lambda: served(port) == "2")
            load.wait_for(200)
        assert load.failures == [] and load.connections == load.threads
        slowest.append(load.slowest)
        if load.slowest < STALL:
            break
    assert min(slowest) < STALL, "workers are busy with the update"
    assert wire.post(port, {"prompt_id": "p9999"}).status == 200
    assert upstream.finished[-1].json()["messages"] == [{"role": "system", "content": "9999"},
                                                        {"role": "user", "content": "none"}]


def free_port() -> int:
    """A port that is free now; LDS updates must name the same one each time."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_lds_updates_under_load(envoy_binary, wasm, upstream):
    """8 whole-listener updates, or with LONG=1 100. Envoy drains and closes connections, and says so beforehand."""
    port = free_port()
    # Within the drain time every connection must carry a request, whose answer then says `connection: close`.
    with Envoy([Listener("lds", revision(1), port=port)], {"llm": upstream.port}, binary=envoy_binary,
               concurrency=2, lds=True, drain_seconds=5) as envoy:
        poll(lambda: served(port) == "1")
        upstream.clear()
        with Load(port) as load:
            load.wait_for(50)
            for number in range(2, UPDATES + 2):
                envoy.push_listeners([Listener("lds", revision(number), port=port)], str(number))
                poll(lambda: served(port) == str(number))
                load.wait_for(50)
            # Old connections stay with the old listener until it has drained them.
            poll(lambda: str(UPDATES + 1) in load.versions)
        checked(load, upstream)
        assert envoy.traps() == 0
