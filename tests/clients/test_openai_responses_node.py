"""OpenAI's Node SDK on `/responses`, unchanged, in front of the gateway. `node/responses.mjs` makes the calls."""

import pytest

from support.sdk_responses import CALLS, ERRORS, POLITE

PIECES = "piece 0 piece 1 piece 2 "


@pytest.fixture(scope="module")
def run(base_url, run_node):
    """Makes a list of calls in one Node process and returns the results."""
    return lambda calls: run_node("responses.mjs", base_url, calls)


def forwarded(upstream) -> list:
    return [record.json() for record in upstream.records]


def test_calls(run, upstream):
    results = run([{"body": body} for body, _ in CALLS.values()])
    assert [result.get("error") for result in results] == [None] * len(CALLS)
    assert forwarded(upstream) == [received for _, received in CALLS.values()]
    assert all(result["text"].startswith("The stand-in received") for result in results)
    assert results[list(CALLS).index("prompt-by-its-old-id")]["promptId"] == "recipe"


def test_streamed_calls(run, upstream):
    results = run([{"body": {**body, "stream": True}} for body, _ in CALLS.values()])
    assert [result.get("text") for result in results] == [PIECES] * len(CALLS)
    assert {(result["events"][0], result["events"][-1]) for result in results} == {
        ("response.created", "response.completed")}
    assert forwarded(upstream) == [{**received, "stream": True} for _, received in CALLS.values()]


@pytest.mark.parametrize("stream", [False, True])
def test_typed_errors(stream, run, upstream):
    results = run([{"body": {**body, "stream": stream}} for body, *_ in ERRORS.values()])
    expected = [{"class": kind, "status": status, "code": code, "param": param, "type": "invalid_request_error"}
                for _, kind, status, code, param in ERRORS.values()]
    assert [{key: result["error"].get(key) for key in expected[0]} for result in results] == expected
    assert upstream.records == []


def test_a_chain_with_a_tool(run, upstream):
    """System text once in each turn, the prompt's other messages once."""
    prompt = {"id": "assistant", "variables": {"name": "Ada"}}
    headers = {"x-standin-tool": "weather"}
    output = {"type": "function_call_output", "call_id": "$CALL_ID", "output": "sunny"}
    results = run([
        {"body": {"prompt": prompt, "input": "Rain?"}, "headers": headers},
        {"body": {"prompt": prompt, "input": [output]}, "headers": headers, "chain": True},
        {"body": {"prompt": prompt, "input": "Thanks.", "stream": True}, "chain": True},
    ])
    assert [result.get("error") for result in results] == [None] * 3
    shots = ["system", "user", "assistant"]
    called = [*shots, "user", "function_call", "function_call_output"]
    assert [[item.get("role") or item["type"] for item in record.seen] for record in upstream.records] == [
        [*shots, "user"], called, [*called, "assistant", "user"]]


def test_azure(run, upstream):
    result, = run([{"body": {"model": "my-gpt", "prompt": {"id": "jack-sparrow"}, "input": "hi"},
                    "deployment": "my-gpt"}])
    assert "error" not in result
    assert upstream.only().path == "/openai/responses?api-version=2026-05-01"
    assert upstream.only().json() == {"model": "my-gpt", "instructions": POLITE, "input": "hi"}
