"""`/responses` and `/messages` as bytes: what is untouched, bodies in pieces, trailers, limits, methods and paths."""

import gzip

import pytest

from support import h2client, wire
from support.bootstrap import Listener
from support.dialects import DIALECTS, USER
from support.envoy import Envoy, poll
from support.samples import PLUGIN, plugin
from support.upstream_h2 import H2StandIn

NAMES = list(DIALECTS)
OURS = b'{"prompt_id":"plain","prompt":{"id":"plain"},"model":"m"}'

PASS_THROUGH = {
    "text": b"hello",
    "empty-object": b"{}",
    "array": b'[{"role":"user"}]',
    "not-utf8": b'{"model":"\xff\xfe"}',
    "bom": b'\xef\xbb\xbf{"model":"m"}',
    "trailing-junk": b'{"model":"m"} x',
    "odd-numbers": b'{"a":1.10,"b":1E400,"c":-0,"d":12345678901234567890123,"model":"m"}',
    "spaces": b'\n{ "model"\t:\r"m" ,"z" : 1 , "a":2 }\n\n',
    "surrogates": b'{"input":"\\ud800","system":"\\u0000","\\u0069nstructions":"\\/"}',
    "duplicates": b'{"input":1,"input":2,"system":3,"messages":4,"messages":5,"previous_response_id":6}',
    "members-of-wrong-types": b'{"input":5,"instructions":{},"messages":"x","system":7,"text":8}',
    "inner-names": b'{"x":{"prompt_id":"nope","prompt":{"id":"nope"}},"metadata":{"prompt_id":"nope"}}',
}

# Dialect, request, and what of it upstream must receive as it is, in this order.
EDITS = {
    "responses-input": (
        "responses",
        b'{ "zeta" : { "b" : 1 ,"a":2 } ,\n"prompt" : {"id":"hello","variables":{"user_message":"x"}},\t"input":[ '
        b'{"content" : "caf\\u00e9 \\/ \\ud800" , "role":"user","n":1.0} , {"type":"reasoning","summary":[ ]}],'
        b'"x":1.10,"y":1E400,"d":12345678901234567890123}',
        [b'"zeta" : { "b" : 1 ,"a":2 }',
         b'{"content" : "caf\\u00e9 \\/ \\ud800" , "role":"user","n":1.0} , {"type":"reasoning","summary":[ ]}',
         b'"x":1.10,"y":1E400,"d":12345678901234567890123'],
    ),
    "responses-text": (
        "responses",
        b'{"m\\u006fdel":"m","prompt":{"\\u0069d":"plain"},"instructions":"\\u0041\\ud800","input":"caf\\u00e9 \\/"}',
        [b'"m\\u006fdel":"m"', b'\\u0041\\ud800"', b'"input":"caf\\u00e9 \\/"'],
    ),
    "messages-blocks": (
        "messages",
        b'{"prompt_id":"hello","prompt_variables":{"user_message":"x"},"max_tokens" : 9,"system":[ {"text":"\\ud800" ,'
        b'"type":"text","cache_control":{"type":"ephemeral"}} ], "messages":[ {"content":"caf\\u00e9 \\/",'
        b'"role":"user"} ],"x":1.10}',
        [b'"max_tokens" : 9', b'{"text":"\\ud800" ,"type":"text","cache_control":{"type":"ephemeral"}}',
         b'{"content":"caf\\u00e9 \\/","role":"user"}', b'"x":1.10'],
    ),
    "messages-text": (
        "messages",
        b'{"system":"\\u0041\\ud800","pr\\u006fmpt_id":"plain","messages":[{"role":"user","content":"\\u0000"}]}',
        [b'\\u0041\\ud800"', b'{"role":"user","content":"\\u0000"}'],
    ),
}

# Dialect and body, for cutting.
CORPUS = {
    "object": ("responses", b'{"prompt":{"id":"echo","variables":{"x":"\\ud83d\\ude00\xe2\x82\xac"}},"input":"a"}'),
    "field": ("responses", b' {"prompt_id":"plain", "input":[{"role":"user"}]\n}'),
    "unknown": ("responses", b'{"prompt":{"id":"nope"},"input":"a"}'),
    "no-prompt": ("responses", b'{"input":"\xc3\xa4","n":1.10}'),
    "system": ("messages", b'{"system":[{"type":"text","text":"a"}],"prompt_id":"plain","messages":[{"a":"\\"]}"}]}'),
    "missing": ("messages", b'{"prompt_id":"echo","messages":[]}'),
}


