"""What a stand-in registry answers with."""

import base64
import json
from dataclasses import dataclass
from http import HTTPStatus

from support.upstream_record import Record


@dataclass
class Reply:
    """One answer; `content-length` is added."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def head(self, length: int | None = None) -> bytes:
        """Status line and headers; `length` is what they claim, if not the truth."""
        lines = [f"HTTP/1.1 {self.status} {_reason(self.status)}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.status != 304:
            lines.append(f"content-length: {len(self.body) if length is None else length}")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Stand-In"


def in_json(value, status: int = 200, *headers: tuple[str, str]) -> Reply:
    """A JSON value."""
    return Reply(status, json.dumps(value).encode(), (("content-type", "application/json; charset=utf-8"), *headers))


def conditional(record: Record, reply: Reply, etag: str) -> Reply:
    """The reply with its ETag, or 304 where the request has it already."""
    if record.header("if-none-match") == etag:
        return Reply(304, headers=(("etag", etag),))
    return Reply(reply.status, reply.body, (*reply.headers, ("etag", etag)))


def bearer(record: Record) -> str | None:
    """The token of `Authorization: Bearer`."""
    scheme, _, token = (record.header("authorization") or "").partition(" ")
    return token if scheme.lower() == "bearer" else None


def basic(record: Record) -> tuple[str, str] | None:
    """User and password of `Authorization: Basic`."""
    scheme, _, credentials = (record.header("authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:
        return None
    return user, password
