"""Upstream answers before it has the whole request: the client gets that answer, all of it.

Without held headers upstream may refuse on them alone. What the filter finds in the body later comes too late for an
answer of its own; the body still goes nowhere without its prompt.
"""

import json

import pytest

from support import wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.registry_gateway import plugin, request, text
from support.upstream import EARLY

pytestmark = pytest.mark.every_envoy

HEADERS = {"x-standin-early": "401"}
BUFFER = 1 << 20
LIMIT = 64 << 10


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin, registry_server):
    config = plugin("gitlab", timeout="1m", others={"limits": {"body": LIMIT}})
    listener = Listener("early", config, held=False, buffer_limit=BUFFER)
    with Envoy([listener], {"llm": standin.port, "registry": registry_server.port}, binary=envoy_binary) as running:
        yield running


@pytest.fixture
def port(envoy) -> int:
    """Where requests go."""
    return envoy.port("early")


def refused(envoy, code: str):
    """A question: whether the filter refuses one more request with this code than it did."""
    counter = f"wasmcustom.promptgate_requests.{code}"
    before = envoy.counter(counter)
    return lambda: envoy.counter(counter) == before + 1


def rest_of(connection: wire.Connection, head, upstream) -> None:
    """Reads what upstream still owes, and asserts that it is upstream's refusal."""
    status, headers = head
    upstream.release()
    answer = json.loads(b"".join(connection.pieces(headers)))
    assert (status, answer["error"]["message"]) == (401, EARLY)
    assert "x-promptgate-id" not in dict(headers)
    assert not any(b"{" in body for body in upstream.bodies)


def test_the_registry_has_no_such_prompt(envoy, port, upstream, registry, fresh_id):
    """404 would be the answer; upstream's has begun."""
    registry.hold()
    upstream.hold()
    body = wire.encode(request(fresh_id))
    late = refused(envoy, "prompt_not_found")
    with wire.Connection(port) as connection:
        connection.write(wire.head(len(body), headers=HEADERS) + body)
        head = connection.head()
        registry.wait_until_asked()
        registry.release()
        poll(late)
        rest_of(connection, head, upstream)


@pytest.mark.parametrize(("body", "code"), [
    (b'{"prompt_id": 7}', "invalid_prompt_reference"),
    (b'{"prompt_id": "x"', "invalid_json"),
    (wire.encode({"prompt_id": "x", "pad": "p" * LIMIT}), "request_too_large"),
])
def test_the_rest_of_the_body_is_bad(envoy, port, upstream, body, code):
    """400 or 413 would be the answer."""
    upstream.hold()
    late = refused(envoy, code)
    with wire.Connection(port) as connection:
        connection.write(wire.head(None, headers=HEADERS) + wire.chunks([body[:10]])[0])
        head = connection.head()
        connection.write(b"".join(wire.chunks([body[10:]])))
        poll(late)
        rest_of(connection, head, upstream)


def test_the_body_goes_on_and_on(envoy, port, upstream):
    """What follows a refused body is not kept: Envoy's buffer would overflow, and end upstream's answer."""
    upstream.hold()
    late = refused(envoy, "request_too_large")
    piece = wire.chunks([b" " * (LIMIT + 1)])[0]
    with wire.Connection(port) as connection:
        connection.write(wire.head(None, headers=HEADERS))
        head = connection.head()
        connection.write(piece)
        poll(late)
        received = envoy.counter("http.early.downstream_cx_rx_bytes_total")
        for _ in range(4 * BUFFER // LIMIT):
            connection.write(piece)
        poll(lambda: envoy.counter("http.early.downstream_cx_rx_bytes_total") - received > 3 * BUFFER)
        rest_of(connection, head, upstream)


def test_the_prompt_is_there(envoy, port, upstream, registry, fresh_id):
    """Then upstream, that refuses the request, gets it as it should be."""
    registry.repository.files = {f"{fresh_id}.prompt": text("m")}
    registry.hold()
    upstream.hold()
    body = wire.encode(request(fresh_id))
    with wire.Connection(port) as connection:
        connection.write(wire.head(len(body), headers=HEADERS) + body)
        status, headers = connection.head()
        registry.release()
        poll(lambda: upstream.bodies)
        upstream.release()
        assert (status, json.loads(b"".join(connection.pieces(headers)))["error"]["message"]) == (401, EARLY)
    assert upstream.only().json()["messages"][0] == {"role": "system", "content": "m"}
