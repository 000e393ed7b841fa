"""How a registry can fail. Each is what a stand-in does in place of answering.

Every body holds `CANARY`, so that a test can look for it where nothing of an answer may be.
"""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable

from support.registry_reply import Reply
from support.upstream_record import Record

CANARY = "canary-answer-3e21"
PROMPT = f"System: {CANARY}\nUser: {{{{ x }}}}\n".encode()
MIB = 1 << 20

Fault = Callable[[Record, asyncio.StreamWriter], Awaitable[bool]]
"""Does its harm; whether the connection goes on."""


def answers(status: int, body: bytes = CANARY.encode(), **headers: str) -> Fault:
    """This answer, whatever was asked; `_` in names of headers stands for `-`."""
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())

    async def fault(_record: Record, writer: asyncio.StreamWriter) -> bool:
        reply = Reply(status, b"" if status in (204, 304) else body, fields)
        writer.write(reply.head() + reply.body)
        await writer.drain()
        return True

    return fault


def sends(data: bytes) -> Fault:
    """These bytes, which need not be HTTP, and the end of the connection."""
    async def fault(_record: Record, writer: asyncio.StreamWriter) -> bool:
        writer.write(data)
        await writer.drain()
        return False

    return fault


def by_path(faults: dict[str, Fault]) -> Fault:
    """Another fault for each path."""
    async def fault(record: Record, writer: asyncio.StreamWriter) -> bool:
        return await faults[record.path](record, writer)

    return fault


async def resets(_record: Record, writer: asyncio.StreamWriter) -> bool:
    """TCP's reset instead of an answer."""
    _reset(writer)
    return False


async def resets_midway(_record: Record, writer: asyncio.StreamWriter) -> bool:
    """TCP's reset behind half a prompt."""
    writer.write(Reply().head(2 * len(PROMPT)) + PROMPT)
    await writer.drain()
    _reset(writer)
    return False


def _reset(writer: asyncio.StreamWriter) -> None:
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def stays_silent(_record: Record, _writer: asyncio.StreamWriter) -> bool:
    """No answer at all, until the stand-in ends."""
    return await _for_ever()


async def stops_midway(_record: Record, writer: asyncio.StreamWriter) -> bool:
    """Half a prompt, and then nothing, on a connection that stays open."""
    writer.write(Reply().head(2 * len(PROMPT)) + PROMPT)
    await writer.drain()
    return await _for_ever()


async def _for_ever() -> bool:
    await asyncio.Event().wait()
    return False


def large(size: int = 40 * MIB, *, chunked: bool = False) -> Fault:
    """So many bytes that look like the beginning of a prompt."""
    async def fault(_record: Record, writer: asyncio.StreamWriter) -> bool:
        head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" if chunked else Reply().head(size)
        piece = (PROMPT * (MIB // len(PROMPT) + 1))[:MIB]
        writer.write(head)
        for _ in range(size // MIB):
            writer.write(b"%x\r\n%s\r\n" % (MIB, piece) if chunked else piece)
            await writer.drain()
        if chunked:
            writer.write(b"0\r\n\r\n")
        return True

    return fault


NOT_HTTP = sends(b"\x16\x03\x01\x02\x00 " + CANARY.encode() + b"\r\n\r\n")
TRUNCATED = sends(Reply().head(2 * len(PROMPT)) + PROMPT)
CLOSED = sends(b"")
GARBAGE = answers(200, b"\xff\xfe\x00" + CANARY.encode() + bytes(range(256)), content_type="application/octet-stream")
EMPTY = answers(200, b"")
PAGE = answers(200, f"<!DOCTYPE html><title>Sign in to {CANARY}</title>".encode(), content_type="text/html")
COMPRESSED = answers(200, b"\x1f\x8b\x08\x00" + CANARY.encode(), content_encoding="gzip")
REDIRECT = answers(302, location=f"https://{CANARY}@sso.test/login?next={CANARY}")