@pytest.fixture(params=NAMES)
def dialect(request):
    """Each of the two."""
    return DIALECTS[request.param]


@pytest.mark.every_envoy
def test_a_prompt_is_applied(dialect, port, upstream):
    answer = wire.post(port, {**dialect.request, "prompt_id": "plain"}, path=dialect.path)
    assert upstream.only().json() == dialect.rendered
    assert (answer.status, answer.header("x-promptgate-id")) == (200, "plain")


@pytest.mark.parametrize("name", PASS_THROUGH)
def test_a_body_without_a_prompt_passes(name, dialect, port, upstream):
    wire.post(port, PASS_THROUGH[name], path=dialect.path)
    assert bytes(upstream.only().body) == PASS_THROUGH[name]


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_leaves_the_rest_alone(name, port, upstream):
    which, body, kept = EDITS[name]
    wire.post(port, body, path=DIALECTS[which].path)
    received = bytes(upstream.only().body)
    places = [received.find(span) for span in kept]
    assert -1 not in places, received
    assert places == sorted(places), "the order of fields changed"
    assert b"prompt" not in received and b"variables" not in received


def test_a_large_body_is_intact(dialect, port, upstream):
    """1 MB around the edit, in one piece and chunked."""
    filler = b"".join(b'{"role":"user","content":"%d \\u00e4 %s"},' % (n, b"x" * 80) for n in range(9000))[:-1]
    member = b"messages" if dialect.anthropic else b"input"
    body = b'{"prompt_id":"plain","' + member + b'":[' + filler + b'],"max_tokens":9,"n":1.10}'
    wire.post(port, body, path=dialect.path)
    received = bytes(upstream.only().body)
    assert filler in received and received.endswith(b'"n":1.10}') and received.startswith(b'{"')
    upstream.clear()
    with wire.Connection(port) as connection:
        connection.write(wire.head(None, path=dialect.path))
        for piece in wire.chunks([body[at:at + 7919] for at in range(0, len(body), 7919)]):
            connection.write(piece)
        connection.response()
    assert bytes(upstream.only().body) == received


def observed(answer, upstream) -> tuple:
    """What counts as the result of a request: the status, and upstream's bytes or the local reply."""
    return answer.status, upstream.bodies or answer.body


@pytest.mark.parametrize("name", CORPUS)
def test_a_cut_at_every_offset(name, port, upstream):
    """Two HTTP/2 frames; each is one call of the body callback."""
    which, body = CORPUS[name]
    path = DIALECTS[which].path
    expected = observed(wire.post(port, body, path=path), upstream)
    for cut in range(1, len(body)):
        upstream.clear()
        answer = h2client.post(port, None, pieces=[body[:cut], body[cut:]], path=path)
        assert observed(answer, upstream) == expected, f"cut at {cut}"


@pytest.mark.every_envoy
@pytest.mark.parametrize("name", CORPUS)
def test_one_byte_chunks(name, mode, gateway, upstream):
    """HTTP/1.1: each chunk is written only after Envoy has read the one before it."""
    which, body = CORPUS[name]
    path, port = DIALECTS[which].path, gateway.port(mode)
    expected = observed(wire.post(port, body, path=path), upstream)
    upstream.clear()
    counter = f"http.{mode}.downstream_cx_rx_bytes_total"
    with wire.Connection(port) as connection:
        read = gateway.counter(counter)
        for piece in [wire.head(None, path=path)] + wire.chunks([bytes([byte]) for byte in body]):
            connection.write(piece)
            read += len(piece)
            poll(lambda: gateway.counter(counter) >= read, every=0.0005)
        answer = connection.response()
    assert observed(answer, upstream) == expected


# Limits, encodings and failures, in the envelope of each API

@pytest.mark.parametrize("extra", [0, 1])
def test_a_body_at_the_limit(extra, dialect, mode, gateway, upstream):
    size = 64 * 1024 + extra
    start = b'{"prompt_id":"plain","x":"'
    answer = wire.post(gateway.port(f"{mode}-small"), start + b"x" * (size - len(start) - 2) + b'"}', path=dialect.path)
    if extra:
        assert dialect.error(answer) == (413, "request_too_large", None)
        assert upstream.bodies == []
    else:
        assert b"x" * 60_000 in upstream.only().body


