"""Anthropic's Node SDK, unchanged, in front of the gateway. `node/messages.mjs` makes the calls."""

import pytest

from support.sdk_messages import BASE, CALLS, ERRORS

PIECES = "piece 0 piece 1 piece 2 "


@pytest.fixture(scope="module")
def run(root_url, run_node):
    """Makes a list of calls in one Node process and returns the results."""
    return lambda calls: run_node("messages.mjs", root_url, calls)


def test_calls(run, upstream):
    results = run([body for body, _ in CALLS.values()])
    assert [result.get("error") for result in results] == [None] * len(CALLS)
    assert [record.json() for record in upstream.records] == [received for _, received in CALLS.values()]
    assert all(result["text"].startswith("The stand-in received") for result in results)
    assert results[list(CALLS).index("version")]["promptId"] == "jack-sparrow"


def test_the_streaming_helper(run, upstream):
    results = run([{**body, "stream": True} for body, _ in CALLS.values()])
    assert [(result.get("text"), result.get("stop")) for result in results] == [(PIECES, "end_turn")] * len(CALLS)
    assert [record.json() for record in upstream.records] == [
        {**received, "stream": True} for _, received in CALLS.values()]


@pytest.mark.parametrize("stream", [False, True])
def test_typed_errors(stream, run, upstream):
    results = run([{**BASE, "messages": [], **body, "stream": stream} for body, *_ in ERRORS.values()])
    expected = [{"class": kind, "status": status, "type": wide, "code": code, "param": param}
                for _, kind, status, wide, code, param in ERRORS.values()]
    assert [{key: result["error"].get(key) for key in expected[0]} for result in results] == expected
    assert upstream.records == []
