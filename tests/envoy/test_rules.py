"""Rules: the first that matches route, host and path overrides policy, default label, models and aliases."""

import pytest

from support import wire
from support.bootstrap import Listener, route
from support.envoy import Envoy

PLUGIN = {
    "bundle": {"prompts": {
        "team-a/x": "System: a", "team-b/x": "System: b",
        "shared": {"labels": {"production": 1, "canary": 2}, "versions": {"1": "System: one", "2": "System: two"}},
    }},
    "default_label": "production",
    "rules": [
        {"match": {"route": "team-a"}, "policy": {"allow": ["team-a/*"]}},
        {"match": {"host": "*.canary.test"}, "default_label": "canary"},
        {"match": {"path_prefix": "/b", "host": "b.test"}, "policy": {"allow": ["team-b/*"]},
         "aliases": {"mine": "team-b/x"}, "models": {"bound": {"prompt_id": "team-b/x"}}},
        {"match": {"path_prefix": "/strict"}, "policy": {"require_prompt": True}},
    ],
}
ROUTES = [route("llm", "/a", "team-a"), route("llm", name="default")]


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin):
    listeners = [Listener("held", PLUGIN, routes=ROUTES), Listener("unheld", PLUGIN, held=False, routes=ROUTES)]
    with Envoy(listeners, {"llm": standin.port}, binary=envoy_binary) as running:
        yield running


@pytest.mark.parametrize("path, host, body, expected", [
    ("/a", "x.test", {"prompt_id": "team-a/x"}, "a"),
    ("/a", "x.test", {"prompt_id": "team-b/x"}, (403, "prompt_not_allowed")),
    ("/a", "x.test", {"prompt_id": "shared"}, (403, "prompt_not_allowed")),
    ("", "x.test", {"prompt_id": "team-b/x"}, "b"),
    ("", "x.test", {"prompt_id": "shared"}, "one"),
    ("", "eu.canary.test", {"prompt_id": "shared"}, "two"),
    ("", "eu.canary.test", {"prompt_id": "shared", "prompt_version": 1}, "one"),
    ("/a", "eu.canary.test", {"prompt_id": "shared"}, (403, "prompt_not_allowed")),
    ("/b", "b.test", {"prompt_id": "mine"}, "b"),
    ("/b", "b.test", {"model": "bound"}, "b"),
    ("/b", "c.test", {"prompt_id": "mine"}, (404, "prompt_not_found")),
    ("", "b.test", {"prompt_id": "mine"}, (404, "prompt_not_found")),
    ("/strict", "x.test", {"model": "m"}, (403, "prompt_required")),
    ("", "x.test", {"model": "m"}, None),
])
def test_a_rule(path, host, body, expected, mode, envoy, upstream):
    answer = wire.post(envoy.port(mode), body, path=f"{path}/v1/chat/completions", headers={"host": host})
    if isinstance(expected, tuple):
        assert answer.error()[:2] == expected
        return
    assert answer.status == 200, answer.body
    messages = upstream.only().json().get("messages")
    assert messages == (expected and [{"role": "system", "content": expected}])
