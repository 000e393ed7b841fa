"""What operators see: response headers, filter state in the access log, metrics."""

import hashlib
import json

import pytest

from support import wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.samples import plugin

MANY = {f"p{number}": "User: q" for number in range(300)}
REVISION = hashlib.sha256(json.dumps(MANY, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
LABELLED = {"prompt_id": "jack-sparrow", "prompt_label": "production", "model": "m"}
HEADERS = ("x-promptgate-id", "x-promptgate-version", "x-promptgate-label")


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin):
    """Its own Envoy, so that counters start at zero."""
    many = {"bundle": {"prompts": MANY, "revision": f"sha256:{REVISION}"}}
    unheld = plugin(debug_headers=True)
    del unheld["model_header"]
    listeners = [
        Listener("held", plugin()), Listener("unheld", unheld, held=False),
        Listener("silent", plugin(response_headers=False)),
        Listener("faulty", {"bundle": {"prompts": {"faulty": "System: s\nUser: u\n{{ 1 // 0 }}"}}}),
        Listener("many", many),
    ]
    with Envoy(listeners, {"llm": standin.port}, binary=envoy_binary) as running:
        yield running


def shown(answer) -> tuple:
    return tuple(answer.header(name) for name in HEADERS)


@pytest.mark.parametrize("body, expected", [
    ({"prompt_id": "plain"}, ("plain", "1", None)),
    (LABELLED, ("jack-sparrow", "1", "production")),
    ({**LABELLED, "prompt_label": None}, ("jack-sparrow", "2", None)),
    ({"prompt_id": "jack-sparrow.v1"}, ("jack-sparrow", "1", None)),
    ({"prompt_id": "jack-sparrow", "prompt_environment": "production"}, ("jack-sparrow", "1", "production")),
    ({"model": "my-dotprompt-model", "prompt_variables": {"user_message": "q"}}, ("hello", "1", None)),
    ({"prompt_id": "pmpt_123"}, ("support/triage", "1", None)),
    ({"model": "m"}, (None, None, None)),
])
def test_response_headers(body, expected, mode, envoy, upstream):
    answer = wire.post(envoy.port(mode), body)
    assert answer.status == 200
    assert shown(answer) == expected


def test_response_headers_can_be_switched_off(envoy, upstream):
    assert shown(wire.post(envoy.port("silent"), LABELLED)) == (None, None, None)


def test_filter_state_in_the_access_log(mode, envoy, upstream):
    tag = f"state-{mode}"
    wire.post(envoy.port(mode), {"model": "m", "prompt_id": "hello", "prompt_variables": {"user_message": "q"}},
              headers={"x-test-tag": tag})
    record, = envoy.access_records(tag)
    assert (record["prompt_id"], str(record["prompt_version"]), record["prompt_model"]) == ("hello", "1", "gpt-4")


def test_no_filter_state_without_a_prompt(mode, envoy, upstream):
    """Nor for an id that exists only in a client's request: access logs are no place for raw values."""
    for number, body in enumerate([{"model": "m"}, {"prompt_id": "made-up-by-a-client"}]):
        tag = f"stateless-{mode}-{number}"
        wire.post(envoy.port(mode), body, headers={"x-test-tag": tag})
        record, = envoy.access_records(tag)
        assert (record["prompt_id"], record["prompt_version"], record["prompt_model"]) == (None, None, None)


def ours(envoy) -> dict[str, int]:
    """Our metrics, without Envoy's prefix."""
    prefix = "wasmcustom.promptgate_"
    return {name.removeprefix(prefix): value for name, value in envoy.stats("^wasmcustom%5C.promptgate_").items()}


def grown(before: dict, after: dict) -> dict[str, int]:
    return {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name, 0)}


def test_requests_are_counted_by_outcome_and_prompt(mode, envoy, upstream):
    """Requests for ids that the bundle does not have appear under their outcome only."""
    before = ours(envoy)
    for prompt_id, status in [("plain", 200), ("plain", 200), ("nope", 404), ("echo", 400), ("broken", 422)]:
        assert wire.post(envoy.port(mode), {"prompt_id": prompt_id}).status == status
    assert wire.post(envoy.port(mode), {"model": "m"}).status == 200
    assert wire.post(envoy.port(mode), {"prompt_id": "x"}, path="/v1/files").status == 200
    assert grown(before, ours(envoy)) == {
        "requests.applied": 2, "requests.passed": 1, "requests.prompt_not_found": 1, "requests.missing_variable": 1,
        "requests.prompt_render_failed": 1,
        "prompt_requests.plain": 2, "prompt_requests.echo": 1, "prompt_requests.broken": 1,
    }


def test_outcomes_begin_at_zero(envoy, upstream):
    """So that a rate has something to start from."""
    assert ours(envoy)["requests.request_too_large"] == 0


def test_prompts_are_capped_and_the_rest_is_other(envoy, upstream):
    port = envoy.port("many")
    for number in range(300):
        assert wire.post(port, {"prompt_id": f"p{number}"}).status == 200
    metrics = ours(envoy)
    assert sum(f"prompt_requests.p{number}" in metrics for number in range(300)) == 200
    assert metrics["other_prompt_requests"] == 100


def test_the_configuration_that_is_served(envoy, upstream):
    """Each listener has one, and the last of them is what the gauges show."""
    metrics = ours(envoy)
    assert metrics["configurations.accepted"] >= len(envoy.listeners)
    assert metrics.get("configurations.refused", 0) == 0
    assert metrics["prompts"] == 300
    assert metrics["bundle_revision"] == int(REVISION[:12], 16)


def test_prometheus_shows_them(envoy, upstream):
    wire.post(envoy.port("held"), {"prompt_id": "plain"})
    lines = poll(lambda: envoy.prometheus("promptgate_requests"))
    assert "promptgate_requests_applied{} " in lines
    assert poll(lambda: envoy.prometheus("promptgate_render_microseconds_count"))


def lines(log: str, level: str) -> list[str]:
    """What the filter wrote at one level, without time and thread."""
    return [line.partition("wasm log")[2] for line in log.splitlines() if "wasm log" in line and f"[{level}]" in line]


def above_debug(log: str) -> list[str]:
    return [line for level in ("info", "warning", "error", "critical") for line in lines(log, level)]


def test_one_line_for_a_configuration_and_none_for_a_request(mode, envoy, upstream):
    """Each VM says that it took the configuration; that is all that is worth a line."""
    assert any("configuration" in line for line in lines(envoy.log_text(), "info"))
    before = len(envoy.log_text())
    for body in ({"prompt_id": "plain"}, {"prompt_id": "nope"}, {"prompt_id": "echo"}, {"prompt_id": 5}):
        wire.post(envoy.port(mode), body)
    assert above_debug(envoy.log_text()[before:]) == []


def test_one_line_for_a_prompt_that_fails(envoy, upstream):
    """However often it is asked for: the prompt, the kind of the error, and the place."""
    before = len(envoy.log_text())
    for _ in range(5):
        assert wire.post(envoy.port("faulty"), {"prompt_id": "faulty"}).status == 422
    said = above_debug(envoy.log_text()[before:])
    assert len(said) == 1 and "faulty" in said[0] and "line 3" in said[0]


def test_a_debug_header_names_the_source(mode, envoy, upstream):
    answer = wire.post(envoy.port(mode), {"prompt_id": "plain"})
    assert answer.header("x-promptgate-source") == ("bundle" if mode == "unheld" else None)