@pytest.mark.every_envoy
def test_a_chunked_body_over_the_limit(dialect, mode, gateway, upstream):
    """No content-length announces it."""
    with wire.Connection(gateway.port(f"{mode}-small")) as connection:
        connection.write(wire.head(None, path=dialect.path) + b"".join(wire.chunks([b'{"x":"', b"x" * 70_000, b'"}'])))
        assert dialect.error(connection.response()) == (413, "request_too_large", None)
    assert upstream.bodies == []


@pytest.mark.parametrize("encoding", ["gzip", "br", "GZIP", "gzip, identity"])
def test_a_compressed_body(encoding, dialect, mode, gateway, upstream):
    """Refused, and forwarded where that is configured."""
    body = gzip.compress(b'{"prompt_id":"plain","prompt":{"id":"plain"}}')
    request = {"headers": {"content-encoding": encoding}, "path": dialect.path}
    answer = wire.post(gateway.port(mode), body, **request)
    assert dialect.error(answer) == (415, "unsupported_content_encoding", None)
    assert upstream.finished == []
    wire.post(gateway.port(f"{mode}-compressed"), body, **request)
    assert bytes(upstream.only().body) == body


def test_a_broken_prompt(dialect, port, upstream):
    answer = wire.post(port, {**dialect.request, "prompt_id": "broken"}, path=dialect.path)
    assert dialect.error(answer) == (422, "prompt_render_failed", None)
    assert upstream.bodies == []


def test_a_prompt_is_required(dialect, mode, gateway, upstream):
    unreadable = (400, "invalid_json", None)
    missing = (403, "prompt_required", "prompt_id")
    for body, expected in [(dialect.request, missing), (b"[]", unreadable), (b"", unreadable)]:
        answer = wire.post(gateway.port(f"{mode}-required"), body, path=dialect.path)
        assert dialect.error(answer) == expected
    assert upstream.bodies == []


def test_more_than_a_thousand_members(dialect, port, upstream):
    body = wire.encode({"prompt_id": "plain", **{f"k{n}": 1 for n in range(1000)}})
    assert dialect.error(wire.post(port, body, path=dialect.path)) == (400, "invalid_json", None)
    assert upstream.bodies == []


def test_held_headers_keep_upstream_out_of_errors(dialect, gateway, upstream):
    """Not even a connection attempt: the router has started no request."""
    before = gateway.upstream_requests()
    for prompt_id in ("nope", "echo", "broken", 5):
        assert wire.post(gateway.port("held"), {"prompt_id": prompt_id}, path=dialect.path).status >= 400
    assert gateway.upstream_requests() == before
    assert upstream.records == []


@pytest.mark.parametrize("client", [wire.post, h2client.post], ids=["http1", "http2"])
def test_lengths_are_exact(client, dialect, mode, gateway, upstream):
    client(gateway.port(mode), {**dialect.request, "prompt_id": "plain"}, path=dialect.path)
    record = upstream.only()
    length = record.header("content-length")
    assert length == str(len(record.body)) if mode == "held" or length else record.chunked


# Trailers

@pytest.fixture(scope="module")
def servers(envoy_binary, wasm, standin):
    """Listeners for both header modes, in front of an HTTP/1.1 and of an HTTP/2 upstream."""
    unheld = plugin()
    del unheld["model_header"]
    listeners = [Listener(f"{mode}-{cluster}", PLUGIN if mode == "held" else unheld, mode == "held", cluster=cluster)
                 for mode in ("held", "unheld") for cluster in ("llm", "llm_h2")]
    with H2StandIn() as http2:
        with Envoy(listeners, {"llm": standin.port}, http2_clusters={"llm_h2": http2.port},
                   binary=envoy_binary) as envoy:
            yield envoy, http2


