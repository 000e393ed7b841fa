"""Rules: the first that matches route, host and path overrides policy, default label, models and aliases."""

import pytest

from support import wire
from support.bootstrap import Listener, route, switched_off
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
        {"match": {"path_prefix": "/team-a"}, "policy": {"allow": ["team-a/*"]}},
        {"match": {"path_prefix": "/strict"}, "policy": {"require_prompt": True}},
    ],
}
NOT_ALLOWED = (403, "prompt_not_allowed", "prompt_id")
NOT_FOUND = (404, "prompt_not_found", "prompt_id")
ROUTES = [route("llm", "/a", "team-a"), switched_off(route("llm", "/off")), route("llm", name="default")]


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin):
    listeners = [Listener("held", PLUGIN, routes=ROUTES), Listener("unheld", PLUGIN, held=False, routes=ROUTES)]
    with Envoy(listeners, {"llm": standin.port}, binary=envoy_binary) as running:
        yield running


@pytest.mark.parametrize("path, host, body, expected", [
    ("/a", "x.test", {"prompt_id": "team-a/x"}, "a"),
    ("/a", "x.test", {"prompt_id": "team-b/x"}, NOT_ALLOWED),
    ("/a", "x.test", {"prompt_id": "shared"}, NOT_ALLOWED),
    ("", "x.test", {"prompt_id": "team-b/x"}, "b"),
    ("", "x.test", {"prompt_id": "shared"}, "one"),
    ("", "eu.canary.test", {"prompt_id": "shared"}, "two"),
    ("", "eu.canary.test", {"prompt_id": "shared", "prompt_version": 1}, "one"),
    ("/a", "eu.canary.test", {"prompt_id": "shared"}, NOT_ALLOWED),
    ("/b", "b.test", {"prompt_id": "mine"}, "b"),
    ("/b", "b.test", {"model": "bound"}, "b"),
    ("/b", "c.test", {"prompt_id": "mine"}, NOT_FOUND),
    ("", "b.test", {"prompt_id": "mine"}, NOT_FOUND),
    ("/strict", "x.test", {"model": "m"}, (403, "prompt_required", "prompt_id")),
    ("", "x.test", {"model": "m"}, None),
])
def test_a_rule(path, host, body, expected, mode, envoy, upstream):
    answer = wire.post(envoy.port(mode), body, path=f"{path}/v1/chat/completions", headers={"host": host})
    if isinstance(expected, tuple):
        assert answer.error() == expected
        return
    assert answer.status == 200, answer.body
    messages = upstream.only().json().get("messages")
    assert messages == (expected and [{"role": "system", "content": expected}])


@pytest.mark.parametrize("prefix", ["/team-a", "/%74eam-a", "/team%2Da", "/team%2da", "/%74%65%61%6D%2D%61"])
def test_an_encoded_path_is_no_way_around_a_rule(prefix, mode, envoy, upstream):
    """Upstream may read such a path as the one that the rule names."""
    path = f"{prefix}/v1/chat/completions"
    assert wire.post(envoy.port(mode), {"prompt_id": "team-b/x"}, path=path).error() == NOT_ALLOWED
    assert upstream.bodies == []
    assert wire.post(envoy.port(mode), {"prompt_id": "team-a/x"}, path=path).status == 200
    assert len(upstream.bodies) == 1 and upstream.records[-1].path == path


def test_a_route_may_switch_the_filter_off(mode, envoy, upstream):
    """Envoy's own switch: whatever a request says there is the upstream's business."""
    body = b'{"prompt_id": "team-b/x", "prompt_variables": 1}'
    answer = wire.post(envoy.port(mode), body, path="/off/v1/chat/completions", headers={"x-promptgate-model": "m"})
    assert answer.status == 200
    assert bytes(upstream.only().body) == body
    assert ("x-promptgate-model", "m") in upstream.only().headers
