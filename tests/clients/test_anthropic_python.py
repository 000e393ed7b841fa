"""Anthropic's Python SDK, unchanged, in front of the gateway."""

import asyncio

import anthropic
import pytest

from support.sdk_messages import BASE, CALLS, ERRORS, HELLO, HELPFUL, HI, TOOLS

OWN = ("prompt_id", "prompt_version", "prompt_label", "prompt_environment", "prompt_variables", "temperature")
PIECES = "piece 0 piece 1 piece 2 "


@pytest.fixture(scope="module")
def client(root_url):
    with anthropic.Anthropic(base_url=root_url, api_key="sk-ant-test", max_retries=0, timeout=15) as opened:
        yield opened


def arguments(body: dict) -> dict:
    """The call's arguments as a user writes them: what the SDK does not know goes into `extra_body`."""
    extra = {key: value for key, value in body.items() if key in OWN}
    known = {key: value for key, value in body.items() if key not in OWN}
    return {**BASE, "messages": [], **known, "extra_body": extra}


@pytest.mark.parametrize("name", CALLS)
def test_a_call(name, client, upstream):
    body, received = CALLS[name]
    message = client.messages.create(**arguments(body))
    assert upstream.only().json() == received
    assert upstream.only().header("authorization") == "Bearer sk-ant-test"
    assert message.content[0].text.startswith("The stand-in received") and message.stop_reason == "end_turn"
    assert message.model == received["model"]


@pytest.mark.parametrize("name", CALLS)
def test_a_streamed_call(name, client, upstream):
    body, received = CALLS[name]
    with client.messages.stream(**arguments(body)) as stream:
        assert "".join(stream.text_stream) == PIECES
        assert stream.get_final_message().stop_reason == "end_turn"
    assert upstream.only().json() == {**received, "stream": True}


def test_raw_events(client, upstream):
    events = client.messages.create(**arguments(CALLS["no-messages"][0]), stream=True)
    kinds = [event.type for event in events]
    assert (kinds[0], kinds[-1]) == ("message_start", "message_stop")


def test_response_headers_are_readable(client, upstream):
    raw = client.messages.with_raw_response.create(**arguments(CALLS["version"][0]))
    assert (raw.headers["x-promptgate-id"], raw.headers["x-promptgate-version"]) == ("jack-sparrow", "1")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", ERRORS)
def test_a_typed_error(name, stream, client, upstream):
    body, kind, status, wide, code, param = ERRORS[name]
    with pytest.raises(getattr(anthropic, kind)) as caught:
        client.messages.create(**arguments(body), stream=stream)
    error = caught.value
    assert type(error).__name__ == kind
    assert (error.status_code, error.type, error.error_code) == (status, wide, code)
    assert error.api_message and error.body["type"] == "error"
    assert error.body["error"]["details"].get("param") == param
    assert upstream.records == []


def test_a_tool_loop(client, upstream):
    asked = {**BASE, "tools": TOOLS, "extra_body": {"prompt_id": "your-prompt-id"},
             "extra_headers": {"x-standin-tool": "weather"}}
    given = [HI]
    first = client.messages.create(**asked, messages=given)
    tool, = first.content
    given += [{"role": "assistant", "content": first.content},
              {"role": "user", "content": [{"type": "tool_result", "tool_use_id": tool.id, "content": "sunny"}]}]
    assert client.messages.create(**asked, messages=given).stop_reason == "end_turn"
    seen = upstream.records[-1].seen
    assert seen[:3] == [{"role": "system", "content": HELPFUL}, HELLO, HI]
    assert [message["role"] for message in seen[3:]] == ["assistant", "user"]


def test_what_upstream_refuses_stays_upstreams_error(client, upstream):
    """A prompt that has only system text, and no message of the client's."""
    with pytest.raises(anthropic.BadRequestError) as caught:
        client.messages.create(**arguments({"prompt_id": "jack-sparrow"}))
    assert "at least one message" in caught.value.api_message and caught.value.error_code is None
    assert upstream.only().json()["system"] == "Respond as a polite jack sparrow would"


async def _asynchronous(root_url):
    async with anthropic.AsyncAnthropic(base_url=root_url, api_key="sk-test", max_retries=0, timeout=15) as client:
        return await client.messages.create(**arguments(CALLS["system-text"][0]))


def test_the_asynchronous_client(root_url, upstream):
    message = asyncio.run(_asynchronous(root_url))
    assert message.role == "assistant"
    assert upstream.only().json() == CALLS["system-text"][1]
