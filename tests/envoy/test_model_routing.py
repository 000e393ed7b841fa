"""The resolved model chooses the route, and a client chooses the model only where `policy.models` lets it."""

import pytest

from support import wire
from support.bootstrap import TYPE, Listener, denied, route
from support.envoy import Envoy
from support.upstream import StandIn

pytestmark = pytest.mark.every_envoy

HEADER = "x-promptgate-model"
TWO_LINES = "gpt-4\r\nx-injected: 1"
PROMPTS = {
    "fixed": "---\nmodel: gpt-4\n---\nUser: q",
    "forbidden": "---\nmodel: o1-pro\n---\nUser: q",
    "chosen": "---\nmodel: \"{{ m }}\"\n---\nUser: q",
    "none": "User: q",
    "odd": "---\nmodel: \"gpt-4\\r\\nx-injected: 1\"\n---\nUser: q",
}
PLUGIN = {"bundle": {"prompts": PROMPTS}, "model_header": HEADER,
          "models": {"bound": {"prompt_id": "none", "model": "gpt-4"}}}
ROUTES = [route("gpt", headers={HEADER: "gpt-4"}), route("mini", headers={HEADER: "gpt-4o-mini"}),
          denied(403, headers={HEADER: "o1-pro"}), route("llm")]
# An authorisation filter that stands after promptgate sees the model that was resolved.
RBAC = {
    "name": "envoy.filters.http.rbac",
    "typed_config": {
        "@type": TYPE + "envoy.extensions.filters.http.rbac.v3.RBAC",
        "rules": {"action": "DENY", "policies": {"no-o1": {
            "permissions": [{"header": {"name": HEADER, "string_match": {"prefix": "o1"}}}],
            "principals": [{"any": True}]}}},
    },
}


@pytest.fixture(scope="module")
def gateways(envoy_binary, wasm, standin):
    """Three upstreams; listeners with and without `policy.models`, and one with authorisation behind the filter."""
    listed = {**PLUGIN, "policy": {"models": ["gpt-4*"]}}
    listeners = [
        Listener("open", PLUGIN, routes=ROUTES),
        Listener("listed", listed, routes=ROUTES),
        Listener("rbac", PLUGIN, routes=[route("llm")], filters_after=[RBAC]),
    ]
    with StandIn() as gpt, StandIn() as mini:
        with Envoy(listeners, {"llm": standin.port, "gpt": gpt.port, "mini": mini.port},
                   binary=envoy_binary) as envoy:
            yield envoy, {"gpt": gpt, "mini": mini, "llm": standin}


@pytest.fixture
def send(gateways):
    """Sends a request; returns its status, the cluster that got it (or None) and what it received."""
    envoy, servers = gateways

    def run(listener: str, body: dict, **request):
        for server in servers.values():
            server.clear()
        answer = wire.post(envoy.port(listener), body, **request)
        got = {name: server.records for name, server in servers.items() if server.records}
        assert len(got) <= 1
        name, records = next(iter(got.items()), (None, [None]))
        return answer, name, records[0]

    return run


@pytest.mark.parametrize("body, cluster, model", [
    ({"model": "m", "prompt_id": "fixed"}, "gpt", "gpt-4"),
    ({"model": "bound"}, "gpt", "gpt-4"),
    ({"model": "gpt-4o-mini", "prompt_id": "none"}, "mini", "gpt-4o-mini"),
    ({"model": "dotprompt/gpt-4", "prompt_id": "none"}, "gpt", "gpt-4"),
    ({"model": "other", "prompt_id": "none"}, "llm", "other"),
])
def test_the_resolved_model_chooses_the_cluster(body, cluster, model, send):
    answer, name, record = send("open", body)
    assert (answer.status, name) == (200, cluster)
    assert record.header(HEADER) == model and record.json()["model"] == model
    assert record.header("content-length") == str(len(record.body))


