"""What a trap in the filter costs, under each failure policy. The fault is a build that panics when asked to."""

import pytest

from support import wire
from support.bootstrap import PANIC_WASM, Listener
from support.envoy import Envoy, poll

pytestmark = pytest.mark.every_envoy

PLUGIN = {"bundle": {"prompts": {"plain": "System: S"}}}
PHASES = ["request_headers", "request_body"]
REQUEST = {"model": "m", "prompt_id": "plain"}
RENDERED = {"model": "m", "messages": [{"role": "system", "content": "S"}]}


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin):
    """A listener for each policy, and another for each phase where the trap lasts.

    Plugins with one `vm_id` share a VM in each worker, so the names keep the traps apart.
    """
    if not PANIC_WASM.exists():
        pytest.fail(f"{PANIC_WASM} is missing: run `make wasm-inject-panic`", pytrace=False)
    policies = {"FAIL_RELOAD": "FAIL_RELOAD"}
    policies |= {f"{policy}-{phase}": policy for policy in ("FAIL_CLOSED", "FAIL_OPEN") for phase in PHASES}
    listeners = [Listener(name, PLUGIN, wasm=PANIC_WASM, vm_id=name, fail_policy=policy, stream_idle="2s")
                 for name, policy in policies.items()]
    with Envoy([*listeners, Listener("healthy", PLUGIN)], {"llm": standin.port}, binary=envoy_binary,
               expect_traps=True) as running:
        yield running


@pytest.fixture(autouse=True)
def others_go_on(envoy, upstream):
    """After each trap: Envoy lives, and a filter with another `vm_id` has noticed nothing."""
    yield
    assert envoy.alive()
    upstream.clear()
    assert wire.post(envoy.port("healthy"), REQUEST).status == 200
    assert upstream.only().json() == RENDERED


def panic(port: int, phase: str):
    """A request during which the filter panics."""
    return wire.post(port, REQUEST, headers={"x-promptgate-inject-panic": phase})


def recovers(port: int) -> None:
    """Within the backoff the prompts are served again."""
    poll(lambda: wire.post(port, REQUEST).status == 200, seconds=5)


@pytest.mark.parametrize("phase", PHASES)
def test_fail_reload_loses_one_request(phase, envoy, upstream):
    """503 for the one that hit it, and for others until the VM is loaded again."""
    port = envoy.port("FAIL_RELOAD")
    for _ in range(3):
        recovers(port)
        upstream.clear()
        assert panic(port, phase).status == 503
        assert upstream.records == []
        recovers(port)
        assert [record.json() for record in upstream.records] == [RENDERED]


def test_a_half_sent_request_does_not_hang(envoy, upstream):
    """A request that was waiting for its body when the VM was lost ends, at the latest by the idle timeout."""
    port = envoy.port("FAIL_RELOAD")
    recovers(port)
    upstream.clear()
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
    recovers(port)


@pytest.mark.parametrize("phase", PHASES)
def test_fail_closed_refuses_from_then_on(phase, envoy, upstream):
    port = envoy.port(f"FAIL_CLOSED-{phase}")
    assert wire.post(port, REQUEST).status == 200
    upstream.clear()
    assert panic(port, phase).status == 503
    assert [wire.post(port, REQUEST).status for _ in range(5)] == [503] * 5
    assert upstream.records == []


@pytest.mark.parametrize("phase", PHASES)
def test_fail_open_forwards_without_prompts(phase, envoy, upstream):
    """The reason why no example uses it: requests go upstream as the client wrote them."""
    port = envoy.port(f"FAIL_OPEN-{phase}")
    assert wire.post(port, REQUEST).status == 200
    panic(port, phase)
    upstream.clear()
    assert wire.post(port, REQUEST).status == 200
    assert upstream.only().json() == REQUEST


@pytest.mark.parametrize("phase", PHASES)
def test_the_shipped_filter_has_no_such_switch(phase, envoy, upstream):
    assert panic(envoy.port("healthy"), phase).status == 200
    assert upstream.only().json() == RENDERED
