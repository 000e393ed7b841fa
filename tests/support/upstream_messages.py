"""Anthropic's Messages, as a stand-in answers them, with that API's own checks."""

import json

from support.upstream_record import CANNOT_READ, REFUSALS, Answer, Record, Refused, Stream, pieces, summary, typed

FIELDS = {
    "cache_control", "container", "context_management", "diagnostics", "inference_geo", "max_tokens", "mcp_servers",
    "messages", "metadata", "model", "output_config", "service_tier", "speed", "stop_sequences", "stream", "system",
    "temperature", "thinking", "tool_choice", "tools", "top_k", "top_p", "user_profile_id",
}
TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 413: "request_too_large",
         429: "rate_limit_error", 500: "api_error", 529: "overloaded_error"}
ID = "msg_standin"
TOOL_ID = "toolu_standin"
ARGUMENTS = {"city": "Paris"}


def error(status: int, message: str) -> Answer:
    """Anthropic's envelope."""
    kind = TYPES.get(status, "invalid_request_error")
    return Answer({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_standin"}, status)


class Messages:
    """The API; it keeps nothing.

    The request header `x-standin-tool: name` makes the model ask for that tool, unless the last message has a result.
    """

    error = staticmethod(error)

    def answers(self, method: str, location: str) -> bool:
        """Whether a request is for this API. OpenAI's Assistants had paths that end in the same word."""
        return method == "POST" and location.endswith("/messages") and "/threads/" not in location

    def answer(self, record: Record) -> Answer | Stream:
        """One message, or a refusal."""
        try:
            request = record.json()
            check(request)
            system = request.get("system")
            record.seen = ([{"role": "system", "content": system}] if system else []) + request["messages"]
            return _answer(record, request)
        except Refused as refused:
            return refused.answer
        except REFUSALS:
            return error(400, CANNOT_READ)


def check(request: dict) -> None:
    """The rules of the API that a request which was put together wrongly breaks."""
    for name in request:
        _require(name in FIELDS, f"{name}: Extra inputs are not permitted")
    for name in ("model", "max_tokens", "messages"):
        _require(name in request, f"{name}: Field required")
    _require(type(request["max_tokens"]) is int, "max_tokens: Input should be a valid integer")
    _require(request.get("system") is None or isinstance(request["system"], (str, list)),
             "system: Input should be a valid list")
    if isinstance(request.get("system"), list):
        _check_content("system", request["system"])
    messages = request["messages"]
    _require(isinstance(messages, list), "messages: Input should be a valid list")
    _require(len(messages) > 0, "messages: at least one message is required")
    for number, message in enumerate(messages):
        _check_message(number, messages, message)
    _check_end(messages[-1])


def _check_message(number: int, messages: list, message: dict) -> None:
    place = f"messages.{number}"
    _require(set(message) == {"role", "content"}, f"{place}: role and content are required, and nothing else")
    role, content = message["role"], message["content"]
    _require(role in ("user", "assistant", "system"), f'{place}.role: "{role}" is not "user", "assistant" or "system"')
    last = number == len(messages) - 1
    if role == "system":
        _require(number > 0, f"{place}: the first message can't be a system message: use the top-level `system`")
        _require(messages[number - 1]["role"] == "user", f"{place}: a system message has to follow a user turn")
        _require(last or messages[number + 1]["role"] == "assistant",
                 f"{place}: a system message has to be last, or to precede an assistant turn")
    _require(content not in ("", []) or (last and role == "assistant"),
             f"{place}: all messages must have non-empty content except for the optional final assistant message")
    _require(isinstance(content, (str, list)), f"{place}.content: Input should be a valid list")
    if isinstance(content, list):
        _check_content(f"{place}.content", content)
        _check_tools(number, messages, content)


def _check_content(place: str, blocks: list) -> None:
    for number, block in enumerate(blocks):
        kind = block["type"]
        _require(kind != "text" or block["text"] != "", f"{place}.{number}: text content blocks must be non-empty")
        _require(kind != "text" or block["text"].strip() != "",
                 f"{place}.{number}: text content blocks must contain non-whitespace text")


def _check_tools(number: int, messages: list, blocks: list) -> None:
    """Each use of a tool is followed by its result in the next message."""
    used = {block["id"] for block in blocks if block["type"] == "tool_use"}
    following = messages[number + 1]["content"] if number + 1 < len(messages) else []
    results = {block["tool_use_id"] for block in following
               if isinstance(block, dict) and block["type"] == "tool_result"}
    _require(used <= results, f"messages.{number}: `tool_use` ids were found without `tool_result` blocks "
                              f"immediately after: {', '.join(sorted(used - results))}")


def _check_end(message: dict) -> None:
    content = message["content"]
    if isinstance(content, list):
        content = content[-1].get("text") or "" if content else ""
    _require(message["role"] != "assistant" or content == content.rstrip(),
             "messages: final assistant content cannot end with trailing whitespace")


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise Refused(error(400, message))


def _answer(record: Record, request: dict) -> Answer | Stream:
    tool = record.header("x-standin-tool")
    last = request["messages"][-1]["content"]
    if isinstance(last, list) and any(block["type"] == "tool_result" for block in last):
        tool = None
    usage = {"input_tokens": len(record.body) // 4, "output_tokens": 8}
    message = {"id": ID, "type": "message", "role": "assistant", "model": request["model"], "content": [],
               "stop_reason": None, "stop_sequence": None, "usage": usage}
    stop = "tool_use" if tool else "end_turn"
    if request.get("stream") is True:
        return _stream(record, message, tool, stop)
    if tool:
        block = {"type": "tool_use", "id": TOOL_ID, "name": tool, "input": ARGUMENTS}
    else:
        roles = [message["role"] for message in record.seen]
        block = {"type": "text", "text": summary(roles), "citations": None}
    return Answer({**message, "content": [block], "stop_reason": stop})


def _stream(record: Record, message: dict, tool: str | None, stop: str) -> Stream:
    if tool:
        block = {"type": "tool_use", "id": TOOL_ID, "name": tool, "input": {}}
        deltas = [{"type": "input_json_delta", "partial_json": part} for part in ("", json.dumps(ARGUMENTS))]
    else:
        block = {"type": "text", "text": ""}
        deltas = [{"type": "text_delta", "text": piece} for piece in pieces(record)]
    return typed([
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "ping"},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None},
         "usage": {"output_tokens": len(deltas)}},
        {"type": "message_stop"},
    ])
