"""A registry that fails in every way: 503 within the deadline where nothing is kept, else what is kept."""

import time

import pytest

from support import registry_faults as faults
from support import wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.load import Load
from support.registry_gateway import ask, path, plugin, source, text

TIMEOUT = 1
DEADLINE = TIMEOUT + 1.5
"""The timeout, and time for a machine that does other things, too; in seconds."""
TRIES = 3
MIB = 1 << 20

FAULTS = {
    "silent": (faults.stays_silent, "does not answer in time"),
    "stops-midway": (faults.stops_midway, "no whole answer"),
    "reset": (faults.resets, "is unavailable"),
    "reset-midway": (faults.resets_midway, "no whole answer"),
    "closed": (faults.CLOSED, "is unavailable"),
    "not-http": (faults.NOT_HTTP, "fails (status 502)"),
    "truncated": (faults.TRUNCATED, "no whole answer"),
    "40-mib": (faults.large(), "no whole answer"),
    "40-mib-chunked": (faults.large(chunked=True), "no whole answer"),
    "20-mib": (faults.large(20 * MIB), "too large"),
    "300-kib": (faults.answers(200, faults.PROMPT * 8000), "too large"),
    "garbage": (faults.GARBAGE, "in UTF-8"),
    "empty": (faults.EMPTY, "not empty"),
    "page": (faults.PAGE, "not a page for a browser"),
    "json": (faults.answers(200, b'{"type": "commit_directory"}', content_type="application/json"), "not a folder"),
    "compressed": (faults.COMPRESSED, "not compressed"),
    "redirect": (faults.REDIRECT, "redirects"),
    "204": (faults.answers(204), "status 204"),
    "304": (faults.answers(304), "expected a prompt, as none is kept"),
    "401": (faults.answers(401), "refuses the credentials (status 401)"),
    "403": (faults.answers(403), "refuses the credentials (status 403)"),
    "418": (faults.answers(418), "status 418"),
    "429": (faults.answers(429, retry_after="0"), "asked too often"),
    "500": (faults.answers(500), "fails (status 500)"),
    "502": (faults.answers(502), "fails (status 502)"),
    "503": (faults.answers(503), "is unavailable"),
}
"""What the registry does, and what the log says about it."""

ONE_PROMPT = {"20-mib", "300-kib", "garbage", "empty", "page", "json", "compressed", "304"}
"""What may be wrong with one prompt only. It does not make a registry one that fails, and is logged once."""


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin, registry_server):
    quick = plugin(timeout=f"{TIMEOUT}s", refresh="1s")
    listeners = []
    for mode, held in {"held": True, "unheld": False}.items():
        listeners += [
            Listener(mode, quick, held),
            Listener(f"{mode}-unknown-cluster", plugin(cluster="nowhere", timeout="1m"), held),
            Listener(f"{mode}-no-hosts", plugin(cluster="deserted", timeout="1m"), held),
            Listener(f"{mode}-promptgate-no-hosts", plugin("promptgate", cluster="deserted", timeout="1m"), held),
            Listener(f"{mode}-limited", plugin(refresh="1s", authority=f"{mode}.limited.test"), held),
        ]
    with Envoy(listeners, {"llm": standin.port, "registry": registry_server.port, "deserted": None},
               binary=envoy_binary) as running:
        yield running


def unavailable(answer: wire.Response) -> bool:
    """Whether this is the answer for a prompt that can't be had now, with nothing of the registry's in it."""
    return (answer.error() == (503, "prompt_unavailable", "prompt_id")
            and answer.json()["error"]["type"] == "server_error"
            and faults.CANARY.encode() not in answer.body)


def unavailable_within(seconds: float, port: int, prompt_id: str) -> None:
    """Asserts that a prompt can't be had, and that this is said in time. A machine that runs tests may pause by itself,
    but not each time: then another prompt is asked for."""
    took = []
    while not took or took[-1] >= seconds and len(took) < TRIES:
        began = time.monotonic()
        answer = ask(port, f"{prompt_id}-{len(took)}")
        took.append(time.monotonic() - began)
        assert unavailable(answer), answer
    assert took[-1] < seconds, took


def new_lines(envoy, before: int) -> str:
    """What the filter has logged since."""
    return "\n".join(line for line in envoy.log_text()[before:].splitlines() if "wasm log" in line)


@pytest.mark.every_envoy
@pytest.mark.parametrize("name", list(FAULTS))
def test_a_prompt_that_is_not_kept(name, envoy, mode, registry, upstream, fresh_id):
    """503 at the deadline at the latest; the log says where to look; the next prompt is served."""
    fault, reason = FAULTS[name]
    port = envoy.port(mode)
    registry.repository.files = {
        f"{fresh_id}-{end}.prompt": text("t") for end in ("before", *range(TRIES), "next")}
    assert ask(port, f"{fresh_id}-before").status == 200
    logged = len(envoy.log_text())
    upstream.clear()
    registry.fault = fault
    unavailable_within(DEADLINE, port, fresh_id)
    told = envoy.log_text() if name in ONE_PROMPT else new_lines(envoy, logged)
    assert [line for line in told.splitlines() if "registry: " in line and reason in line]
    assert faults.CANARY not in envoy.log_text()
    assert upstream.bodies == []
    registry.heal()
    assert ask(port, f"{fresh_id}-next").status == 200
    assert ("registry: answers again" in new_lines(envoy, logged)) == (name not in ONE_PROMPT)


