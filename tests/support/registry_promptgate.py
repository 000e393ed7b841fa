"""Promptgate's own protocol, as docs/registry-protocol.md has it: `bundle.json` and `prompts/{id}.json`."""

import asyncio
import contextlib
import hashlib
import json
import re

from support.registry_reply import Reply, bearer, conditional, in_json
from support.upstream_record import Record

_WAIT = re.compile(r"\bwait=(\d+)")
_PROMPT = re.compile(r"^/prompts/(?P<id>.+)\.json$")


def digest(prompts: dict) -> str:
    """The revision of a bundle with these prompts."""
    compact = json.dumps(prompts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(compact.encode()).hexdigest()


class Promptgate:
    """A server of bundles. What it serves is changed by `publish`, from any thread."""

    def __init__(self):
        self.token: str | None = None
        self.waits = False
        """Whether it honours `Prefer: wait`."""
        self.etags = True
        self.singles: dict[str, object] = {}
        """Prompts that it has by themselves, beside those of the bundle."""
        self._body: bytes | None = None
        self._etag = ""
        self._published = asyncio.Event()

    def bundle(self, prompts: dict) -> bytes:
        """What `promptgate bundle` would write."""
        return json.dumps({"revision": digest(prompts), "prompts": prompts}).encode()

    def set(self, body: bytes | None) -> None:
        """Serves this file from now on; None takes it away. To be called where the server runs."""
        self._body = body
        self._etag = '"' + hashlib.sha256(body or b"").hexdigest()[:16] + '"'
        self._published.set()
        self._published = asyncio.Event()

    def answers(self, path: str) -> bool:
        """Whether a request is for this API."""
        return path == "/bundle.json" or bool(_PROMPT.match(path))

    async def answer(self, record: Record) -> Reply:
        """One of the two files, when there is something new or the client has waited for long enough."""
        if self.token and bearer(record) != self.token:
            return Reply(401, b"unauthorized", (("www-authenticate", "Bearer"),))
        if single := _PROMPT.match(record.location()):
            return self._single(record, single["id"])
        applied = ()
        wait = _WAIT.search(record.header("prefer") or "")
        if self.waits and wait:
            applied = (("preference-applied", wait[0]),)
            if record.header("if-none-match") == self._etag:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._published.wait(), int(wait[1]))
        if self._body is None:
            return Reply(404, b"not found", applied)
        reply = self._file(record, self._body, self._etag)
        return Reply(reply.status, reply.body, (*reply.headers, *applied))

    def _single(self, record: Record, prompt_id: str) -> Reply:
        if prompt_id not in self.singles:
            return in_json({"error": "not found"}, 404)
        body = json.dumps(self.singles[prompt_id]).encode()
        return self._file(record, body, '"' + hashlib.sha256(body).hexdigest()[:16] + '"')

    def _file(self, record: Record, body: bytes, etag: str) -> Reply:
        reply = Reply(200, body, (("content-type", "application/json"),))
        return conditional(record, reply, etag) if self.etags else reply
