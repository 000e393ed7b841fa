#!/usr/bin/env python3
"""A recording stand-in for an LLM provider: HTTP/1.1, standard library only.

It answers `…/chat/completions` and `…/responses` the way OpenAI does and `…/messages` the way Anthropic does, streamed
when the request says so, and keeps every request exactly as it arrived, unfinished ones included. Run it by itself
(`python3 tests/support/upstream.py --port 0`) or inside a test (`with StandIn() as upstream: …`).

Reading the records over HTTP (these calls are not recorded):

    GET    /__standin/requests     a JSON list, oldest first
    DELETE /__standin/requests     forget them

Request headers that change the answer:

    x-standin-status: 500          this status, with an error envelope
    x-standin-early: 401           this status as soon as the headers are there, whatever becomes of the body
    x-standin-delay-ms: 200        wait before answering
    x-standin-reset: 1             close the connection instead of answering
    x-standin-chunks: 20           number of content chunks of a streamed answer (default 3)
    x-standin-interval-ms: 50      pause between two events of a streamed answer
    x-standin-tool: name           the model calls this tool (responses and messages)
"""

import argparse
import asyncio
import contextlib
import json
import signal
import sys
import threading
import time
from pathlib import Path

if not __package__:  # run by itself, not as a part of `support`
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.upstream_chat import Chat
from support.upstream_messages import Messages
from support.upstream_record import Record, Stream
from support.upstream_responses import Responses

MAX_HEAD = 1 << 20
MAX_RECORDS = 100_000
DRAIN_SECONDS = 5
EARLY = "the stand-in refuses what it has not read"


