"""What operators see of `/responses` and `/messages`: headers, routes by model, filter state, metrics."""

import pytest

from support import wire
from support.bootstrap import Listener, route
from support.dialects import DIALECTS
from support.envoy import Envoy
from support.samples import plugin
from support.upstream import StandIn

HEADER = "x-promptgate-model"
FORWARD = plugin(policy={"unknown_prompt_object": "forward"})
SHOWN = ("x-promptgate-id", "x-promptgate-version", "x-promptgate-label")


@pytest.fixture(scope="module")
def servers(envoy_binary, wasm, standin):
    """A second upstream for the model `gpt-4`; counters of this Envoy start at zero."""
    unheld = {key: value for key, value in FORWARD.items() if key != "model_header"}
    routes = [route("gpt", headers={HEADER: "gpt-4"}), route("llm")]
    with StandIn() as gpt:
        with Envoy([Listener("held", FORWARD, routes=routes), Listener("unheld", unheld, held=False)],
                   {"llm": standin.port, "gpt": gpt.port}, binary=envoy_binary) as envoy:
            yield envoy, gpt


@pytest.fixture(params=list(DIALECTS))
def dialect(request):
    """Each of the two."""
    return DIALECTS[request.param]


@pytest.mark.parametrize("name, body, expected", [
    ("responses", {"prompt": {"id": "plain"}}, ("plain", "1", None)),
    ("responses", {"prompt": {"id": "pmpt_123"}}, ("support/triage", "1", None)),
    ("responses", {"prompt": {"id": "jack-sparrow", "version": "1"}}, ("jack-sparrow", "1", None)),
    ("responses", {"prompt_id": "jack-sparrow", "prompt_label": "production"}, ("jack-sparrow", "1", "production")),
    ("responses", {"prompt": {"id": "elsewhere"}}, (None, None, None)),
    ("responses", {"prompt": None}, (None, None, None)),
    ("messages", {"prompt_id": "jack-sparrow"}, ("jack-sparrow", "2", None)),
    ("messages", {}, (None, None, None)),
])
def test_response_headers(name, body, expected, mode, servers, upstream):
    envoy, _ = servers
    dialect = DIALECTS[name]
    answer = wire.post(envoy.port(mode), {**dialect.request, **body}, path=dialect.path)
    assert tuple(answer.header(header) for header in SHOWN) == expected


def test_the_model_decides_the_route(dialect, servers, upstream):
    envoy, gpt = servers
    gpt.clear()
    body = {**dialect.request, "prompt_id": "hello", "prompt_variables": {"user_message": "q"}}
    assert wire.post(envoy.port("held"), body, path=dialect.path).status == 200
    record = gpt.only()
    assert (record.json()["model"], record.header(HEADER)) == ("gpt-4", "gpt-4")
    assert upstream.records == []


def test_filter_state_in_the_access_log(dialect, mode, servers, upstream):
    envoy, _ = servers
    tag = f"{mode}-{dialect.path}"
    wire.post(envoy.port(mode), {**dialect.request, "prompt_id": "jack-sparrow"}, path=dialect.path,
              headers={"x-test-tag": tag})
    record, = envoy.access_records(tag)
    assert (record["prompt_id"], str(record["prompt_version"]), record["prompt_model"]) == ("jack-sparrow", "2", "m")


def test_no_filter_state_of_what_is_forwarded(mode, servers, upstream):
    envoy, _ = servers
    tag = f"{mode}-forwarded"
    wire.post(envoy.port(mode), {"prompt": {"id": "elsewhere"}}, path="/v1/responses", headers={"x-test-tag": tag})
    record, = envoy.access_records(tag)
    assert (record["prompt_id"], record["prompt_version"], record["prompt_model"]) == (None, None, None)


def test_requests_are_counted(dialect, mode, servers, upstream):
    """By outcome and by prompt; one that is forwarded has passed."""
    envoy, _ = servers

    def metrics() -> dict[str, int]:
        prefix = "wasmcustom.promptgate_"
        return {name.removeprefix(prefix): value
                for name, value in envoy.stats("^wasmcustom%5C.promptgate_.*requests").items()}

    before = metrics()
    for prompt_id in ("plain", "plain", "nope", "echo", None):
        wire.post(envoy.port(mode), {**dialect.request, "prompt_id": prompt_id}, path=dialect.path)
    if not dialect.anthropic:
        wire.post(envoy.port(mode), {"prompt": {"id": "elsewhere"}, "input": "x"}, path=dialect.path)
    grown = {name: value - before.get(name, 0) for name, value in metrics().items() if value != before.get(name, 0)}
    assert grown == {"requests.applied": 2, "requests.passed": 1 if dialect.anthropic else 2,
                     "requests.prompt_not_found": 1, "requests.missing_variable": 1,
                     "prompt_requests.plain": 2, "prompt_requests.echo": 1}
