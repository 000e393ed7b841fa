"""What operators see: response headers, filter state in the access log, metrics."""

import pytest

from support import wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.samples import plugin

LABELLED = {"prompt_id": "jack-sparrow", "prompt_label": "production", "model": "m"}
HEADERS = ("x-promptgate-id", "x-promptgate-version", "x-promptgate-label")


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin):
    """Its own Envoy, so that counters start at zero."""
    many = {"bundle": {"prompts": {f"p{number}": "User: q" for number in range(300)}}}
    unheld = plugin(debug_headers=True)
    del unheld["model_header"]
    listeners = [
        Listener("held", plugin()), Listener("unheld", unheld, held=False),
        Listener("silent", plugin(response_headers=False)), Listener("many", many),
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
    return envoy.stats("^wasmcustom%5C.promptgate_")


def test_requests_are_counted_by_outcome(envoy, upstream):
    before = ours(envoy)
    port = envoy.port("held")
    for prompt_id, status in [("plain", 200), ("plain", 200), ("nope", 404), ("echo", 400), ("broken", 422)]:
        assert wire.post(port, {"prompt_id": prompt_id}).status == status
    assert wire.post(port, {"model": "m"}).status == 200
    after = ours(envoy)
    grown = {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name, 0)}
    by_outcome = {name: value for name, value in grown.items() if "requests" in name and "prompt_requests" not in name}
    assert sorted(by_outcome.values()) == [1, 1, 1, 1, 2], grown


def test_requests_per_prompt_never_name_a_clients_value(envoy, upstream):
    port = envoy.port("held")
    wire.post(port, {"prompt_id": "plain"})
    for number in range(20):
        wire.post(port, {"prompt_id": f"random-{number}"})
    names = "\n".join(ours(envoy))
    assert "plain" in names
    assert "random" not in names


def test_prompts_are_capped_and_the_rest_is_other(envoy, upstream):
    port = envoy.port("many")
    before = len(ours(envoy))
    for number in range(300):
        assert wire.post(port, {"prompt_id": f"p{number}"}).status == 200
    added = len(ours(envoy)) - before
    assert 10 < added < 300
    assert any("other" in name for name in ours(envoy))


def test_metrics_have_names_that_prometheus_takes(envoy, upstream):
    wire.post(envoy.port("held"), {"prompt_id": "plain"})
    text = poll(lambda: envoy.prometheus("promptgate_"))
    assert "promptgate_" in text


def test_one_line_for_a_configuration_and_none_per_request(envoy, upstream):
    """Above debug, that is."""
    before = len(envoy.log_text().splitlines())
    for _ in range(10):
        wire.post(envoy.port("held"), {"prompt_id": "plain"})
        wire.post(envoy.port("held"), {"prompt_id": "nope"})
    lines = [line for line in envoy.log_text().splitlines()[before:] if "wasm log" in line]
    assert [line for line in lines if "[debug]" not in line and "[trace]" not in line] == []
