"""OpenAI's Python SDK, unchanged, in front of the gateway."""

import asyncio

import openai
import pytest

from support.sdk_calls import CALLS, ERRORS

OWN = ("prompt_id", "prompt_version", "prompt_label", "prompt_environment", "prompt_variables")
STREAMED = ["piece 0 ", "piece 1 ", "piece 2 "]


@pytest.fixture(scope="module")
def client(base_url):
    with openai.OpenAI(base_url=base_url, api_key="sk-test", max_retries=0, timeout=15) as opened:
        yield opened


def arguments(body: dict) -> dict:
    """The call's arguments as a user writes them: what the SDK does not know goes into `extra_body`."""
    extra = {key: value for key, value in body.items() if key in OWN}
    known = {key: value for key, value in body.items() if key not in OWN}
    return {"model": "gpt-4", "messages": [], **known, "extra_body": extra}


@pytest.mark.parametrize("name", CALLS)
def test_a_call(name, client, upstream):
    body, received = CALLS[name]
    completion = client.chat.completions.create(**arguments(body))
    assert upstream.only().json() == received
    assert upstream.only().header("authorization") == "Bearer sk-test"
    roles = ", ".join(message["role"] for message in received["messages"])
    assert completion.choices[0].message.content.endswith(f"{roles}.")
    assert completion.model == received["model"]


@pytest.mark.parametrize("name", CALLS)
def test_a_streamed_call(name, client, upstream):
    body, received = CALLS[name]
    stream = client.chat.completions.create(**arguments(body), stream=True)
    pieces = [chunk.choices[0].delta.content for chunk in stream]
    assert [piece for piece in pieces if piece] == STREAMED
    assert upstream.only().json() == {**received, "stream": True}


def test_response_headers_are_readable(client, upstream):
    raw = client.chat.completions.with_raw_response.create(**arguments(CALLS["version"][0]))
    assert raw.headers["x-promptgate-id"] == "jack-sparrow"
    assert raw.headers["x-promptgate-version"] == "2"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", ERRORS)
def test_a_typed_error(name, stream, client, upstream):
    body, kind, status, code, param = ERRORS[name]
    with pytest.raises(getattr(openai, kind)) as caught:
        client.chat.completions.create(**arguments(body), stream=stream)
    error = caught.value
    assert type(error).__name__ == kind
    assert (error.status_code, error.code, error.param) == (status, code, param)
    assert error.type == "invalid_request_error"
    assert upstream.records == []


async def _asynchronous(base_url):
    async with openai.AsyncOpenAI(base_url=base_url, api_key="sk-test", max_retries=0, timeout=15) as client:
        return await client.chat.completions.create(**arguments(CALLS["variables"][0]))


def test_the_asynchronous_client(base_url, upstream):
    completion = asyncio.run(_asynchronous(base_url))
    assert completion.choices[0].finish_reason == "stop"
    assert upstream.only().json() == CALLS["variables"][1]
