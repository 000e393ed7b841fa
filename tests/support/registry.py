#!/usr/bin/env python3
"""Stand-in registries: one server that answers as each kind of them does, records what it was asked, and can fail.

Inside a test: `with Registry() as registry: …`. Its parts are the APIs; their paths do not overlap, so one port serves
all. By itself, for the examples (records are read as in `upstream.py`, under `/__standin/requests`):

    python3 tests/support/registry.py --port 18081 --files DIR         the files of a folder, as a web server or an
                                                                       object store serves them, with ETags
    python3 tests/support/registry.py --port 18081 --repository DIR    the same files as Bitbucket, GitHub and GitLab
                                                                       serve those of `acme/prompts`, branch `main`
"""

import argparse
import asyncio
import contextlib
import hashlib
import signal
import ssl
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

if not __package__:  # run by itself, not as a part of `support`
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.registry_faults import Fault
from support.registry_git import Bitbucket, GitHub, GitLab, Repository
from support.registry_litellm import LiteLLM
from support.registry_messages import Generic, Langfuse
from support.registry_promptgate import Promptgate
from support.registry_reply import Reply, conditional, in_json
from support.upstream import StandIn
from support.upstream_record import Record

SECONDS = 10


class Texts(Mapping):
    """The `.prompt` files of a folder by their paths, as they are now."""

    def __init__(self, folder: Path):
        self._folder = folder

    def __iter__(self):
        return (path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*.prompt"))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, path: str) -> str:
        if path not in iter(self):
            raise KeyError(path)
        return (self._folder / path).read_text(encoding="utf-8")


class Files:
    """A folder, as any web server hands it out."""

    def __init__(self, folder: Path):
        self._folder = folder.resolve()

    def answers(self, _path: str) -> bool:
        """Whatever no other API wants."""
        return True

    async def answer(self, record: Record) -> Reply:
        """A file or 404."""
        path = (self._folder / unquote(record.location()).lstrip("/")).resolve()
        if not path.is_relative_to(self._folder) or not path.is_file():
            return Reply(404, b"not found\n", (("content-type", "text/plain"),))
        body = path.read_bytes()
        return conditional(record, Reply(200, body), f'"{hashlib.sha256(body).hexdigest()[:16]}"')


class Registry(StandIn):
    """The server. As a context manager it runs in a thread of its own.

    `fault` is what it does to every request in place of answering; `faults` are done one after the other, one for
    each request, where None is a proper answer. `hold` keeps whole answers back, heads included.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, *, tls: ssl.SSLContext | None = None,
                 authorization: str | None = None):
        super().__init__(host, port)
        self.promptgate = Promptgate()
        self.litellm = LiteLLM()
        self.repository = Repository({})
        self.bitbucket, self.github, self.gitlab = (
            api(self.repository) for api in (Bitbucket, GitHub, GitLab))
        self.generic = Generic()
        self.langfuse = Langfuse()
        self.apis = [self.promptgate, self.litellm, self.bitbucket, self.github, self.gitlab, self.generic,
                     self.langfuse]
        self.fault: Fault | None = None
        self._faults: Iterator[Fault | None] = iter(())
        self._tls = tls
        self._authorization = authorization
        self._server: asyncio.Server | None = None
        self._now: Counter[str] = Counter()
        self._peak: Counter[str] = Counter()

    # What it was asked

    def asked(self, path: str | None = None) -> int:
        """How many requests came, of all or of those for this path and query."""
        return sum(path in (None, record.path) for record in self.records)

    def wait_until_asked(self, path: str | None = None, times: int = 1, seconds: float = SECONDS) -> None:
        """Waits until that many requests have come; TimeoutError otherwise."""
        self.wait_for(lambda records: sum(path in (None, one.path) for one in records) >= times, seconds)

    def most_at_once(self) -> dict[str, int]:
        """How many requests for each path were under way at the same time, at most."""
        with self._changed:
            return dict(self._peak)

    def clear(self) -> None:
        """Forgets what it was asked."""
        super().clear()
        with self._changed:
            self._peak.clear()

    # How it fails

    def fail(self, faults: Iterable[Fault | None]) -> None:
        """Does one of these to each request from now on; behind the last one it answers."""
        self._faults = iter(faults)

    def go_away(self) -> None:
        """Refuses connections from now on, and closes those that are open."""
        self._run(super()._close(self._server))

    def come_back(self) -> None:
        """Listens again, on the same port."""
        self._run(self._listen())

    def publish(self, prompts: dict | None, *, body: bytes | None = None) -> None:
        """Serves a bundle with these prompts, or this body; neither takes the bundle away."""
        body = body if prompts is None else self.promptgate.bundle(prompts)
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (self.promptgate.set(body), done.set()))
        if not done.wait(SECONDS):
            raise TimeoutError("the stand-in is stuck")

    def heal(self) -> None:
        """Ends every fault and forgets what it was asked."""
        self.fault = None
        self.fail(())
        self.release()
        self.clear()

    def _run(self, work) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(SECONDS)

    # Life

    async def _listen(self):
        self._server = await asyncio.start_server(self._connection, self.host, self.port, limit=1 << 20, backlog=512,
                                                  ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self._server

    async def _close(self, _server) -> None:
        await super()._close(self._server)

    # Answers

    async def _answer(self, record: Record, writer) -> bool:
        with self._changed:
            self._now[record.path] += 1
            self._peak[record.path] = max(self._peak[record.path], self._now[record.path])
        try:
            await self._released()
            fault = next(self._faults, self.fault)
            if fault:
                return await fault(record, writer)
            reply = await self._reply_to(record)
            record.response += reply.body
            writer.write(reply.head() + reply.body)
            await writer.drain()
            return True
        finally:
            with self._changed:
                self._now[record.path] -= 1

    async def _reply_to(self, record: Record) -> Reply:
        if self._authorization and record.header("authorization") != self._authorization:
            return in_json({"message": "401 Unauthorized"}, 401)
        path = record.path.split("?")[0]
        api = next((api for api in self.apis if api.answers(path)), None)
        return await api.answer(record) if api else in_json({"detail": "Not Found"}, 404)


async def _main(arguments) -> None:
    tls = None
    if arguments.tls_certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(arguments.tls_certificate, arguments.tls_key)
    registry = Registry(arguments.host, arguments.port, tls=tls, authorization=arguments.authorization)
    if arguments.files:
        registry.apis = [Files(Path(arguments.files))]
    else:
        registry.repository.files = Texts(Path(arguments.repository))
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    def ready():
        if arguments.port_file:
            Path(arguments.port_file).write_text(f"{registry.port}\n", encoding="ascii")
        scheme = "https" if tls else "http"
        print(f"registry stand-in on {scheme}://{registry.host}:{registry.port}", flush=True)

    await registry.serve(stop, ready)


def _arguments():
    parser = argparse.ArgumentParser(description="A recording stand-in for a registry of prompts.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, chooses a free one")
    parser.add_argument("--port-file", help="file that receives the port once the server listens")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--files", metavar="DIR", help="serve the files of this folder")
    what.add_argument("--repository", metavar="DIR", help="serve its .prompt files as hosts of Git repositories do")
    parser.add_argument("--authorization", help="refuse requests whose header Authorization is another one")
    parser.add_argument("--tls-certificate", metavar="FILE", help="speak TLS with this certificate")
    parser.add_argument("--tls-key", metavar="FILE", help="and this key")
    return parser.parse_args()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        try:
            asyncio.run(_main(_arguments()))
        except OSError as problem:
            sys.exit(f"registry.py: {problem}")
