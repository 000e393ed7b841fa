"""OpenAI's Chat Completions, as a stand-in answers them."""

import json
import time

from support.upstream_record import CANNOT_READ, REFUSALS, Answer, Record, Stream, pieces, summary


def error(status: int, message: str) -> Answer:
    """OpenAI's envelope."""
    return Answer({"error": {"message": message, "type": "stand_in_error", "param": None, "code": "stand_in"}}, status)


class Chat:
    """The API; it keeps nothing."""

    error = staticmethod(error)

    def answers(self, _method: str, location: str) -> bool:
        """Whether a request is for this API."""
        return location.endswith("/chat/completions")

    def answer(self, record: Record) -> Answer | Stream:
        """One completion."""
        try:
            request = record.json()
            messages = request.get("messages") or []
            roles = [message["role"] if isinstance(message, dict) and "role" in message else None
                     for message in messages]
        except REFUSALS:
            return error(400, CANNOT_READ)
        record.seen = messages
        model = request.get("model") or "none"
        if request.get("stream") is True:
            return _stream(record, model)
        return Answer({
            "id": "chatcmpl-standin",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": model,
            "choices": [{
                "index": 0,
                "message": {"role": "assistant", "content": summary(roles), "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }],
            "usage": {"prompt_tokens": len(record.body) // 4, "completion_tokens": 8,
                      "total_tokens": len(record.body) // 4 + 8},
        })


def _stream(record: Record, model: str) -> Stream:
    deltas = [({"role": "assistant", "content": ""}, None)]
    deltas += [({"content": piece}, None) for piece in pieces(record)]
    deltas += [({}, "stop")]
    events = []
    for delta, finish in deltas:
        chunk = {"id": "chatcmpl-standin", "object": "chat.completion.chunk", "created": int(time.time()),
                 "model": model, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
        events.append((None, json.dumps(chunk)))
    return Stream([*events, (None, "[DONE]")])
