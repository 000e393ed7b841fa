"""The stand-in by itself: the SDKs read its answers, and it refuses what OpenAI and Anthropic refuse."""

import anthropic
import openai
import pytest

from support import wire

PIECES = "piece 0 piece 1 piece 2 "
TOOL = {"x-standin-tool": "weather"}


@pytest.fixture(scope="module")
def client(standin):
    with openai.OpenAI(base_url=f"http://127.0.0.1:{standin.port}/v1", api_key="k", max_retries=0) as opened:
        yield opened


@pytest.fixture(scope="module")
def claude(standin):
    with anthropic.Anthropic(base_url=f"http://127.0.0.1:{standin.port}", api_key="k", max_retries=0) as opened:
        yield opened


def roles(record) -> list:
    return [item.get("role") or item["type"] for item in record.seen]


def test_responses_are_chained(client, upstream):
    """Instructions are of their own turn, everything else is stored."""
    first = client.responses.create(model="m", instructions="S", input="one")
    second = client.responses.create(model="m", previous_response_id=first.id, input=[{"role": "user", "content": "2"}])
    assert [roles(record) for record in upstream.records] == [["system", "user"], ["user", "assistant", "user"]]
    assert second.output_text == "The stand-in received 3 items: user, assistant, user."
    assert client.responses.retrieve(second.id) == second
    items = client.responses.input_items.list(second.id)
    assert [item.role for item in items.data] == ["user", "assistant", "user"]


def test_what_is_not_stored_is_not_found(client, upstream):
    first = client.responses.create(model="m", input="one", store=False)
    with pytest.raises(openai.BadRequestError) as caught:
        client.responses.create(model="m", previous_response_id=first.id, input="two")
    assert (caught.value.code, caught.value.param) == ("previous_response_not_found", "previous_response_id")
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(first.id)


def test_a_conversation_grows(client, upstream):
    conversation = client.conversations.create(items=[{"role": "user", "content": "zero"}])
    client.responses.create(model="m", conversation=conversation.id, input="one")
    answer = client.responses.create(model="m", conversation={"id": conversation.id}, input="two")
    assert answer.conversation.id == conversation.id
    assert roles(upstream.records[-1]) == ["user", "user", "assistant", "user"]
    stored = client.conversations.items.list(conversation.id)
    assert [item.role for item in stored.data] == ["user", "user", "assistant", "user", "assistant"]
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model="m", conversation="conv_nowhere", input="x")


def test_a_function_is_called(client, upstream):
    first = client.responses.create(model="m", input="one", extra_headers=TOOL)
    call, = first.output
    assert (call.type, call.name, call.arguments) == ("function_call", "weather", '{"city": "Paris"}')
    with pytest.raises(openai.BadRequestError, match="No tool output found"):
        client.responses.create(model="m", previous_response_id=first.id, input="two")
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "sunny"}
    with pytest.raises(openai.BadRequestError, match="No tool call found"):
        client.responses.create(model="m", input=[output])
    client.responses.create(model="m", previous_response_id=first.id, input=[output], extra_headers=TOOL)
    assert roles(upstream.records[-1]) == ["user", "function_call", "function_call_output"]


@pytest.mark.parametrize("body, code, param", [
    ({"model": "m"}, "missing_required_parameter", "input"),
    ({"model": "m", "input": "x", "prompt_id": "p"}, "unknown_parameter", "prompt_id"),
    ({"previous_response_id": "a", "conversation": "b"}, "mutually_exclusive_parameters", None),
])
def test_responses_refuse(body, code, param, standin, upstream):
    assert wire.post(standin.port, body, path="/v1/responses").error() == (400, code, param)


def test_streamed_responses(client, upstream):
    with client.responses.stream(model="m", input="one") as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()
    assert kinds == ["response.created", "response.in_progress", "response.output_item.added",
                     "response.content_part.added", *["response.output_text.delta"] * 3, "response.output_text.done",
                     "response.content_part.done", "response.output_item.done", "response.completed"]
    assert final.output_text == PIECES
    with client.responses.stream(model="m", input="one", extra_headers=TOOL) as stream:
        assert stream.get_final_response().output[0].arguments == '{"city": "Paris"}'


def test_a_message_and_its_stream(claude, upstream):
    request = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "one"}], "system": "S"}
    assert claude.messages.create(**request).content[0].text == "The stand-in received 2 messages: system, user."
    with claude.messages.stream(**request) as stream:
        assert "".join(stream.text_stream) == PIECES
        assert stream.get_final_message().stop_reason == "end_turn"
    tool, = claude.messages.create(**request, extra_headers=TOOL).content
    assert (tool.type, tool.name, tool.input) == ("tool_use", "weather", {"city": "Paris"})
    with claude.messages.stream(**request, extra_headers=TOOL) as stream:
        assert stream.get_final_message().content[0].input == {"city": "Paris"}


USER, ASSISTANT, SYSTEM = ({"role": role, "content": "x"} for role in ("user", "assistant", "system"))


@pytest.mark.parametrize("messages", [
    [USER, USER], [ASSISTANT, ASSISTANT, USER], [USER, SYSTEM], [USER, SYSTEM, ASSISTANT, USER],
    [USER, {"role": "assistant", "content": ""}], [{"role": "user", "content": [{"type": "text", "text": "x"}]}],
])
def test_messages_accept(messages, standin, upstream):
    body = {"model": "m", "max_tokens": 9, "messages": messages}
    assert wire.post(standin.port, body, path="/v1/messages").status == 200


@pytest.mark.parametrize("change, said", [
    ({"max_tokens": None}, "max_tokens: Input should be a valid integer"),
    ({"messages": []}, "at least one message"),
    ({"prompt_id": "p"}, "prompt_id: Extra inputs are not permitted"),
    ({"messages": [SYSTEM, USER]}, "first message"),
    ({"messages": [USER, ASSISTANT, SYSTEM]}, "follow a user turn"),
    ({"messages": [USER, SYSTEM, USER]}, "precede an assistant turn"),
    ({"messages": [{"role": "developer", "content": "x"}]}, '"developer"'),
    ({"messages": [{"role": "user", "content": ""}]}, "non-empty content"),
    ({"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]}, "text content blocks"),
    ({"messages": [USER, {"role": "assistant", "content": "x "}]}, "trailing whitespace"),
    ({"messages": [USER, {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "n", "input": {}}]},
                   USER]}, "tool_use"),
    ({"system": [{"type": "text", "text": ""}]}, "system.0"),
    ({"system": 5}, "system"),
])
def test_messages_refuse(change, said, standin, upstream):
    answer = wire.post(standin.port, {"model": "m", "max_tokens": 9, "messages": [USER], **change},
                       path="/v1/messages")
    error = answer.json()["error"]
    assert (answer.status, error["type"]) == (400, "invalid_request_error")
    assert said in error["message"]


def test_openais_threads_are_something_else(standin, upstream):
    assert wire.post(standin.port, {"role": "user"}, path="/v1/threads/t/messages").json()["object"] == "stand-in"
