"""Bytes that are not ours to change: pass-through is byte-identical, and an edit leaves the rest alone."""

import pytest

from support import wire

PASS_THROUGH = {
    "text": b"hello",
    "empty-object": b"{}",
    "white-space-only": b" \n\t ",
    "array": b'[{"role":"user"}]',
    "number": b"1.10",
    "not-utf8": b'{"model":"\xff\xfe"}',
    "bom": b'\xef\xbb\xbf{"model":"m"}',
    "trailing-junk": b'{"model":"m"} x',
    "two-documents": b'{"model":"m"}{"model":"n"}',
    "truncated": b'{"model":"m"',
    "control-character": b'{"model":"a\x01b"}',
    "form": b"model=m&messages=hi",
    "nul": b"\x00\x00",
    "odd-numbers": b'{"a":1.10,"b":1E400,"c":-0,"d":12345678901234567890123,"model":"m"}',
    "spaces": b'\n{ "model"\t:\r"m" ,"z" : 1 , "a":2 }\n\n',
    "lone-surrogate": b'{"model":"m","x":"\\ud800","y":"\\u0000"}',
    "escaped": b'{"\\u006dodel":"m","x":"\\/"}',
    "long": b'{"model":"m","messages":[{"role":"user","content":"%s"}],"n":1.0}' % (b"a prompt, \\u00e9 1000 " * 99),
    "no-binding": b'{"model":"my-dotprompt-models","prompt":"my-dotprompt-model"}',
    "speaks-of-prompts": b'{"model":"m","prompt_cache_key":"p","messages":[{"content":"\\"prompt_id\\": 1"}]}',
}

# What upstream must receive is the request with only the marked spans changed.
EDITS = {
    "numbers": (
        b'{"model":"m","prompt_id":"plain","a":1.10,"b":1E400,"c":-0,"d":12345678901234567890123,"messages":[]}',
        [b'"a":1.10', b'"b":1E400', b'"c":-0', b'"d":12345678901234567890123'],
    ),
    "surrogates-and-nul": (
        b'{"prompt_id":"plain","x":"\\ud800","y":"\\u0000\\udfff","messages":[{"role":"user","content":"\\ud800\\u0000"}]}',
        [b'"x":"\\ud800"', b'"y":"\\u0000\\udfff"', b'{"role":"user","content":"\\ud800\\u0000"}'],
    ),
    "unknown-fields-and-white-space": (
        b'{ "zeta" : { "b" : 1 ,"a":2 } ,\n"prompt_id":"plain",\t"alpha":[ 1,2 ],"model" : "m" }',
        [b'"zeta" : { "b" : 1 ,"a":2 }', b'"alpha":[ 1,2 ]', b'"model" : "m"'],
    ),
    "client-messages": (
        b'{"prompt_id":"plain","messages":[ {"content" : "caf\\u00e9 \\/" , "role":"user","n":1.0} , '
        b'{"role":"assistant","content":null}]}',
        [b'{"content" : "caf\\u00e9 \\/" , "role":"user","n":1.0}', b'{"role":"assistant","content":null}'],
    ),
    "escaped-keys": (
        b'{"\\u0070rompt_id":"plain","m\\u006fdel":"m","x":"\\u00e4"}',
        [b'"m\\u006fdel":"m"', b'"x":"\\u00e4"'],
    ),
}


@pytest.mark.parametrize("name", PASS_THROUGH)
def test_a_body_without_a_prompt_passes(name, port, upstream):
    wire.post(port, PASS_THROUGH[name])
    assert bytes(upstream.only().body) == PASS_THROUGH[name]


