"""Upstream refuses a request before it has all of it: the client gets that answer, whole.

Without held headers upstream may do so on them alone. What the filter finds in the body later comes too late for an
answer of its own, and nothing of the body goes on.
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
PROMPTS = {"grows": "User: {% for _ in range(40) %}{{ x }}{% endfor %}", "stays": "User: {{ x }}"}
"""The first one makes a body that does not fit the buffer."""


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin, registry_server):
    config = plugin("gitlab", timeout="1m", others={"limits": {"body": LIMIT}, "bundle": {"prompts": PROMPTS}})
    listener = Listener("early", config, held=False, buffer_limit=BUFFER, proxy_100=True)
    with Envoy([listener], {"llm": standin.port, "registry": registry_server.port}, binary=envoy_binary) as running:
        yield running


@pytest.fixture
def port(envoy) -> int:
    """Where requests go."""
    return envoy.port("early")


def more(envoy, counter: str, amount: int = 1):
    """A question: whether a counter has grown by so much since."""
    before = envoy.counter(counter)
    return lambda: envoy.counter(counter) >= before + amount


def send(envoy, connection: wire.Connection, data: bytes) -> None:
    """Sends a piece of the request, and waits until Envoy has it."""
    arrived = more(envoy, "http.early.downstream_cx_rx_bytes_total", len(data))
    connection.write(data)
    poll(arrived)


def refused(connection: wire.Connection, head, upstream) -> None:
    """Reads what upstream still owes, and asserts that it is upstream's refusal, and that upstream got no body."""
    status, headers = head
    upstream.release()
    answer = json.loads(b"".join(connection.pieces(headers)))
    assert (status, answer["error"]["message"]) == (401, EARLY)
    assert "x-promptgate-id" not in dict(headers)
    assert not any(b"{" in body for body in upstream.bodies)


@pytest.mark.parametrize("there", [True, False])
def test_the_answer_of_a_registry_comes_later(envoy, port, upstream, registry, fresh_id, there):
    """With a prompt, or with none: 404 would be the answer then."""
    registry.repository.files = {f"{fresh_id}.prompt": text("m")} if there else {}
    registry.hold()
    upstream.hold()
    body = wire.encode(request(fresh_id))
    fetched = more(envoy, "wasmcustom.promptgate_registry_fetches." + ("fetched" if there else "not_found"))
    with wire.Connection(port) as connection:
        connection.write(wire.head(len(body), headers=HEADERS) + body)
        head = connection.head()
        registry.wait_until_asked()
        registry.release()
        poll(fetched)
        refused(connection, head, upstream)


@pytest.mark.parametrize("body", [
    b'{"prompt_id": 7}', b'{"prompt_id": "x"', wire.encode({"prompt_id": "x", "pad": "p" * LIMIT}),
    wire.encode({"prompt_id": "grows", "prompt_variables": {"x": "y" * (LIMIT - 100)}}),
    b'{"model": "m", "messages": []}',
], ids=["reference", "json", "large", "grows", "none"])
def test_the_rest_of_the_body_comes_later(envoy, port, upstream, body):
    """400, 413, Envoy's own 413, or none of them."""
    upstream.hold()
    with wire.Connection(port) as connection:
        connection.write(wire.head(None, headers=HEADERS) + wire.chunks([body[:10]])[0])
        head = connection.head()
        send(envoy, connection, b"".join(wire.chunks([body[10:]])))
        refused(connection, head, upstream)


def test_the_body_goes_on_and_on(envoy, port, upstream):
    """It is not kept: Envoy's buffer would overflow, and end upstream's answer."""
    upstream.hold()
    piece = wire.chunks([b" " * LIMIT])[0]
    with wire.Connection(port) as connection:
        connection.write(wire.head(None, headers=HEADERS))
        head = connection.head()
        for _ in range(3 * BUFFER // LIMIT):
            send(envoy, connection, piece)
        refused(connection, head, upstream)


@pytest.mark.parametrize("prompt_id", list(PROMPTS))
def test_a_body_that_grows_behind_an_answer(envoy, port, upstream, prompt_id):
    """An answer that is no refusal is cut off: Envoy could not bear that the buffer overflows now. A body that does not
    grow goes on."""
    upstream.hold()
    # With its escapes the request is shorter than what becomes of it, or not.
    body = wire.encode({"prompt_id": prompt_id, "prompt_variables": {"x": "\u00e9" * (LIMIT // 7)}})
    with wire.Connection(port) as connection:
        connection.write(wire.head(None, headers={"x-standin-early": "200"}) + wire.chunks([body[:10]])[0])
        status, headers = connection.head()
        send(envoy, connection, b"".join(wire.chunks([body[10:]])))
        if prompt_id == "grows":
            with pytest.raises(ConnectionError):
                list(connection.pieces(headers))
            assert upstream.bodies == []
        else:
            poll(lambda: upstream.bodies)
            upstream.release()
            assert (status, json.loads(b"".join(connection.pieces(headers)))["error"]["message"]) == (200, EARLY)


@pytest.mark.parametrize("prompt_id", list(PROMPTS))
def test_a_client_that_expects_100(port, upstream, prompt_id):
    """With Envoy's `proxy_100_continue` upstream would be asked, and could say it before it has the body."""
    body = wire.encode({"prompt_id": prompt_id, "prompt_variables": {"x": "y" * (LIMIT - 100)}})
    answer = wire.post(port, body, headers={"expect": "100-continue"})
    if prompt_id == "grows":
        assert answer.status == 413
    else:
        assert answer.status == 200 and upstream.only().header("expect") is None


def test_an_early_answer_that_is_no_refusal(envoy, port, upstream, registry, fresh_id):
    """Upstream waits for the request, and gets it with its prompt."""
    registry.repository.files = {f"{fresh_id}.prompt": text("m")}
    registry.hold()
    upstream.hold()
    body = wire.encode(request(fresh_id))
    with wire.Connection(port) as connection:
        connection.write(wire.head(len(body), headers={"x-standin-early": "200"}) + body)
        status, headers = connection.head()
        registry.release()
        poll(lambda: upstream.bodies)
        upstream.release()
        assert (status, json.loads(b"".join(connection.pieces(headers)))["error"]["message"]) == (200, EARLY)
    assert upstream.only().json()["messages"][0] == {"role": "system", "content": "m"}
