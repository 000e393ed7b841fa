"""What `/responses` and `/messages` have in common: a request, the same with the prompt `plain`, and errors."""

from dataclasses import dataclass

from support.wire import Response

USER = {"role": "user", "content": "hi"}
TYPES = {403: "permission_error", 404: "not_found_error", 413: "request_too_large", 503: "api_error"}


@dataclass(frozen=True)
class Dialect:
    """One API, for tests that hold for several."""

    path: str
    request: dict
    """A request without a prompt."""
    rendered: dict
    """What upstream receives of it with `System: S`."""
    anthropic: bool = False
    """Whose envelope errors come in."""

    def error(self, answer: Response) -> tuple[int, str | None, str | None]:
        """Status, code and param of an error, once its envelope is as its API documents it."""
        assert answer.status >= 400, answer.body
        assert answer.header("content-type").startswith("application/json")
        body = answer.json()
        error = body["error"]
        assert error["message"] and not error["message"].isspace()
        if not self.anthropic:
            assert set(body) == {"error"} and set(error) == {"message", "type", "param", "code"}
            assert error["type"] == ("server_error" if answer.status == 503 else "invalid_request_error")
            return answer.status, error["code"], error["param"]
        assert set(body) == {"type", "error"} and body["type"] == "error"
        assert set(error) == {"type", "message", "details"}
        assert error["type"] == TYPES.get(answer.status, "invalid_request_error")
        details = error["details"]
        assert set(details) in ({"error_code"}, {"error_code", "param"}) and details.get("param", "") is not None
        return answer.status, details["error_code"], details.get("param")


RESPONSES = Dialect("/v1/responses", {"model": "m", "input": "hi"},
                    {"model": "m", "input": "hi", "instructions": "S"})
MESSAGES = Dialect("/v1/messages", {"model": "m", "max_tokens": 9, "messages": [USER]},
                   {"model": "m", "max_tokens": 9, "messages": [USER], "system": "S"}, anthropic=True)
DIALECTS = {"responses": RESPONSES, "messages": MESSAGES}
