"""Header values that are not UTF-8: a normal answer, and the next request too."""

import pytest

from support import wire

ODD = b"\xff\xfe\x80abc"
READ = ["content-type", "accept", "authorization", "x-request-id", "user-agent", "x-promptgate-id",
        "x-promptgate-version", "x-promptgate-label", "x-promptgate-model", "x-forwarded-for", "x-unrelated"]
REQUEST = {"model": "m", "prompt_id": "plain"}


def works(port) -> bool:
    return wire.post(port, REQUEST).status == 200


@pytest.mark.parametrize("name", READ)
def test_any_header(name, port, upstream):
    assert wire.post(port, REQUEST, headers={name: ODD}).status == 200
    assert upstream.only().json()["messages"] == [{"role": "system", "content": "S"}]
    assert works(port)


def test_host(port, upstream):
    """Envoy itself may refuse such an authority; the filter must not be what fails."""
    assert wire.post(port, REQUEST, headers={"host": ODD}).status in (200, 400)
    assert works(port)


def test_content_encoding(port, upstream):
    """An encoding that nobody knows is an encoding."""
    answer = wire.post(port, REQUEST, headers={"content-encoding": ODD})
    assert answer.error() == (415, "unsupported_content_encoding", None)
    assert works(port)


@pytest.mark.parametrize("path", ["/v1/chat/completions?q=\xff", "/\xff/chat/completions", "/v1/chat/completions\xfe"])
def test_path(path, port, upstream):
    """Envoy itself may refuse such a path; the filter must not be what fails."""
    assert wire.post(port, REQUEST, path=path).status in (200, 400)
    assert works(port)


def test_every_header_at_once(port, upstream):
    headers = [(name, ODD) for name in READ] + [("x-many", ODD)] * 20
    assert wire.post(port, REQUEST, headers=headers).status == 200
    assert works(port)
