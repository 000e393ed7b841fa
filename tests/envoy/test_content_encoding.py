"""Compressed bodies: refused on our paths, since nobody can see whether they name a prompt."""

import gzip

import pytest

from support import wire

GZIP = gzip.compress(b'{"model":"m","prompt_id":"plain"}')
# The filter never decompresses, so for these two any bytes will do.
BODIES = {"gzip": GZIP, "br": b"\x0b\x02\x80{}\x03", "zstd": b"\x28\xb5\x2f\xfd\x00\x00", "GZIP": GZIP,
          "gzip, identity": GZIP, "x-unknown": b"??"}


@pytest.mark.parametrize("encoding", BODIES)
def test_refused_on_our_paths(encoding, port, upstream, gateway):
    before = gateway.upstream_requests()
    answer = wire.post(port, BODIES[encoding], headers={"content-encoding": encoding})
    assert answer.error() == (415, "unsupported_content_encoding", None)
    assert gateway.upstream_requests() == before
    assert upstream.finished == []


@pytest.mark.parametrize("encoding", BODIES)
def test_untouched_on_other_paths(encoding, port, upstream):
    wire.post(port, BODIES[encoding], headers={"content-encoding": encoding}, path="/v1/embeddings")
    assert bytes(upstream.only().body) == BODIES[encoding]


@pytest.mark.parametrize("encoding", BODIES)
def test_forwarded_when_configured(encoding, mode, gateway, upstream):
    wire.post(gateway.port(f"{mode}-compressed"), BODIES[encoding], headers={"content-encoding": encoding})
    record = upstream.only()
    assert bytes(record.body) == BODIES[encoding]
    assert record.header("content-encoding") == encoding


@pytest.mark.parametrize("encoding", ["identity", "Identity", ""])
def test_identity_is_no_compression(encoding, port, upstream):
    wire.post(port, {"prompt_id": "plain"}, headers={"content-encoding": encoding})
    assert upstream.only().json() == {"messages": [{"role": "system", "content": "S"}]}


def test_a_get_with_an_encoding_passes(port, upstream):
    """There is no body that could be compressed."""
    wire.post(port, b"", method="GET", headers={"content-encoding": "gzip"})
    assert upstream.only().method == "GET"