@pytest.mark.every_envoy
@pytest.mark.parametrize("pieces", [1, 3])
@pytest.mark.parametrize("protocol", ["http1", "http2"])
def test_http2_trailers(protocol, pieces, dialect, mode, servers, upstream):
    """The end of such a request reaches the filter only in the trailers callback."""
    envoy, http2 = servers
    http2.clear()
    data = wire.encode({**dialect.request, "prompt_id": "plain"})
    step = -(-len(data) // pieces)
    parts = [data[at:at + step] for at in range(0, len(data), step)]
    cluster, recorder = ("llm", upstream) if protocol == "http1" else ("llm_h2", http2)
    answer = h2client.post(envoy.port(f"{mode}-{cluster}"), None, pieces=parts, trailers={"x-checksum": "abc"},
                           path=dialect.path)
    record = recorder.only()
    assert answer.status == 200
    assert record.json() == dialect.rendered
    assert ("x-checksum", "abc") in record.trailers


@pytest.mark.every_envoy
def test_trailers_after_an_error(dialect, mode, servers, upstream):
    envoy, _ = servers
    answer = h2client.post(envoy.port(f"{mode}-llm"), None, pieces=[wire.encode({"prompt_id": "nope"})],
                           trailers={"x-checksum": "abc"}, path=dialect.path)
    assert dialect.error(answer) == (404, "prompt_not_found", "prompt_id")
    assert upstream.finished == [] and upstream.bodies == []


# Paths and methods

@pytest.mark.parametrize("path", [
    "/v1/responses/resp_1/cancel", "/v1/responses/compact", "/v1/responses/input_tokens", "/v1/responsesx",
    "/v1/conversations", "/v1/conversations/conv_1/items", "/v1/messages/count_tokens", "/v1/messages/batches",
    "/v1/xmessages", "/v1/threads/t_1/runs", "/v1/models?x=/responses", "/v1/models?x=/v1/messages", "/v1/completions",
])
def test_other_paths_are_not_ours(path, port, upstream):
    wire.post(port, OURS, path=path)
    record = upstream.only()
    assert (record.path, bytes(record.body)) == (path, OURS)


@pytest.mark.parametrize("prefix", ["", "/v1", "/v1/", "//v1//", "/team/llm/v1", "/openai/v1", "/openai/deployments/d"])
@pytest.mark.parametrize("suffix", ["", "/", "//", "?api-version=2026-05-01", "/?x=/y"])
def test_the_paths_that_are_ours(prefix, suffix, dialect, port, upstream):
    """Query removed, slashes merged, a trailing one dropped, for the decision only: upstream sees the path as sent."""
    path = prefix + dialect.path.removeprefix("/v1") + suffix
    wire.post(port, {**dialect.request, "prompt_id": "plain"}, path=path)
    record = upstream.only()
    assert record.path == path
    assert record.json() == dialect.rendered


@pytest.mark.parametrize("path", ["/v1/%72esponses", "/v1/%6D%65%73sages", "/v1/message%73?x=1"])
def test_an_encoded_path_is_no_way_around(path, port, upstream):
    """Upstream may read it as the one that is ours."""
    answer = wire.post(port, {"prompt_id": "nope"}, path=path)
    assert (answer.status, upstream.bodies) == (404, [])


def test_messages_of_openais_threads_pass(port, upstream):
    """That path ends in the same word; without a prompt nothing is touched."""
    body = b'{ "role":"user","content": "hi" , "metadata":{"prompt_id":"nope"} }'
    assert wire.post(port, body, path="/v1/threads/thread_1/messages").status == 200
    assert bytes(upstream.only().body) == body


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/v1/responses", "/v1/messages"])
def test_other_methods_are_not_ours(path, method, port, upstream):
    """Bodies included, where one is sent."""
    body = b"" if method == "GET" else OURS
    wire.post(port, body, method=method, path=path)
    record = upstream.only()
    assert (record.method, bytes(record.body)) == (method, body)


def test_a_stored_response_is_read_through_the_gateway(port, upstream):
    """By GET, on a path below ours."""
    body = {"prompt": {"id": "plain"}, "input": [USER]}
    created = wire.post(port, body, path="/v1/responses").json()
    read = wire.post(port, b"", method="GET", path=f"/v1/responses/{created['id']}")
    assert (read.status, read.json()) == (200, created)
    items = wire.post(port, b"", method="GET", path=f"/v1/responses/{created['id']}/input_items").json()
    assert [(item["role"], item["content"]) for item in items["data"]] == [("user", "hi")]
