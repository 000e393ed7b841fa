"""Requests that every recipe has to answer alike, and what the provider has to receive."""

from support import wire

MIB = 1 << 20
HELLO = {"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}
DEEP = {"prompt_id": "deep", "prompt_variables": {"question": "it"}}
RENDERED = {"model": "gpt-4o-mini", "temperature": 0.7, "messages": [
    {"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "Hi"}]}
HOST = {"host": "api.openai.com"}


def padded(size: int) -> bytes:
    """A request for `hello` whose body has about that many bytes."""
    return wire.encode({**HELLO, "metadata": {"padding": "x" * size}})


def renders(port: int, upstream) -> None:
    """A prompt becomes messages, and the answer says which."""
    upstream.clear()
    answer = wire.post(port, HELLO, headers=HOST)
    assert (answer.status, answer.header("x-promptgate-id")) == (200, "hello")
    assert upstream.only().json() == RENDERED


def refuses_unknown(port: int, upstream, *, held: bool) -> None:
    """A prompt that is not there is 404, and no body reaches the provider; with held headers nothing at all."""
    upstream.clear()
    answer = wire.post(port, {"prompt_id": "nobody"}, headers=HOST)
    assert answer.error() == (404, "prompt_not_found", "prompt_id")
    assert not upstream.bodies
    assert not (held and upstream.records)


def passes(port: int, upstream) -> None:
    """What names no prompt is left alone."""
    upstream.clear()
    body = b'{"model":  "gpt-4", "messages": [{"role": "user", "content": "Hi"}]}'
    assert wire.post(port, body, headers=HOST).status == 200
    assert bytes(upstream.only().body) == body


def limits_bodies(port: int, upstream) -> None:
    """Bodies up to the filter's limit pass, above it the filter answers; far above Envoy's limit it is 413, too."""
    upstream.clear()
    assert wire.post(port, padded(9 * MIB), headers=HOST).status == 200
    assert upstream.only().json()["messages"] == RENDERED["messages"]
    upstream.clear()
    assert wire.post(port, padded(12 * MIB), headers=HOST).error()[:2] == (413, "request_too_large")
    answer = wire.post(port, padded(20 * MIB), headers=HOST)
    assert answer.status == 413
    assert not upstream.bodies
