"""A body gives the same bytes upstream however it is cut: 1-byte chunks, and a cut at every offset of a corpus."""

import pytest

from support import h2client, wire
from support.envoy import poll

pytestmark = pytest.mark.every_envoy

CORPUS = {
    "no-prompt": b'{"model":"m","messages":[{"role":"user","content":"\xc3\xa4"}],"n":1.10}',
    "prompt": b'{"model":"m","prompt_id":"echo","prompt_variables":{"x":"\\u00e4\\ud83d\\ude00\xe2\x82\xac"},'
              b'"n":1E400}',
    "messages": b'{"messages" : [ {"role":"user","content":"a\\"]}"} ] , "prompt_id":"plain"}\n',
    "model": b' {"a":{"b":[1,2]},"model":"my-dotprompt-model","prompt_variables":{"user_message":"q"}}',
    "local-reply": b'{"model":"m","prompt_id":"nope","messages":[]}',
    "not-json": b'\xff\xfe{"prompt',
}


def observed(answer, upstream) -> tuple:
    """What counts as the result of a request: the status, and upstream's bytes or the local reply."""
    return answer.status, upstream.bodies or answer.body


def whole(port, body, upstream) -> tuple:
    upstream.clear()
    return observed(wire.post(port, body), upstream)


@pytest.mark.parametrize("name", CORPUS)
def test_a_cut_at_every_offset(name, port, upstream):
    """Two HTTP/2 frames, cut at each offset; each frame is one call of the body callback."""
    body = CORPUS[name]
    expected = whole(port, body, upstream)
    for cut in range(1, len(body)):
        upstream.clear()
        answer = h2client.post(port, None, pieces=[body[:cut], body[cut:]])
        assert observed(answer, upstream) == expected, f"cut at {cut}"


@pytest.mark.parametrize("name", CORPUS)
def test_one_byte_frames(name, port, upstream):
    body = CORPUS[name]
    expected = whole(port, body, upstream)
    upstream.clear()
    answer = h2client.post(port, None, pieces=[bytes([byte]) for byte in body] + [b""])
    assert observed(answer, upstream) == expected


@pytest.mark.parametrize("name", CORPUS)
def test_one_byte_chunks(name, mode, gateway, upstream):
    """HTTP/1.1: each chunk is written only after Envoy has read the one before it."""
    body, port = CORPUS[name], gateway.port(mode)
    expected = whole(port, body, upstream)
    upstream.clear()
    counter = f"http.{mode}.downstream_cx_rx_bytes_total"
    with wire.Connection(port) as connection:
        read = gateway.counter(counter)
        for piece in [wire.head(None)] + wire.chunks([bytes([byte]) for byte in body]):
            connection.write(piece)
            read += len(piece)
            poll(lambda: gateway.counter(counter) >= read, every=0.0005)
        answer = connection.response()
    assert observed(answer, upstream) == expected


def test_one_write_for_several_requests(port, upstream):
    """Pipelined requests on one connection keep to themselves. Only a local reply ends the connection: Envoy's way."""
    bodies = [CORPUS["prompt"], CORPUS["no-prompt"], CORPUS["model"], CORPUS["prompt"], CORPUS["local-reply"]]
    expected = [whole(port, body, upstream) for body in bodies]
    upstream.clear()
    with wire.Connection(port) as connection:
        connection.write(b"".join(wire.head(len(body)) + body for body in bodies))
        answers = [connection.response() for _ in bodies]
    assert [answer.status for answer in answers] == [status for status, _ in expected]
    assert upstream.bodies == [body for status, bodies in expected if status == 200 for body in bodies]