@pytest.mark.every_envoy
def test_nobody_listens(envoy, mode, registry, upstream, fresh_id):
    registry.repository.files[f"{fresh_id}.prompt"] = text("first")
    registry.go_away()
    try:
        assert unavailable(ask(envoy.port(mode), fresh_id))
    finally:
        registry.come_back()
    assert upstream.bodies == []
    assert poll(lambda: ask(envoy.port(mode), fresh_id).status == 200)


@pytest.mark.every_envoy
@pytest.mark.parametrize("listener", ["unknown-cluster", "no-hosts", "promptgate-no-hosts"])
def test_a_cluster_that_leads_nowhere(listener, envoy, mode, upstream, fresh_id):
    """503 at once, each time."""
    port = envoy.port(f"{mode}-{listener}")
    for number in range(5):
        unavailable_within(1, port, f"{fresh_id}-{number}")
    assert upstream.bodies == []


def test_prompts_that_are_kept(envoy, registry, upstream):
    """While the registry fails, each in its own way, what is kept serves on; once it is well there is news."""
    port = envoy.port("held")
    ids = {name: f"kept-{name}" for name in FAULTS if name != "304"}
    registry.repository.files = {f"{prompt_id}.prompt": text("kept") for prompt_id in ids.values()}
    for prompt_id in ids.values():
        assert source(ask(port, prompt_id)) == "fetch"
    registry.clear()
    registry.fault = faults.by_path({path(prompt_id): FAULTS[name][0] for name, prompt_id in ids.items()})

    def all_failed_twice() -> bool:
        answers = [ask(port, prompt_id) for prompt_id in ids.values()]
        assert {answer.status for answer in answers} == {200}
        return all(registry.asked(path(prompt_id)) >= 2 for prompt_id in ids.values())

    poll(all_failed_twice, 30)
    assert {source(ask(port, prompt_id)) for prompt_id in ids.values()} == {"stale"}
    assert faults.CANARY not in envoy.log_text()
    registry.repository.files = {f"{prompt_id}.prompt": text("news") for prompt_id in ids.values()}
    registry.heal()
    fresh = set()

    def all_have_been_fresh() -> bool:
        fresh.update(prompt_id for prompt_id in ids.values() if source(ask(port, prompt_id)) == "cache")
        return fresh == set(ids.values())

    poll(all_have_been_fresh, 30)
    upstream.clear()
    for prompt_id in ids.values():
        ask(port, prompt_id)
    assert {record.json()["messages"][0]["content"] for record in upstream.finished} == {"news"}


@pytest.mark.parametrize("listener, seconds", [("held-limited", "3600"), ("unheld-limited", "60")])
def test_a_registry_that_wants_silence(listener, seconds, envoy, registry, fresh_id):
    """429 holds for all prompts, for as long as it says: what is kept serves on, nothing is asked."""
    port = envoy.port(listener)
    registry.repository.files = {f"{fresh_id}-{number}.prompt": text("t") for number in range(3)}
    assert ask(port, f"{fresh_id}-0").status == 200
    registry.fault = faults.answers(429, retry_after=seconds)
    assert unavailable(ask(port, f"{fresh_id}-1"))
    registry.heal()
    assert unavailable(ask(port, f"{fresh_id}-2"))
    poll(lambda: source(ask(port, f"{fresh_id}-0")) == "stale")
    assert ask(port, f"{fresh_id}-0").status == 200
    authority = f"{listener.replace('-', '.')}.test"
    assert not any(record.header("host") == authority for record in registry.records)


def test_memory(envoy, registry, fresh_id):
    """Large answers cost what one of them takes, however many come."""
    port = envoy.port("held")
    for fault in (faults.large(), faults.large(20 * MIB), faults.large(chunked=True)):
        registry.fault = fault
        sizes = []
        for number in range(8):
            assert unavailable(ask(port, f"{fresh_id}-{number}-{len(sizes)}-{id(fault)}"))
            sizes.append(envoy.memory())
        assert sizes[-1] - sizes[1] < 16 * MIB
        assert sizes[-1] < 512 * MIB


def test_flapping_under_load(envoy_binary, wasm, registry, upstream):
    """A registry that is well only now and then: nobody notices, and it is asked for a prompt once at a time."""
    ids = [f"flapping-{number}" for number in range(6)]
    registry.repository.files = {f"{prompt_id}.prompt": text(prompt_id) for prompt_id in ids}
    workers = 2

    def kept(prompt_id: str) -> int:
        """How many workers have it; a worker that does asks whether there is another one."""
        return sum(record.path == path(prompt_id) and not record.header("if-none-match")
                   for record in registry.records)

    with Envoy([Listener("flapping", plugin(refresh="1s"))], {"llm": upstream.port, "registry": registry.port},
               binary=envoy_binary, concurrency=workers) as envoy:
        port = envoy.port("flapping")
        # Both workers have every prompt before the first fault; which of them takes a connection is up to the kernel.
        for prompt_id in ids:
            poll(lambda: ask(port, prompt_id).status == 200 and kept(prompt_id) >= workers, every=0)
        registry.clear()
        kinds = [faults.resets, None, faults.TRUNCATED, faults.answers(500), faults.GARBAGE, None, faults.CLOSED,
                 faults.answers(429, retry_after="0"), faults.PAGE]
        registry.fail(kinds * 1000)
        loads = [Load(port, prompt_id, threads=2) for prompt_id in ids]
        for load in loads:
            load.__enter__()
        try:
            registry.wait_until_asked(times=len(kinds) * 4, seconds=60)
        finally:
            for load in loads:
                load.__exit__()
        assert [failure for load in loads for failure in load.failures] == []
        assert all(load.answered for load in loads)
        assert max(registry.most_at_once().values()) <= workers
        assert envoy.alive() and envoy.traps() == 0
