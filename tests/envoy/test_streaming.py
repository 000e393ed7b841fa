"""Streamed answers pass the filter as they come: the same bytes, none held back."""

import os
import time

import pytest

from support import wire

pytestmark = pytest.mark.every_envoy

SECONDS = 60 if os.environ.get("LONG") else 2
INTERVAL_MS = 100
LATE = 1.0
TRIES = 3


def read_events(connection) -> tuple[bytes, list[float]]:
    """All bytes of a streamed answer, and the time at which each event was complete."""
    status, headers = connection.head()
    assert status == 200 and dict(headers)["content-type"] == "text/event-stream"
    received, arrived = bytearray(), []
    for piece in connection.pieces(headers):
        received += piece
        arrived += [time.monotonic()] * piece.count(b"\n\n")
    return bytes(received), arrived


def test_bytes_and_timing(port, upstream):
    """Two seconds, or with LONG=1 a minute. A machine that runs tests may be late by itself, but not each time."""
    tries = []
    while not tries or held_back(tries[-1]) and len(tries) < TRIES:
        tries.append(streamed(port, upstream))
    assert not held_back(tries[-1]), tries


def held_back(delays: list[float]) -> bool:
    """Whether events were, by how long they were under way, in seconds: the middle one, or the slowest."""
    return delays[len(delays) // 2] >= INTERVAL_MS / 2000 or delays[-1] >= LATE


def streamed(port: int, upstream) -> list[float]:
    """How long the events of an answer were under way, in order. All of its bytes are upstream's."""
    upstream.clear()
    body = wire.encode({"model": "m", "stream": True, "prompt_id": "plain"})
    headers = {"x-standin-chunks": str(SECONDS * 1000 // INTERVAL_MS), "x-standin-interval-ms": str(INTERVAL_MS)}
    with wire.Connection(port, timeout=30) as connection:
        connection.write(wire.head(len(body), headers=headers) + body)
        received, arrived = read_events(connection)
    record = upstream.only()
    assert received == bytes(record.response)
    assert len(arrived) == len(record.sent_at)
    return sorted(there - sent for sent, there in zip(record.sent_at, arrived))


def test_a_client_that_leaves_a_stream(port, upstream, gateway):
    """Upstream is told, and the gateway serves on."""
    body = wire.encode({"model": "m", "stream": True, "prompt_id": "plain"})
    headers = {"x-standin-chunks": "1000", "x-standin-interval-ms": "20"}
    with wire.Connection(port) as connection:
        connection.write(wire.head(len(body), headers=headers) + body)
        status, fields = connection.head()
        assert status == 200 and next(connection.pieces(fields)).startswith(b"data: ")
    assert wire.post(port, {"prompt_id": "plain"}).status == 200


def test_an_upstream_error_passes(port, upstream):
    answer = wire.post(port, {"prompt_id": "plain"}, headers={"x-standin-status": "429"})
    assert (answer.status, answer.error_code()) == (429, "stand_in")


def test_an_upstream_that_resets(port, upstream):
    """Envoy's own 503, not the filter's."""
    answer = wire.post(port, {"prompt_id": "plain"}, headers={"x-standin-reset": "1"})
    assert answer.status == 503 and b"prompt_unavailable" not in answer.body