def test_a_denied_route_stays_denied(send):
    answer, name, _ = send("open", {"model": "gpt-4", "prompt_id": "forbidden"})
    assert (answer.status, answer.body, name) == (403, b"denied by route", None)


def test_authorisation_behind_the_filter_sees_the_resolved_model(send):
    answer, name, _ = send("rbac", {"model": "gpt-4", "prompt_id": "forbidden"})
    assert (answer.status, name) == (403, None)
    answer, name, _ = send("rbac", {"model": "o1-pro", "prompt_id": "fixed"})
    assert (answer.status, name) == (200, "llm")


@pytest.mark.parametrize("forged", ["gpt-4", "gpt-4o-mini", "o1-pro"])
def test_a_forged_header_chooses_nothing(forged, send):
    answer, name, record = send("open", {"model": "other", "prompt_id": "none"}, headers={HEADER: forged})
    assert (answer.status, name) == (200, "llm")
    assert [value for key, value in record.headers if key.lower() == HEADER] == ["other"]


@pytest.mark.parametrize("forged", ["gpt-4", "o1-pro"])
def test_a_forged_header_on_a_request_without_a_prompt(forged, send):
    """Such a request has no resolved model; the client's header is gone all the same."""
    answer, name, record = send("open", {"model": "other"}, headers={HEADER: forged})
    assert (answer.status, name) == (200, "llm")
    assert record.header(HEADER) is None


@pytest.mark.parametrize("model", ["gpt-4", "gpt-4o-mini"])
def test_a_variable_changes_the_body_and_never_the_route(model, send):
    """Without `policy.models` a model out of a template is the client's word."""
    answer, name, record = send("open", {"prompt_id": "chosen", "prompt_variables": {"m": model}})
    assert (answer.status, name) == (200, "llm")
    assert record.json()["model"] == model and record.header(HEADER) is None


@pytest.mark.parametrize("model, cluster", [("gpt-4", "gpt"), ("gpt-4o-mini", "mini"), ("gpt-4-turbo", "llm")])
def test_a_variable_chooses_among_the_models_that_the_policy_names(model, cluster, send):
    answer, name, record = send("listed", {"prompt_id": "chosen", "prompt_variables": {"m": model}})
    assert (answer.status, name, record.header(HEADER)) == (200, cluster, model)


@pytest.mark.parametrize("model", ["o1-pro", "GPT-4", "xgpt-4", "gpt-"])
def test_a_variable_cannot_choose_another_model(model, send):
    answer, name, _ = send("listed", {"prompt_id": "chosen", "prompt_variables": {"m": model}})
    assert (answer.error(), name) == ((403, "model_not_allowed", "model"), None)


def test_a_model_with_a_line_break_injects_no_header(send):
    """A prompt whose model is no single line is the author's mistake."""
    answer, name, _ = send("open", {"prompt_id": "odd"})
    assert (answer.error(), name) == ((422, "prompt_render_failed", None), None)


@pytest.mark.parametrize("listener", ["open", "listed"])
@pytest.mark.parametrize("model", [TWO_LINES, "gpt-4\x00", "gpt-4" + "x" * 252])
def test_a_variable_that_makes_no_model_is_refused(model, listener, send):
    """Whether the policy names models or not: the pattern `gpt-4*` would match all of these."""
    answer, name, _ = send(listener, {"prompt_id": "chosen", "prompt_variables": {"m": model}})
    assert (answer.error(), name) == ((403, "model_not_allowed", "model"), None)


@pytest.mark.parametrize("model", [TWO_LINES, "gpt-4\x00", "gpt-ü", "gpt 4", "gpt-4" + "x" * 252])
def test_an_odd_model_of_the_client_stays_in_the_body(model, send):
    answer, name, record = send("open", {"model": model, "prompt_id": "none"})
    assert (answer.status, name) == (200, "llm")
    assert record.json()["model"] == model
    assert record.header(HEADER) is None and record.header("x-injected") is None
