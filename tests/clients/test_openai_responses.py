"""OpenAI's Python SDK on `/responses`, unchanged, in front of the gateway."""

import asyncio

import openai
import pytest

from support.sdk_responses import CALLS, ERRORS, PICTURE

OWN = ("prompt_id", "prompt_version", "prompt_label", "prompt_environment", "prompt_variables")
PIECES = "piece 0 piece 1 piece 2 "
ASSISTANT = {"id": "assistant", "variables": {"name": "Ada"}}
SYSTEM = ("system", "You help Ada.")
SHOTS = [("user", "Who are you?"), ("assistant", "A helper.")]
TOOL = {"type": "function", "name": "weather", "parameters": {"type": "object", "properties": {}}}


@pytest.fixture(scope="module")
def client(base_url):
    with openai.OpenAI(base_url=base_url, api_key="sk-test", max_retries=0, timeout=15) as opened:
        yield opened


def arguments(body: dict) -> dict:
    """The call's arguments as a user writes them: what the SDK does not know goes into `extra_body`."""
    extra = {key: value for key, value in body.items() if key in OWN}
    known = {key: value for key, value in body.items() if key not in OWN}
    return {**known, "extra_body": extra} if extra else known


def spoken(record) -> list[tuple]:
    """What the model is given in one turn, as pairs of a role, or a type, and a text."""
    found = []
    for item in record.seen:
        content = item.get("content", item.get("output", item.get("name")))
        text = content[0]["text"] if isinstance(content, list) else content
        found.append((item.get("role") or item["type"], text))
    return found


@pytest.mark.parametrize("name", CALLS)
def test_a_call(name, client, upstream):
    body, received = CALLS[name]
    response = client.responses.create(**arguments(body))
    assert upstream.only().json() == received
    assert response.status == "completed" and response.output_text.startswith("The stand-in received")
    assert upstream.only().header("authorization") == "Bearer sk-test"


@pytest.mark.parametrize("name", CALLS)
def test_a_streamed_call(name, client, upstream):
    body, received = CALLS[name]
    events = list(client.responses.create(**arguments(body), stream=True))
    assert [events[0].type, events[-1].type] == ["response.created", "response.completed"]
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == PIECES
    assert upstream.only().json() == {**received, "stream": True}


def test_the_streaming_helper(client, upstream):
    with client.responses.stream(model="gpt-4", input="hi", extra_body={"prompt": {"id": "jack-sparrow"}}) as stream:
        assert stream.get_final_response().output_text == PIECES
    assert upstream.only().json()["instructions"] == "Respond as a polite jack sparrow would"


def test_response_headers_are_readable(client, upstream):
    raw = client.responses.with_raw_response.create(prompt={"id": "jack-sparrow", "version": "1"}, input="hi")
    assert (raw.headers["x-promptgate-id"], raw.headers["x-promptgate-version"]) == ("jack-sparrow", "1")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", ERRORS)
def test_a_typed_error(name, stream, client, upstream):
    body, kind, status, code, param = ERRORS[name]
    with pytest.raises(getattr(openai, kind)) as caught:
        client.responses.create(**arguments(body), stream=stream)
    error = caught.value
    assert type(error).__name__ == kind
    assert (error.status_code, error.code, error.param, error.type) == (status, code, param, "invalid_request_error")
    assert upstream.records == []


def test_a_variable_that_is_a_picture_says_where_it_may_stand(client, upstream):
    with pytest.raises(openai.BadRequestError) as caught:
        client.responses.create(prompt={"id": "recipe", "variables": {"dish": PICTURE}})
    assert "dish" in caught.value.message and PICTURE["image_url"] not in caught.value.message


@pytest.mark.parametrize("fields", [
    {"prompt": ASSISTANT},
    {"extra_body": {"prompt_id": "assistant", "prompt_variables": {"name": "Ada"}}},
])
def test_three_chained_turns(fields, client, upstream):
    """The system text is there once in each turn; the prompt's other messages once in the whole conversation."""
    first = client.responses.create(**fields, input="one")
    second = client.responses.create(**fields, input="two", previous_response_id=first.id)
    third = client.responses.create(**fields, input=[{"role": "user", "content": "three"}],
                                    previous_response_id=second.id)
    opening = [*SHOTS, ("user", "one"), ("assistant", first.output_text), ("user", "two"),
               ("assistant", second.output_text), ("user", "three")]
    assert [spoken(record) for record in upstream.records] == [
        [SYSTEM, *opening[:3]], [SYSTEM, *opening[:5]], [SYSTEM, *opening]]
    items = client.responses.input_items.list(third.id)
    assert len(items.data) == len(opening)
    assert client.responses.retrieve(third.id).output_text == third.output_text


def test_a_chained_turn_without_input_gets_the_whole_prompt(client, upstream):
    """There is no input but the prompt's own messages: they are the turn."""
    first = client.responses.create(input="one", model="gpt-4")
    client.responses.create(prompt=ASSISTANT, previous_response_id=first.id)
    assert spoken(upstream.records[-1]) == [SYSTEM, ("user", "one"), ("assistant", first.output_text), *SHOTS]


def test_a_conversation_gets_the_whole_prompt_each_time(client, upstream):
    """The gateway can't know which turn is the first one."""
    conversation = client.conversations.create()
    first = client.responses.create(prompt=ASSISTANT, input="one", conversation=conversation.id)
    client.responses.create(prompt=ASSISTANT, input="two", conversation={"id": conversation.id})
    assert spoken(upstream.records[-1]) == [
        SYSTEM, *SHOTS, ("user", "one"), ("assistant", first.output_text), *SHOTS, ("user", "two")]


def test_a_tool_loop_by_chaining(client, upstream):
    asked = {"prompt": ASSISTANT, "tools": [TOOL], "extra_headers": {"x-standin-tool": "weather"}}
    first = client.responses.create(**asked, input="Rain?")
    call, = first.output
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "sunny"}
    second = client.responses.create(**asked, input=[output], previous_response_id=first.id)
    assert second.output_text
    assert spoken(upstream.records[-1]) == [SYSTEM, *SHOTS, ("user", "Rain?"), ("function_call", "weather"),
                                            ("function_call_output", "sunny")]


def test_a_tool_loop_without_stored_state(client, upstream):
    """The application sends the items itself, as it got them."""
    asked = {"prompt": ASSISTANT, "tools": [TOOL], "store": False, "extra_headers": {"x-standin-tool": "weather"}}
    given = [{"role": "user", "content": "Rain?"}]
    call, = client.responses.create(**asked, input=given).output
    given += [call, {"type": "function_call_output", "call_id": call.call_id, "output": "sunny"}]
    assert client.responses.create(**asked, input=given).output_text
    assert spoken(upstream.records[-1]) == [SYSTEM, *SHOTS, ("user", "Rain?"), ("function_call", "weather"),
                                            ("function_call_output", "sunny")]


async def _asynchronous(base_url):
    async with openai.AsyncOpenAI(base_url=base_url, api_key="sk-test", max_retries=0, timeout=15) as client:
        return await client.responses.create(**arguments(CALLS["prompt"][0]))


def test_the_asynchronous_client(base_url, upstream):
    response = asyncio.run(_asynchronous(base_url))
    assert response.status == "completed"
    assert upstream.only().json() == CALLS["prompt"][1]
