"""OpenAI's Responses and Conversations, as a stand-in answers them: with a memory of what it stored.

A turn is what the model is given: the instructions of this request, the items that were stored before, and this
request's input. `Record.seen` holds it.
"""

import itertools
import json
import time
from collections import OrderedDict

from support.upstream_record import CANNOT_READ, REFUSALS, Answer, Record, Refused, Stream, pieces, summary, typed

MAX_STORED = 1000
ARGUMENTS = {"city": "Paris"}
OWN = ("prompt_cache_key", "prompt_cache_options", "prompt_cache_retention")
"""Fields of the API that begin like those of a gateway."""


def error(status: int, message: str, code: str | None = None, param: str | None = None) -> Answer:
    """OpenAI's envelope."""
    envelope = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return Answer({"error": envelope}, status)


class Responses:
    """The API and its memory, which outlives `StandIn.clear`.

    The request header `x-standin-tool: name` makes the model call that function, unless the input has its output.
    """

    def __init__(self):
        self._numbers = itertools.count(1)
        self._stored: OrderedDict[str, tuple[dict, list, list]] = OrderedDict()
        self._conversations: OrderedDict[str, list] = OrderedDict()

    @staticmethod
    def error(status: int, message: str) -> Answer:
        """What a status that was asked for comes with."""
        return error(status, message, "stand_in")

    def answers(self, method: str, location: str) -> bool:
        """Whether a request is for this API."""
        parts = location.split("/")
        if method == "POST":
            return parts[-1] in ("responses", "conversations")
        return method == "GET" and ({"responses", "conversations"} & set(parts[-3:-1]) != set())

    def answer(self, record: Record) -> Answer | Stream:
        """A response, or something that is stored."""
        parts = record.location().split("/")
        try:
            if record.method == "GET":
                return self._read(parts)
            request = record.json()
            if parts[-1] == "conversations":
                return self._converse(request)
            return self._respond(record, request)
        except Refused as refused:
            return refused.answer
        except REFUSALS:
            return error(400, CANNOT_READ, "stand_in")

    # What is stored

    def _read(self, parts: list[str]) -> Answer:
        match parts[-3:]:
            case [_, "responses", found] if found in self._stored:
                return Answer(self._stored[found][0])
            case ["responses", found, "input_items"] if found in self._stored:
                return _page(self._stored[found][1])
            case ["conversations", found, "items"] if found in self._conversations:
                return _page(self._conversations[found])
        return error(404, f"Nothing is stored at {'/'.join(parts[-3:])}.")

    def _converse(self, request: dict) -> Answer:
        conversation = self._id("conv")
        _keep(self._conversations, conversation, [self._numbered(item) for item in request.get("items") or []])
        return Answer({"id": conversation, "object": "conversation", "created_at": int(time.time()), "metadata": {}})

    def _before(self, request: dict) -> list:
        """The items that precede this turn's input."""
        previous, conversation = request.get("previous_response_id"), _conversation(request)
        if previous is not None and conversation is not None:
            raise Refused(error(400, "Mutually exclusive parameters: previous_response_id and conversation.",
                                "mutually_exclusive_parameters"))
        if previous is not None:
            if previous not in self._stored:
                raise Refused(error(400, f"Previous response with id '{previous}' not found.",
                                    "previous_response_not_found", "previous_response_id"))
            _, inputs, outputs = self._stored[previous]
            return inputs + outputs
        if conversation is not None:
            if conversation not in self._conversations:
                raise Refused(error(404, f"Conversation with id '{conversation}' not found.", None, "conversation"))
            return list(self._conversations[conversation])
        if request.get("input") is None:
            raise Refused(error(400, "One of input, previous_response_id, prompt or conversation must be provided.",
                                "missing_required_parameter", "input"))
        return []

    # One turn

    def _respond(self, record: Record, request: dict) -> Answer | Stream:
        for name in request:
            if name.startswith("prompt_") and name not in OWN:
                raise Refused(error(400, f"Unknown parameter: '{name}'.", "unknown_parameter", name))
        given = request.get("input") or []
        given = [{"role": "user", "content": given}] if isinstance(given, str) else given
        items = self._before(request) + [self._numbered(item) for item in given]
        _check_calls(items)
        system = request.get("instructions")
        record.seen = [{"role": "system", "content": system}] if system else []
        record.seen += [{key: value for key, value in item.items() if key != "id"} for item in items]
        output = self._output(record, given)
        response = self._response(request, output)
        if request.get("store") is not False:
            _keep(self._stored, response["id"], (response, items, [output]))
        if (conversation := _conversation(request)) is not None:
            self._conversations[conversation] = items + [output]
        return _stream(record, response) if request.get("stream") is True else Answer(response)

    def _output(self, record: Record, given: list) -> dict:
        tool = record.header("x-standin-tool")
        if tool and not any(item.get("type") == "function_call_output" for item in given):
            return {"id": self._id("fc"), "type": "function_call", "call_id": self._id("call"), "name": tool,
                    "arguments": json.dumps(ARGUMENTS), "status": "completed"}
        if record.json().get("stream") is True:
            text = "".join(pieces(record))
        else:
            text = summary([item.get("role") or item.get("type") for item in record.seen], "items")
        return {"id": self._id("msg"), "type": "message", "role": "assistant", "status": "completed",
                "content": [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}]}

    def _response(self, request: dict, output: dict) -> dict:
        echoed = {name: request.get(name) for name in ("instructions", "previous_response_id", "max_output_tokens",
                                                       "prompt", "temperature", "top_p", "reasoning", "user")}
        conversation = _conversation(request)
        return {
            "id": self._id("resp"),
            "object": "response",
            "created_at": int(time.time()),
            "status": "completed",
            "error": None,
            "incomplete_details": None,
            "model": request.get("model") or "none",
            "output": [output],
            "parallel_tool_calls": True,
            "store": request.get("store") is not False,
            "text": request.get("text") or {"format": {"type": "text"}},
            "tool_choice": request.get("tool_choice") or "auto",
            "tools": request.get("tools") or [],
            "truncation": "disabled",
            "metadata": request.get("metadata") or {},
            "conversation": {"id": conversation} if conversation else None,
            "usage": {"input_tokens": 8, "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
                      "output_tokens": 8, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 16},
            **echoed,
        }

    def _numbered(self, item: dict) -> dict:
        """An item as it is stored: with an id."""
        return {**item, "id": item.get("id") or self._id("item")}

    def _id(self, kind: str) -> str:
        return f"{kind}_standin{next(self._numbers)}"


