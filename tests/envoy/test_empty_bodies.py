"""Requests without a body pass through, and none hangs."""

import pytest

from support import h2client, wire


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
def test_no_body_at_all(method, port, upstream):
    with wire.Connection(port) as connection:
        connection.write(wire.head(0, method=method).replace(b"content-length: 0\r\n", b""))
        connection.response(method)
    assert upstream.only().method == method


def test_post_with_content_length_zero(port, upstream):
    """Nothing is there that could name a prompt, so it is upstream's to refuse."""
    answer = wire.post(port, b"")
    record = upstream.only()
    assert answer.json()["error"]["code"] == "stand_in"
    assert bytes(record.body) == b""


def test_post_with_an_empty_chunked_body(port, upstream):
    with wire.Connection(port) as connection:
        connection.write(wire.head(None) + b"".join(wire.chunks([])))
        assert connection.response().json()["error"]["code"] == "stand_in"
    assert bytes(upstream.only().body) == b""


def test_http2_post_that_ends_with_its_headers(port, upstream):
    with h2client.H2Connection(port) as connection:
        answer = connection.response(connection.start(end=True))
    assert answer.json()["error"]["code"] == "stand_in"
    assert bytes(upstream.only().body) == b""


def test_http2_post_that_ends_with_an_empty_frame(port, upstream):
    answer = h2client.post(port, None, pieces=[b""])
    assert answer.json()["error"]["code"] == "stand_in"
    assert bytes(upstream.only().body) == b""


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_an_empty_body_where_a_prompt_is_required(method, mode, gateway, upstream):
    """Only POST needs a prompt."""
    answer = wire.post(gateway.port(f"{mode}-required"), b"", method=method)
    if method == "PUT":
        assert upstream.only().method == "PUT"
        return
    assert answer.error() == (400, "invalid_json", None)
    assert upstream.finished == []


def test_a_client_that_leaves_half_way(port, upstream, gateway):
    """The next request is served; nothing half of the first one reached upstream."""
    with wire.Connection(port) as connection:
        connection.write(wire.head(1000) + b'{"prompt_id":"plain"')
    answer = wire.post(port, {"model": "m", "prompt_id": "plain"})
    assert answer.status == 200
    assert [r for r in upstream.records if r.body and not r.complete] == []
