"""Ids are a client's to choose: malformed ones reach no registry, and any number of others costs bounded memory."""

import os

import pytest

from support import h2client, wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.registry_gateway import SETTINGS, ask, plugin, request, source, text

MALFORMED = [
    "", ".", "..", "../x", "a/../b", "a/..", "/a", "a/", "a//b", "a b", "a%2fb", "%2e%2e/x", "a?b", "a#b", "a\\b",
    "a\0b", "a\nb", "a\r\nx: y", ".a", "a/.b", "é", "a" * 257, "a" * 10_240, "a:b", "a@b", "a&b=c", "*", "a;b",
    "..%00", "a/%2e%2e/b", "{{x}}", "a\u2044b",
]
FLOOD = 1_000_000 if os.environ.get("LONG") else 14_000
MIB = 1 << 20


class Everything(dict):
    """A repository that has every file."""

    def __contains__(self, _path) -> bool:
        return True

    def __getitem__(self, path: str) -> str:
        return text(path)


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin, registry_server):
    listeners = [Listener(provider, plugin(provider, timeout="1m")) for provider in SETTINGS]
    listeners += [Listener("unheld", plugin(timeout="1m"), held=False),
                  Listener("few", plugin(timeout="1m", cache={"entries": 100, "bytes": "64MiB"})),
                  Listener("small", plugin(timeout="1m", cache={"entries": 10_000, "bytes": "64KiB"}))]
    with Envoy(listeners, {"llm": standin.port, "registry": registry_server.port}, binary=envoy_binary) as running:
        yield running


@pytest.mark.parametrize("provider", [*SETTINGS, "unheld"])
def test_malformed_ids_reach_no_registry(provider, envoy, registry, upstream):
    if provider == "promptgate":  # its bundle is asked for by itself
        registry.publish({})
        poll(lambda: ask(envoy.port(provider), "nope").status == 404)
    registry.clear()
    for prompt_id in MALFORMED:
        assert ask(envoy.port(provider), prompt_id).error() == (400, "invalid_prompt_reference", "prompt_id")
        answer = wire.post(envoy.port(provider), {"prompt": {"id": prompt_id}}, path="/v1/responses")
        assert answer.error()[0] == 400
    assert [record.path for record in registry.records if record.path != "/bundle.json"] == []
    assert upstream.bodies == []


@pytest.mark.parametrize("fields, param", [
    ({"prompt_label": "../x"}, "prompt_label"),
    ({"prompt_label": "a?b"}, "prompt_label"),
    ({"prompt_label": "a/b"}, "prompt_label"),
    ({"prompt_environment": "a&b=c"}, "prompt_environment"),
    ({"prompt_version": "1/../2"}, "prompt_version"),
    ({"prompt_version": -1}, "prompt_version"),
])
def test_malformed_labels_and_versions(fields, param, envoy, registry):
    for provider in ("litellm", "generic", "langfuse"):
        answer = ask(envoy.port(provider), "hello", **fields)
        assert answer.error() == (400, "invalid_prompt_reference", param)
    assert [record.path for record in registry.records if record.path != "/bundle.json"] == []


def flood(envoy, listener: str, ids, statuses: set[int]) -> None:
    """Asks for each of these prompts, some hundred at once."""
    with h2client.H2Connection(envoy.port(listener), timeout=60) as connection:
        streams = []
        for prompt_id in ids:
            stream = connection.start()
            connection.data(stream, wire.encode(request(prompt_id)), end=True)
            streams.append(stream)
            if len(streams) == 200:
                assert {connection.response(stream).status for stream in streams} == statuses
                streams.clear()
        assert {connection.response(stream).status for stream in streams} <= statuses


def test_a_flood_of_unknown_ids(envoy, registry, upstream):
    """The table of what is not there has 10,000 places: more unknown ids than that take no more memory."""
    flood(envoy, "bitbucket", (f"unknown-{number}" for number in range(11_000)), {404})
    before = envoy.memory()
    flood(envoy, "bitbucket", (f"unknown-too-{number}" for number in range(FLOOD - 11_000)), {404})
    assert envoy.memory() < before * 1.05
    assert upstream.bodies == []
    assert envoy.counter("wasmcustom.promptgate_registry_cache_entries") <= 10_000


@pytest.mark.parametrize("listener, entries, size", [("few", 100, 64 * MIB), ("small", 10_000, 64 * 1024)])
def test_a_flood_of_prompts(listener, entries, size, envoy, registry, upstream):
    """What is kept stays within its bounds; the one that was used last is still there."""
    kept, registry.repository.files = registry.repository.files, Everything()
    try:
        flood(envoy, listener, (f"one-{number}" for number in range(1000)), {200})
        before = envoy.memory()
        flood(envoy, listener, (f"two-{number}" for number in range(2000)), {200})
        assert envoy.memory() < before * 1.05 + 8 * MIB
        # Of a flood's last ones any may have come last.
        assert ask(envoy.port(listener), "last").status == 200
        assert source(ask(envoy.port(listener), "last")) == "cache"
        assert source(ask(envoy.port(listener), "one-0")) == "fetch"
    finally:
        registry.repository.files = kept


def test_the_gauges_show_the_bounds(envoy_binary, wasm, registry, upstream):
    """In an Envoy of its own: gauges of one name belong to all plugins of a VM."""
    kept, registry.repository.files = registry.repository.files, Everything()
    try:
        listener = Listener("few", plugin(cache={"entries": 100, "bytes": "64KiB"}))
        with Envoy([listener], {"llm": upstream.port, "registry": registry.port}, binary=envoy_binary) as alone:
            flood(alone, "few", (f"p-{number}" for number in range(400)), {200})
            # Gauges are as of the last tick, and there may have been none during the flood.
            poll(lambda: alone.counter("wasmcustom.promptgate_registry_cache_entries") > 0)
            poll(lambda: alone.counter("wasmcustom.promptgate_registry_in_flight") == 0)
            assert alone.counter("wasmcustom.promptgate_registry_cache_entries") <= 100
            assert 0 < alone.counter("wasmcustom.promptgate_registry_cache_bytes") <= 64 * 1024
    finally:
        registry.repository.files = kept
