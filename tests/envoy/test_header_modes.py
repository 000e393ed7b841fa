"""What upstream sees of headers: exact lengths with held headers, and no body without its prompt in either mode."""

import json

import pytest

from support import h2client, wire
from support.bootstrap import Listener
from support.envoy import Envoy

pytestmark = pytest.mark.every_envoy

BIG = {"role": "user", "content": "x" * 300_000}
REQUESTS = {
    "grows": {"model": "m", "prompt_id": "plain"},
    "shrinks": {"model": "my-dotprompt-model", "prompt_variables": {"user_message": "q"}, "messages": [BIG]},
    "large": {"model": "m", "prompt_id": "plain", "messages": [BIG]},
    "unchanged": {"model": "m", "messages": [BIG]},
}


@pytest.mark.parametrize("client", [wire.post, h2client.post], ids=["http1", "http2"])
@pytest.mark.parametrize("name", ["grows", "shrinks", "large"])
def test_held_headers_give_an_exact_content_length(name, client, gateway, upstream):
    """Also where the client named none, as with HTTP/2 here."""
    assert client(gateway.port("held"), REQUESTS[name]).status == 200
    record = upstream.only()
    assert record.header("content-length") == str(len(record.body))
    assert not record.chunked


def test_held_headers_with_a_chunked_request(gateway, upstream):
    """The client named no length; upstream gets one, and the body once."""
    body = wire.encode(REQUESTS["large"])
    with wire.Connection(gateway.port("held")) as connection:
        connection.write(wire.head(None) + b"".join(wire.chunks([body[:1000], body[1000:]])))
        assert connection.response().status == 200
    record = upstream.only()
    assert record.json()["messages"] == [{"role": "system", "content": "S"}, BIG]
    lengths = [value for name, value in record.headers if name.lower() == "content-length"]
    assert lengths in ([str(len(record.body))], [])
    assert bool(lengths) != record.chunked


@pytest.mark.parametrize("name", REQUESTS)
def test_the_default_mode_never_announces_a_wrong_length(name, gateway, upstream):
    assert wire.post(gateway.port("unheld"), REQUESTS[name]).status == 200
    record = upstream.only()
    if record.header("content-length") is not None:
        assert record.header("content-length") == str(len(record.body))
    else:
        assert record.chunked


@pytest.mark.parametrize("request_body", [
    {"prompt_id": "nope", "messages": [BIG]}, {"prompt_id": "echo", "messages": [BIG]},
    {"prompt_id": "broken", "messages": [BIG]}, {"prompt_id": 5, "messages": [BIG]},
])
def test_upstream_never_sees_a_body_without_its_prompt(request_body, port, upstream):
    """In pieces as well: the first of them must not slip through."""
    data = wire.encode(request_body)
    for pieces in ([data], [data[:10], data[10:]], [data[at:at + 8192] for at in range(0, len(data), 8192)]):
        answer = h2client.post(port, None, pieces=pieces)
        assert answer.status in (400, 404, 422)
    assert wire.post(port, {"prompt_id": "plain"}).status == 200
    assert [json.loads(body) for body in upstream.bodies] == [{"messages": [{"role": "system", "content": "S"}]}]


def test_other_headers_stay(port, upstream):
    headers = {"Authorization": "Bearer sk-1", "X-Custom": "a, b", "Accept": "text/event-stream", "X-Prompt": "kept",
               "X-Promptgatex": "kept"}
    wire.post(port, {"prompt_id": "plain"}, headers=headers)
    record = upstream.only()
    assert {name: record.header(name) for name in headers} == headers
    assert record.header("content-type") == "application/json"


@pytest.mark.parametrize("name", ["x-promptgate-id", "x-promptgate-version", "x-promptgate-label",
                                  "x-promptgate-model"])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/files"])
def test_our_own_header_names_are_not_the_clients_to_send(name, path, gateway, upstream):
    """On requests that we rewrite and on those that pass."""
    wire.post(gateway.port("held"), {"model": "m"}, headers={name: "forged"}, path=path)
    assert upstream.only().header(name) is None


@pytest.fixture(scope="module")
def mismatched(envoy_binary, wasm, standin):
    """The two halves of held headers set differently."""
    plugin = {"bundle": {"prompts": {"plain": "System: S"}}}
    listeners = [
        Listener("envoy-half-only", plugin, held=False, envoy_flag=True),
        Listener("plugin-half-only", plugin, held=True, envoy_flag=False, stream_idle="1s"),
    ]
    with Envoy(listeners, {"llm": standin.port}, binary=envoy_binary) as running:
        yield running


def test_the_default_mode_does_not_hang_under_envoys_flag(mismatched, upstream):
    assert wire.post(mismatched.port("envoy-half-only"), {"prompt_id": "plain"}).status == 200
    assert upstream.only().json() == {"messages": [{"role": "system", "content": "S"}]}


def test_held_headers_without_envoys_flag_forward_nothing(mismatched, upstream):
    """The documented hang, ended by Envoy's idle timeout: an error, and never a request without its prompt."""
    answer = wire.post(mismatched.port("plugin-half-only"), {"prompt_id": "plain"})
    assert answer.status >= 400
    assert upstream.bodies == []