class StandIn:
    """The server. As a context manager it runs in a thread of its own."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0):
        self.host = host
        self.port = port
        self._records: list[Record] = []
        self._changed = threading.Condition()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._connections: set[asyncio.Task] = set()
        self._gate: asyncio.Event | None = None
        self._apis = [Chat(), Responses(), Messages()]

    # Reading the records

    @property
    def records(self) -> list[Record]:
        """All requests so far, oldest first, unfinished ones included."""
        with self._changed:
            return list(self._records)

    @property
    def finished(self) -> list[Record]:
        """The requests that arrived whole. Without held headers a refused request may leave an unfinished one."""
        return [record for record in self.records if record.complete]

    @property
    def bodies(self) -> list[bytes]:
        """Everything that arrived of any body, unfinished ones included; empty bodies are left out."""
        return [bytes(record.body) for record in self.records if record.body]

    def clear(self) -> None:
        """Forgets all records."""
        with self._changed:
            self._records.clear()

    def wait_for(self, condition, seconds: float = 5.0) -> list[Record]:
        """Waits until `condition(records)` holds and returns the records; TimeoutError otherwise."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self._records), seconds):
                raise TimeoutError(f"the stand-in has {len(self._records)} records")
            return list(self._records)

    def only(self) -> Record:
        """The single finished request since `clear`."""
        self.wait_for(lambda records: any(record.complete for record in records))
        if len(self.finished) != 1:
            raise AssertionError(f"expected one request, the stand-in has {len(self.finished)}")
        return self.finished[0]

    # Answering late

    def hold(self) -> None:
        """Keeps answers back from now on; the heads of those that are not streamed go out."""
        self._gate = asyncio.Event()

    def release(self) -> None:
        """Answers those that wait, and all others."""
        gate, self._gate = self._gate, None
        if gate:
            self._loop.call_soon_threadsafe(gate.set)

    async def _released(self) -> None:
        if gate := self._gate:
            await gate.wait()

    # Life

    def __enter__(self) -> "StandIn":
        started = threading.Event()
        failure: list[BaseException] = []

        def run():
            self._loop = asyncio.new_event_loop()
            try:
                server = self._loop.run_until_complete(self._listen())
            except BaseException as error:  # reported to the starting thread
                failure.append(error)
                started.set()
                return
            started.set()
            self._loop.run_forever()
            self._loop.run_until_complete(self._close(server))
            self._loop.close()

        self._thread = threading.Thread(target=run, name="llm-stand-in", daemon=True)
        self._thread.start()
        if not started.wait(10):
            raise TimeoutError("the stand-in did not start")
        if failure:
            raise failure[0]
        return self

    def __exit__(self, *_exc) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(DRAIN_SECONDS * 2)

    async def serve(self, stop: asyncio.Event, ready=None) -> None:
        """Serves until `stop` is set; calls `ready()` once the port is known."""
        server = await self._listen()
        if ready:
            ready()
        await stop.wait()
        await self._close(server)

    async def _listen(self):
        server = await asyncio.start_server(self._connection, self.host, self.port, limit=MAX_HEAD, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _close(self, server) -> None:
        server.close()
        for task in self._connections:
            task.cancel()
        if self._connections:
            await asyncio.wait(self._connections, timeout=DRAIN_SECONDS)

    # One connection

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._connections.add(task)
        try:
            while await self._exchange(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError, ValueError):
            pass  # the peer left or talked nonsense; an unfinished record says so
        finally:
            self._connections.discard(task)
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _exchange(self, reader, writer) -> bool:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return False
        request_line, *lines = head[:-4].decode("latin-1").split("\r\n")
        method, path, version = request_line.split(" ", 2)
        record = Record(method, path, version, [_header(line) for line in lines])
        record.chunked = "chunked" in (record.header("transfer-encoding") or "").lower()
        control = path.startswith("/__standin/")
        if not control:
            self._add(record)
        if early := record.header("x-standin-early"):
            answer = self._apis[0].error(int(early), EARLY)
            await asyncio.gather(self._reply(record, writer, answer.status, answer.value),
                                 self._read_body(reader, record))
        else:
            await self._read_body(reader, record)
        record.complete = True
        if control:
            await self._control(record, writer)
            return True
        with self._changed:
            self._changed.notify_all()
        return bool(early) or await self._answer(record, writer)

    def _add(self, record: Record) -> None:
        with self._changed:
            if len(self._records) >= MAX_RECORDS:
                del self._records[: MAX_RECORDS // 2]
            self._records.append(record)
            self._changed.notify_all()

    async def _read_body(self, reader, record: Record) -> None:
        if not record.chunked:
            missing = int(record.header("content-length") or 0)
            while missing:
                piece = await reader.read(min(missing, 1 << 16))
                if not piece:
                    raise asyncio.IncompleteReadError(bytes(), missing)
                record.body += piece
                missing -= len(piece)
            return
        while size := int((await reader.readline()).split(b";")[0], 16):
            record.body += await reader.readexactly(size)
            await reader.readexactly(2)
        while (line := await reader.readline()) not in (b"\r\n", b""):
            record.trailers.append(_header(line.decode("latin-1").rstrip("\r\n")))

    async def _control(self, record: Record, writer) -> None:
        if record.path != "/__standin/requests" or record.method not in ("GET", "DELETE"):
            await self._reply(record, writer, 404, {"error": "GET or DELETE /__standin/requests"})
            return
        if record.method == "DELETE":
            self.clear()
        await self._reply(record, writer, 200, [r.as_json() for r in self.records])

    # Answers

    async def _answer(self, record: Record, writer) -> bool:
        if delay := record.header("x-standin-delay-ms"):
            await asyncio.sleep(int(delay) / 1000)
        if record.header("x-standin-reset"):
            return False
        location = record.location()
        api = next((api for api in self._apis if api.answers(record.method, location)), None)
        if status := record.header("x-standin-status"):
            answer = (api or self._apis[0]).error(int(status), "asked for by x-standin-status")
        elif api:
            answer = api.answer(record)
        else:
            await self._reply(record, writer, 200, {"object": "stand-in", "bytes": len(record.body)})
            return True
        if isinstance(answer, Stream):
            await self._stream(record, writer, answer)
        else:
            await self._reply(record, writer, answer.status, answer.value)
        return True

    async def _stream(self, record: Record, writer, stream: Stream) -> None:
        interval = int(record.header("x-standin-interval-ms") or 0) / 1000
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n"
                     b"transfer-encoding: chunked\r\n\r\n")
        for number, (name, data) in enumerate(stream.events):
            if interval and number:
                await asyncio.sleep(interval)
            await self._event(record, writer, name, data)
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    async def _event(self, record: Record, writer, name: str | None, data: str) -> None:
        event = (f"event: {name}\n" if name else "").encode() + f"data: {data}\n\n".encode()
        record.response += event
        record.sent_at.append(time.monotonic())
        writer.write(b"%x\r\n%s\r\n" % (len(event), event))
        await writer.drain()

    async def _reply(self, record: Record, writer, status: int, value) -> None:
        body = json.dumps(value).encode()
        record.response += body
        writer.write(b"HTTP/1.1 %d Stand-In\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
                     % (status, len(body)))
        await self._released()
        writer.write(b"" if record.method == "HEAD" else body)
        await writer.drain()


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name, value.strip(" \t")


async def _main(arguments) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = StandIn(arguments.host, arguments.port)

    def ready():
        if arguments.port_file:
            with open(arguments.port_file, "w", encoding="ascii") as file:
                file.write(f"{server.port}\n")
        print(f"LLM stand-in on http://{server.host}:{server.port}", flush=True)

    await server.serve(stop, ready)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A recording stand-in for an LLM provider.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, chooses a free one")
    parser.add_argument("--port-file", help="file that receives the port once the server listens")
    try:
        asyncio.run(_main(parser.parse_args()))
    except OSError as problem:
        sys.exit(f"upstream.py: {problem}")
