"""What a stand-in keeps of a request, and what it answers with."""

import base64
import json
from dataclasses import dataclass, field

CANNOT_READ = "the stand-in cannot read this body"
REFUSALS = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a body that is none of an API's raises."""


@dataclass
class Record:
    """One request as it arrived. Header names and values are Latin-1 text, so that no byte is lost."""

    method: str
    path: str
    version: str
    headers: list[tuple[str, str]]
    chunked: bool = False
    body: bytearray = field(default_factory=bytearray)
    trailers: list[tuple[str, str]] = field(default_factory=list)
    complete: bool = False
    response: bytearray = field(default_factory=bytearray)
    sent_at: list[float] = field(default_factory=list)
    seen: list[dict] | None = None
    """What a model would have been given: system text, stored turns, this turn. None where no model was asked."""

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def json(self):
        """The body as a JSON value."""
        return json.loads(bytes(self.body))

    def location(self) -> str:
        """The path without its query, slashes merged, a trailing one dropped."""
        return "/" + "/".join(part for part in self.path.split("?")[0].split("/") if part)

    def as_json(self) -> dict:
        """The record for the control endpoint; `body` is text, `body_base64` the exact bytes."""
        return {
            "method": self.method,
            "path": self.path,
            "version": self.version,
            "headers": self.headers,
            "chunked": self.chunked,
            "body": self.body.decode("utf-8", "replace"),
            "body_base64": base64.b64encode(self.body).decode(),
            "trailers": self.trailers,
            "complete": self.complete,
            "seen": self.seen,
        }


@dataclass
class Answer:
    """One JSON value."""

    value: object
    status: int = 200


@dataclass
class Stream:
    """Server-sent events: pairs of a name, or None, and data."""

    events: list[tuple[str | None, str]]


class Refused(Exception):
    """A request that the API of a stand-in does not accept."""

    def __init__(self, answer: Answer):
        super().__init__(answer.status)
        self.answer = answer


def pieces(record: Record) -> list[str]:
    """The text of a streamed answer, in as many pieces as the request asks for."""
    return [f"piece {number} " for number in range(int(record.header("x-standin-chunks") or 3))]


def summary(roles: list, what: str = "messages") -> str:
    """The text of an answer that is not streamed: how many messages of which roles arrived."""
    return f"The stand-in received {len(roles)} {what}: {', '.join(map(str, roles))}."


def typed(events: list[dict]) -> Stream:
    """Events that are named after their `type`."""
    return Stream([(event["type"], json.dumps(event)) for event in events])
