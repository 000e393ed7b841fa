"""What operators see of a registry: metrics, log lines, the access log; and what must never be in them."""

import time

import pytest

from support import registry_faults as faults
from support import wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.registry_gateway import ask, path, plugin, request, text

TOKEN = "canary-token-5f00"
INLINE = "canary-inline-77c1"
INJECTED = "canary-injected-d20e"
TEMPLATE = "canary-template-18aa"
VALUE = "canary-value-40b2"
MESSAGE = "canary-message-93d4"
CLIENT_SECRET = "canary-client-secret-0c3d"
SECRETS = [TOKEN, INLINE, INJECTED, TEMPLATE, VALUE, MESSAGE, CLIENT_SECRET, faults.CANARY]

PREFIX = "wasmcustom.promptgate_registry"


@pytest.fixture
def metered(envoy_binary, wasm, registry, upstream):
    """An Envoy with one registry and counters that begin at zero."""
    listener = Listener("metered", plugin(refresh="1s", not_found="0s"))
    with Envoy([listener], {"llm": upstream.port, "registry": registry.port}, binary=envoy_binary) as envoy:
        yield envoy


def test_metrics(metered, registry):
    """Requests by how their prompt was found, fetches by how they ended, and what is kept."""
    port = metered.port("metered")
    registry.repository.files["p.prompt"] = text("first")
    assert ask(port, "p").status == 200
    poll(lambda: ask(port, "p").status == 200 and metered.counter(f"{PREFIX}.hits"))
    assert ask(port, "unknown").status == 404
    poll(lambda: metered.counter(f"{PREFIX}.stale_hits") or ask(port, "p").status != 200)
    poll(lambda: metered.counter(f"{PREFIX}_fetches.not_modified") == 1)
    registry.fault = faults.answers(500)
    assert ask(port, "failing").status == 503
    stats = metered.stats("^wasmcustom.promptgate_reg")
    assert stats[f"{PREFIX}.misses"] == 3
    assert stats[f"{PREFIX}.hits"] >= 1
    assert stats[f"{PREFIX}.stale_hits"] >= 1
    assert {name: stats[f"{PREFIX}_fetches.{name}"] for name in ("fetched", "not_found", "not_modified")} == {
        "fetched": 1, "not_found": 1, "not_modified": 1}
    assert stats[f"{PREFIX}_fetches.unavailable"] >= 1
    assert stats[f"{PREFIX}_cache_entries"] == 1
    assert 0 < stats[f"{PREFIX}_cache_bytes"] < 2000
    poll(lambda: metered.counter(f"{PREFIX}_in_flight") == 0)
    # Ids that nobody knows are no metric's name.
    assert "unknown" not in metered.prometheus("promptgate_")


def test_metrics_of_failures(metered, registry):
    for outcome, fault in {
        "unauthorized": faults.answers(401), "rate_limited": faults.answers(429, retry_after="0"),
        "unavailable": faults.resets, "unexpected": faults.answers(418), "redirect": faults.REDIRECT,
        "malformed": faults.PAGE,
        "too_large": faults.answers(200, b"x" * (300 << 10)),
    }.items():
        registry.fault = fault
        assert ask(metered.port("metered"), f"p-{outcome}").status == 503
        assert metered.counter(f"{PREFIX}_fetches.{outcome}") == 1


def test_a_line_for_each_change_and_none_for_each_request(metered, registry):
    port = metered.port("metered")
    registry.repository.files |= {f"p{number}.prompt": text("t") for number in range(20)}
    logged = len(metered.log_text())

    def lines() -> list[str]:
        return [line for line in metered.log_text()[logged:].splitlines() if "wasm log" in line]

    registry.fault = faults.answers(500)
    for number in range(10):
        assert ask(port, f"p{number}").status == 503
    assert len(lines()) == 1 and "fails (status 500)" in lines()[0]
    registry.fault = faults.PAGE
    for number in range(10, 12):
        assert ask(port, f"p{number}").status == 503
    assert len(lines()) == 2
    registry.heal()
    for number in range(12, 20):
        assert ask(port, f"p{number}").status == 200
    assert len(lines()) == 3 and "answers again" in lines()[2]


def test_the_access_log(metered, registry):
    """A prompt that had to be waited for is named like any other."""
    registry.repository.files["p.v3.prompt"] = text("third")
    body = request("p", prompt_version=3)
    assert wire.post(metered.port("metered"), body, headers={"x-test-tag": "fetched"}).status == 200
    record = metered.access_records("fetched")[0]
    assert (record["prompt_id"], record["prompt_version"], record["prompt_model"]) == ("p", "3", "gpt-4")