def _keep(table: OrderedDict, key: str, value) -> None:
    table[key] = value
    while len(table) > MAX_STORED:
        table.popitem(last=False)


def _page(items: list) -> Answer:
    """A list as the API pages it, oldest first."""
    ids = [item["id"] for item in items] or [None]
    return Answer({"object": "list", "data": items, "first_id": ids[0], "last_id": ids[-1], "has_more": False})


def _conversation(request: dict) -> str | None:
    given = request.get("conversation")
    return given["id"] if isinstance(given, dict) else given


def _check_calls(items: list) -> None:
    """Each call of a function has its output, and the other way round."""
    calls = {item["call_id"] for item in items if item.get("type") == "function_call"}
    outputs = {item["call_id"] for item in items if item.get("type") == "function_call_output"}
    for missing in sorted(outputs - calls):
        raise Refused(error(400, f"No tool call found for function call output with call_id {missing}.", None, "input"))
    for missing in sorted(calls - outputs):
        raise Refused(error(400, f"No tool output found for function call {missing}.", None, "input"))


def _stream(record: Record, response: dict) -> Stream:
    output = response["output"][0]
    begun = {**response, "status": "in_progress", "output": [], "usage": None}
    place = {"item_id": output["id"], "output_index": 0}
    if output["type"] == "function_call":
        empty = {**output, "arguments": "", "status": "in_progress"}
        middle = [
            {"type": "response.function_call_arguments.delta", **place, "delta": output["arguments"]},
            {"type": "response.function_call_arguments.done", **place, "arguments": output["arguments"],
             "name": output["name"]},
        ]
    else:
        part = output["content"][0]
        empty = {**output, "content": [], "status": "in_progress"}
        place["content_index"] = 0
        middle = [
            {"type": "response.content_part.added", **place, "part": {**part, "text": ""}},
            *({"type": "response.output_text.delta", **place, "delta": piece, "logprobs": []}
              for piece in pieces(record)),
            {"type": "response.output_text.done", **place, "text": part["text"], "logprobs": []},
            {"type": "response.content_part.done", **place, "part": part},
        ]
    events = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
        {"type": "response.output_item.added", "output_index": 0, "item": empty},
        *middle,
        {"type": "response.output_item.done", "output_index": 0, "item": output},
        {"type": "response.completed", "response": response},
    ]
    return typed([{**event, "sequence_number": number} for number, event in enumerate(events)])
