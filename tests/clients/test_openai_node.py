"""OpenAI's Node SDK, unchanged, in front of the gateway. `node/calls.mjs` makes the calls."""

import pytest

from support.sdk_calls import CALLS, ERRORS


@pytest.fixture(scope="module")
def run(base_url, run_node):
    """Makes a list of calls in one Node process and returns the results."""
    return lambda bodies: run_node("calls.mjs", base_url, bodies)


def forwarded(upstream) -> list:
    return [record.json() for record in upstream.records]


def test_calls(run, upstream):
    results = run([body for body, _ in CALLS.values()])
    assert [result.get("error") for result in results] == [None] * len(CALLS)
    assert forwarded(upstream) == [received for _, received in CALLS.values()]
    assert [result["model"] for result in results] == [received["model"] for _, received in CALLS.values()]
    assert results[list(CALLS).index("version")]["promptId"] == "jack-sparrow"


def test_streamed_calls(run, upstream):
    results = run([{**body, "stream": True} for body, _ in CALLS.values()])
    assert [result.get("content") for result in results] == ["piece 0 piece 1 piece 2 "] * len(CALLS)
    assert forwarded(upstream) == [{**received, "stream": True} for _, received in CALLS.values()]


@pytest.mark.parametrize("stream", [False, True])
def test_typed_errors(stream, run, upstream):
    results = run([{"model": "gpt-4", "messages": [], **body, "stream": stream} for body, *_ in ERRORS.values()])
    expected = [{"class": kind, "status": status, "code": code, "param": param, "type": "invalid_request_error"}
                for _, kind, status, code, param in ERRORS.values()]
    assert [{key: result["error"].get(key) for key in expected[0]} for result in results] == expected
    assert upstream.records == []


def test_messages_may_be_absent_in_node(run, upstream):
    """The Node SDK insists on nothing."""
    results = run([{"model": "gpt-4", "prompt_id": "your-prompt-id"}])
    assert "error" not in results[0]
    assert forwarded(upstream) == [CALLS["no-messages"][1]]