@pytest.mark.parametrize("content_type", ["text/plain", "", "application/x-www-form-urlencoded", "a/b; charset=x"])
def test_content_type_decides_nothing(content_type, port, upstream):
    """The first non-blank byte does: a prompt is applied whatever the header claims."""
    wire.post(port, {"model": "m", "prompt_id": "plain"}, headers={"content-type": content_type})
    assert upstream.only().json() == {"model": "m", "messages": [{"role": "system", "content": "S"}]}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_leaves_the_rest_alone(name, port, upstream):
    body, kept = EDITS[name]
    assert wire.post(port, body).status == 200
    received = bytes(upstream.only().body)
    places = [received.find(span) for span in kept]
    assert -1 not in places, received
    assert places == sorted(places), "the order of fields changed"
    assert b"prompt_id" not in received and b"rompt_id" not in received


def test_existing_fields_are_replaced_in_place_and_new_ones_go_first(port, upstream):
    body = (b'{"a":1,"temperature":0.1,"b":2,"model":"m","c":3,"prompt_id":"hello",'
            b'"prompt_variables":{"user_message":"q"}}')
    wire.post(port, body)
    received = upstream.only().json()
    assert list(received) == ["messages", "a", "temperature", "b", "model", "c"]
    assert (received["temperature"], received["model"]) == (0.7, "gpt-4")


PLACES = {
    "before": (b'{"prompt_id":"plain","messages":[%s],"n":1.10}', b'{"messages":[%s],"n":1.10}'),
    "behind": (b'{ "n":1.10,"messages" : [ %s ] ,"prompt_id":"plain"}', b'{ "n":1.10,"messages" : [%s] }'),
    "around": (b'{"prompt_id":"plain","messages":[%s], "prompt_variables":{},"n":1.10}',
               b'{"messages":[%s], "n":1.10}'),
    "elsewhere": (b'{"prompt_id":"plain","x":[%s],"n":1.10}', b'{"messages":[SYSTEM],"x":[%s],"n":1.10}'),
}
"""Where our fields stand in a body, and that body as upstream receives it."""


@pytest.mark.parametrize("size", [100, 9000], ids=["11 KB", "1 MB"])
@pytest.mark.parametrize("place", PLACES)
def test_a_large_body_is_intact(place, size, port, upstream):
    """To the byte, in one piece and chunked."""
    filler = b"".join(b'{"role":"user","content":"%d \\u00e4 %s"},' % (n, b"x" * 80) for n in range(size))[:-1]
    system = b'{"role":"system","content":"S"}'
    body, expected = PLACES[place]
    body %= filler
    expected = expected.replace(b"SYSTEM", system) % (filler if b"SYSTEM" in expected else system + b"," + filler)
    assert wire.post(port, body).status == 200
    received = bytes(upstream.only().body)
    assert received == expected
    upstream.clear()
    with wire.Connection(port) as connection:
        connection.write(wire.head(None))
        for piece in wire.chunks([body[at:at + 7919] for at in range(0, len(body), 7919)]):
            connection.write(piece)
        assert connection.response().status == 200
    assert bytes(upstream.only().body) == received


@pytest.mark.parametrize("path", ["/v1/embeddings", "/v1/chat/completionsx", "/v1/completions", "/chat/completions/x",
                                  "/", "/v1/models?x=/chat/completions"])
def test_other_paths_are_not_ours(path, port, upstream):
    body = b'{"prompt_id":"plain", "model":"m"}'
    wire.post(port, body, path=path)
    record = upstream.only()
    assert (record.path, bytes(record.body)) == (path, body)


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/chat/completions", "/v1/chat/completions/",
                                  "/v1//chat///completions", "/v1/chat/completions?a=b&c=/x",
                                  "/openai/deployments/gpt-4/chat/completions?api-version=1", "/v1/chat/completions//"])
def test_the_paths_that_are_ours(path, port, upstream):
    """Query removed, slashes merged, a trailing one dropped, for the decision only: upstream sees the path as sent."""
    wire.post(port, {"prompt_id": "plain"}, path=path)
    record = upstream.only()
    assert record.path == path
    assert record.json() == {"messages": [{"role": "system", "content": "S"}]}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_not_ours(method, port, upstream):
    body = b'{"prompt_id":"plain"}'
    wire.post(port, body, method=method)
    assert bytes(upstream.only().body) == body