@pytest.fixture(scope="module")
def secretive(envoy_binary, wasm, standin, registry_server):
    """Every way to give a credential, and logs as chatty as they get."""
    others = {"environment": {"access_token": "os.environ/REGISTRY_TOKEN"}, "inline": {"access_token": INLINE},
              "injected": {"cluster": "injected"}}
    listeners = []
    for name, settings in others.items():
        for mode, held in {"held": True, "unheld": False}.items():
            listeners.append(Listener(f"{name}-{mode}", plugin(timeout="1s", not_found="0s", **settings), held,
                                      environment={"REGISTRY_TOKEN": TOKEN}))
    clusters = {"llm": standin.port, "registry": registry_server.port, "injected": registry_server.port}
    with Envoy(listeners, clusters, binary=envoy_binary, injected={"injected": f"Bearer {INJECTED}"},
               wasm_log_level="trace") as envoy:
        yield envoy


FAULTS = {"well": None, "401": faults.answers(401), "403": faults.answers(403), "500": faults.answers(500),
          "redirect": faults.REDIRECT, "garbage": faults.GARBAGE, "page": faults.PAGE, "not-http": faults.NOT_HTTP,
          "truncated": faults.TRUNCATED, "reset": faults.resets, "silent": faults.stays_silent,
          "moved": faults.answers(301, location=f"https://user:{faults.CANARY}@elsewhere.test/x?t={faults.CANARY}"),
          "other-prompt": faults.answers(200, f"---\nmodel: [{faults.CANARY}\n---\nx".encode())}


@pytest.mark.parametrize("name", list(FAULTS))
@pytest.mark.parametrize("credential", ["environment", "inline", "injected"])
def test_secrets_stay_where_they_are(name, credential, secretive, mode, registry, upstream, fresh_id):
    """In no answer, no log, no metric, no header; upstream sees what it should and no credential of the registry."""
    registry.repository.files[f"{fresh_id}.prompt"] = f"System: {TEMPLATE}\n\nUser: {{{{ x }}}}"
    registry.fault = FAULTS[name]
    body = request(fresh_id, VALUE, messages=[{"role": "user", "content": MESSAGE}])
    answer = wire.post(secretive.port(f"{credential}-{mode}"), body,
                       headers={"authorization": f"Bearer {CLIENT_SECRET}"})
    assert answer.status == {"well": 200, "other-prompt": 422}.get(name, 503)
    told = answer.body.decode() + repr(answer.headers) + secretive.log_text()
    assert [secret for secret in SECRETS if secret in told] == []
    sent = {"environment": TOKEN, "inline": INLINE, "injected": INJECTED}[credential]
    assert registry.records[0].path == path(fresh_id)
    assert registry.records[0].header("authorization") == f"Bearer {sent}"
    seen = repr([record.headers for record in upstream.records])
    assert [secret for secret in (TOKEN, INLINE, INJECTED) if secret in seen] == []
    assert not any(CLIENT_SECRET in repr(record.headers) for record in registry.records)


def test_secrets_are_no_metrics(secretive, registry):
    shown = secretive.prometheus("promptgate_")
    assert shown and [secret for secret in SECRETS if secret in shown] == []


def test_a_secret_in_the_configuration_is_warned_of(secretive, metered):
    def warned(envoy) -> bool:
        return "configuration: registry.access_token" in envoy.log_text()

    assert warned(secretive) and not warned(metered)


def test_a_plugin_of_the_same_machine_ends(envoy_binary, wasm, registry, upstream):
    """The one that stays goes on to fetch at once, and does not wait until its timer comes round every second."""
    names = [f"p{number}" for number in range(8)]
    registry.repository.files = {f"{name}.prompt": text(name) for name in names}
    stays, ends = Listener("stays", plugin()), Listener("ends", plugin(timeout="7s"))
    with Envoy([stays, ends], {"llm": upstream.port, "registry": registry.port}, binary=envoy_binary, lds=True,
               drain_seconds=1) as envoy:
        port = envoy.port("stays")
        envoy.push_listeners([stays], "2")
        poll(lambda: envoy.counter("listener_manager.listener_removed") == 1)
        poll(lambda: envoy.counter("listener_manager.total_listeners_draining") == 0)
        begun = time.monotonic()
        assert {ask(port, name).status for name in names} == {200}
        assert time.monotonic() - begun < len(names) / 2


def test_a_variable_that_is_not_set(envoy_binary, wasm, standin):
    """A configuration that names it is refused, and the log says which one it is."""
    listener = Listener("unset", plugin(access_token="os.environ/NOT_SET"), vm_id="unset")
    with Envoy([listener], {"llm": standin.port, "registry": None}, binary=envoy_binary, check=False) as envoy:
        assert not envoy.alive()
        assert "NOT_SET" in envoy.log_text() and "registry.access_token" in envoy.log_text()
