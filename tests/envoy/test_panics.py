"""What a trap in the filter costs, under each failure policy. The fault is a build that panics when asked to."""

import pytest

from support import wire
from support.bootstrap import PANIC_WASM, Listener
from support.envoy import Envoy, poll

pytestmark = pytest.mark.every_envoy

PLUGIN = {"bundle": {"prompts": {"plain": "System: S"}}}
POLICIES = ["FAIL_RELOAD", "FAIL_CLOSED", "FAIL_OPEN"]
PHASES = ["request_headers", "request_body"]
REQUEST = {"model": "m", "prompt_id": "plain"}
RENDERED = {"model": "m", "messages": [{"role": "system", "content": "S"}]}


@pytest.fixture
def envoy(envoy_binary, wasm, standin):
    """A listener for each policy; `vm_id` keeps the VMs apart, or one trap would hit them all."""
    if not PANIC_WASM.exists():
        pytest.fail(f"{PANIC_WASM} is missing: run `make wasm-inject-panic`", pytrace=False)
    listeners = [
        Listener(policy, PLUGIN, wasm=PANIC_WASM, vm_id=policy, fail_policy=policy, stream_idle="2s")
        for policy in POLICIES
    ]
    with Envoy([*listeners, Listener("healthy", PLUGIN)], {"llm": standin.port}, binary=envoy_binary) as running:
        yield running


def panic(port: int, phase: str):
    """A request during which the filter panics."""
    return wire.post(port, REQUEST, headers={"x-promptgate-inject-panic": phase})


@pytest.mark.parametrize("phase", PHASES)
def test_fail_reload_loses_one_request(phase, envoy, upstream):
    """503 for the one that hit it; within the backoff the prompts are served again."""
    port = envoy.port("FAIL_RELOAD")
    assert wire.post(port, REQUEST).status == 200
    for _ in range(3):
        upstream.clear()
        assert panic(port, phase).status == 503
        assert upstream.records == []
        assert poll(lambda: wire.post(port, REQUEST).status == 200, seconds=5)
        assert [record.json() for record in upstream.records] == [RENDERED]
    assert envoy.alive()


@pytest.mark.parametrize("phase", PHASES)
def test_fail_closed_refuses_from_then_on(phase, envoy, upstream):
    port = envoy.port("FAIL_CLOSED")
    assert wire.post(port, REQUEST).status == 200
    upstream.clear()
    assert panic(port, phase).status == 503
    assert [wire.post(port, REQUEST).status for _ in range(5)] == [503] * 5
    assert upstream.records == []
    assert envoy.alive()


@pytest.mark.parametrize("phase", PHASES)
def test_fail_open_forwards_without_prompts(phase, envoy, upstream):
    """The reason why no example uses it: requests go upstream as the client wrote them."""
    port = envoy.port("FAIL_OPEN")
    assert wire.post(port, REQUEST).status == 200
    panic(port, phase)
    upstream.clear()
    assert wire.post(port, REQUEST).status == 200
    assert upstream.only().json() == REQUEST
    assert envoy.alive()


@pytest.mark.parametrize("policy", POLICIES)
def test_a_trap_stays_in_its_vm(policy, envoy, upstream):
    """A filter with another `vm_id` in the same Envoy notices nothing."""
    panic(envoy.port(policy), "request_body")
    upstream.clear()
    assert wire.post(envoy.port("healthy"), REQUEST).status == 200
    assert upstream.only().json() == RENDERED


def test_the_shipped_filter_has_no_such_switch(envoy, upstream):
    assert panic(envoy.port("healthy"), "request_headers").status == 200
    assert panic(envoy.port("healthy"), "request_body").status == 200
    assert [record.json() for record in upstream.records] == [RENDERED, RENDERED]


def test_a_half_sent_request_does_not_hang(envoy, upstream):
    """A request that was waiting for its body when the VM was lost ends, at the latest by the idle timeout."""
    port = envoy.port("FAIL_RELOAD")
    body = wire.encode(REQUEST)
    with wire.Connection(port) as connection:
        before = envoy.counter("http.FAIL_RELOAD.downstream_cx_rx_bytes_total")
        start = wire.head(len(body)) + body[:10]
        connection.write(start)
        poll(lambda: envoy.counter("http.FAIL_RELOAD.downstream_cx_rx_bytes_total") >= before + len(start))
        assert panic(port, "request_headers").status == 503
        connection.write(body[10:])
        try:
            assert connection.response().status >= 400
        except ConnectionError:
            pass  # cut off is allowed; waiting for ever is not
    assert upstream.bodies == []
    poll(lambda: wire.post(port, REQUEST).status == 200, seconds=5)
