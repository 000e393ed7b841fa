"""Bounds: the body limit to the byte, nesting, and the number of keys."""

import time

import pytest

from support import h2client, wire

LIMIT = 64 * 1024
TOO_LARGE = (413, "request_too_large", None)
CLIENTS = {"http1": wire.post, "http2": h2client.post}


def sized(size: int, prompt: bool = True) -> bytes:
    """A JSON body of exactly this many bytes."""
    start = b'{"prompt_id":"plain","x":"' if prompt else b'{"model":"m","x":"'
    return start + b"x" * (size - len(start) - 2) + b'"}'


@pytest.mark.parametrize("prompt", [True, False], ids=["with-prompt", "without-prompt"])
@pytest.mark.parametrize("extra", [-1, 0, 1])
@pytest.mark.parametrize("client", CLIENTS)
def test_a_body_at_the_limit(client, extra, prompt, mode, gateway, upstream):
    body = sized(LIMIT + extra, prompt)
    assert len(body) == LIMIT + extra
    answer = CLIENTS[client](gateway.port(f"{mode}-small"), body)
    if extra <= 0:
        assert answer.status == 200
        assert b"x" * (LIMIT - 100) in upstream.only().body
        return
    assert answer.error() == TOO_LARGE
    assert upstream.bodies == []


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_a_chunked_body_at_the_limit(extra, mode, gateway, upstream):
    """No content-length announces it."""
    body = sized(LIMIT + extra)
    with wire.Connection(gateway.port(f"{mode}-small")) as connection:
        connection.write(wire.head(None) + b"".join(wire.chunks([body[:40_000], body[40_000:]])))
        answer = connection.response()
    if extra > 0:
        assert answer.error() == TOO_LARGE
    else:
        assert answer.status == 200


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_the_limit_that_holds_without_configuration(extra, port, upstream):
    """10 MiB."""
    answer = wire.post(port, sized((10 << 20) + extra))
    if extra > 0:
        assert answer.error() == TOO_LARGE
    else:
        assert answer.status == 200


def test_the_limit_is_for_our_paths_only(mode, gateway, upstream):
    body = sized(LIMIT * 2)
    assert wire.post(gateway.port(f"{mode}-small"), body, path="/v1/files").status == 200
    assert bytes(upstream.only().body) == body


@pytest.mark.parametrize("opening, closing", [(b"[", b"]"), (b'{"a":', b"}")], ids=["arrays", "objects"])
@pytest.mark.parametrize("place", ["messages", "unknown"])
def test_deep_nesting_is_no_stack_overflow(place, opening, closing, port, upstream):
    """100,000 levels: passed on as they are, and the next request too."""
    deep = opening * 100_000 + b"1" + closing * 100_000
    field = b'"messages":[%s]' % deep if place == "messages" else b'"x":%s' % deep
    body = b'{"prompt_id":"plain",' + field + b"}"
    # Python's own parser in the stand-in would refuse such depth, so it is told what to answer.
    assert wire.post(port, body, headers={"x-standin-status": "200"}).status == 200
    assert deep in bytes(upstream.only().body)
    assert wire.post(port, {"prompt_id": "plain", "model": "m"}).status == 200


def test_deep_variables_are_refused(port):
    """Values nest at most 64 deep."""
    body = b'{"prompt_id":"echo","prompt_variables":{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}}"
    assert wire.post(port, body).error() == (400, "invalid_variable", "prompt_variables.x")
    assert wire.post(port, {"prompt_id": "plain"}).status == 200


@pytest.mark.parametrize("where", ["nested", "top-without-prompt"])
def test_a_million_keys_take_linear_time(where, port, upstream):
    """Ten times the keys may take ten times as long, and some; not a hundred times. The stand-in parses none of it."""
    def body(count: int) -> bytes:
        keys = b",".join(b'"k%d":1' % n for n in range(count))
        return b'{"prompt_id":"plain","x":{%s}}' % keys if where == "nested" else b'{%s}' % keys

    def seconds(count: int) -> float:
        data = body(count)
        best = []
        for _ in range(3):
            start = time.perf_counter()
            answer = wire.post(port, data, headers={"x-standin-status": "200"})
            best.append(time.perf_counter() - start)
            assert answer.status == 200
        return min(best)

    assert len(body(700_000)) < 10 << 20
    assert seconds(700_000) < 30 * seconds(70_000) + 0.2


@pytest.mark.parametrize("where", ["nested-with-prompt", "top-without-prompt"])
def test_a_million_keys_are_scanned(where, mode, gateway, upstream):
    """Beyond the usual body limit, so that it is the scanner that reads them all."""
    keys = b",".join(b'"k%d":1' % n for n in range(1_000_000))
    body = b'{"prompt_id":"plain","x":{%s}}' % keys if where == "nested-with-prompt" else b"{%s}" % keys
    assert len(body) > 10 << 20
    answer = wire.post(gateway.port(f"{mode}-large"), body, headers={"x-standin-status": "200"})
    assert answer.status == 200
    sent = bytes(upstream.only().body)
    assert keys in sent
    assert (sent == body) == (where == "top-without-prompt")


def test_more_than_a_thousand_top_level_keys_with_a_prompt(port, upstream):
    def body(count: int) -> bytes:
        return wire.encode({"prompt_id": "plain", **{f"k{n}": 1 for n in range(count - 1)}})

    assert wire.post(port, body(1001)).error() == (400, "invalid_json", None)
    assert upstream.finished == []
    assert wire.post(port, body(1000)).status == 200


def test_many_top_level_keys_without_a_prompt(port, upstream):
    body = b"{" + b",".join(b'"k%d":1' % n for n in range(5000)) + b"}"
    assert wire.post(port, body).status == 200
    assert bytes(upstream.only().body) == body
