"""Bad requests: status, code and param of each, and nothing of them upstream."""

import pytest

from support import wire

REFERENCE = "invalid_prompt_reference"

# Requests as JSON values. Status, code, param.
INVALID = {
    "id-number": ({"prompt_id": 5}, 400, REFERENCE, "prompt_id"),
    "id-boolean": ({"prompt_id": True}, 400, REFERENCE, "prompt_id"),
    "id-list": ({"prompt_id": ["plain"]}, 400, REFERENCE, "prompt_id"),
    "id-object": ({"prompt_id": {"id": "plain"}}, 400, REFERENCE, "prompt_id"),
    "id-empty": ({"prompt_id": ""}, 400, REFERENCE, "prompt_id"),
    "id-space": ({"prompt_id": "plain "}, 400, REFERENCE, "prompt_id"),
    "id-traversal": ({"prompt_id": "../secrets"}, 400, REFERENCE, "prompt_id"),
    "id-inner-traversal": ({"prompt_id": "a/../b"}, 400, REFERENCE, "prompt_id"),
    "id-leading-slash": ({"prompt_id": "/plain"}, 400, REFERENCE, "prompt_id"),
    "id-trailing-slash": ({"prompt_id": "plain/"}, 400, REFERENCE, "prompt_id"),
    "id-double-slash": ({"prompt_id": "support//triage"}, 400, REFERENCE, "prompt_id"),
    "id-dot": ({"prompt_id": "."}, 400, REFERENCE, "prompt_id"),
    "id-leading-dot": ({"prompt_id": ".hidden"}, 400, REFERENCE, "prompt_id"),
    "id-percent": ({"prompt_id": "%2e%2e/secrets"}, 400, REFERENCE, "prompt_id"),
    "id-backslash": ({"prompt_id": "a\\b"}, 400, REFERENCE, "prompt_id"),
    "id-nul": ({"prompt_id": "plain\u0000"}, 400, REFERENCE, "prompt_id"),
    "id-not-ascii": ({"prompt_id": "plän"}, 400, REFERENCE, "prompt_id"),
    "id-257-bytes": ({"prompt_id": "p" * 257}, 400, REFERENCE, "prompt_id"),
    "id-10-KB": ({"prompt_id": "p" * 10_240}, 400, REFERENCE, "prompt_id"),
    "id-256-bytes": ({"prompt_id": "p" * 256}, 404, "prompt_not_found", "prompt_id"),
    "id-unknown": ({"prompt_id": "nope"}, 404, "prompt_not_found", "prompt_id"),
    "id-case": ({"prompt_id": "Plain"}, 404, "prompt_not_found", "prompt_id"),
    "version-float": ({"prompt_id": "plain", "prompt_version": 2.5}, 400, REFERENCE, "prompt_version"),
    "version-zero": ({"prompt_id": "plain", "prompt_version": 0}, 400, REFERENCE, "prompt_version"),
    "version-negative": ({"prompt_id": "plain", "prompt_version": -1}, 400, REFERENCE, "prompt_version"),
    "version-boolean": ({"prompt_id": "plain", "prompt_version": True}, 400, REFERENCE, "prompt_version"),
    "version-leading-zero": ({"prompt_id": "plain", "prompt_version": "02"}, 400, REFERENCE, "prompt_version"),
    "version-word": ({"prompt_id": "plain", "prompt_version": "newest"}, 400, REFERENCE, "prompt_version"),
    "version-empty": ({"prompt_id": "plain", "prompt_version": ""}, 400, REFERENCE, "prompt_version"),
    "version-ten-digits": ({"prompt_id": "plain", "prompt_version": "1234567890"}, 400, REFERENCE, "prompt_version"),
    "version-list": ({"prompt_id": "plain", "prompt_version": [1]}, 400, REFERENCE, "prompt_version"),
    "version-unknown": ({"prompt_id": "jack-sparrow", "prompt_version": 3}, 404, "prompt_version_not_found",
                        "prompt_version"),
    "version-in-id-unknown": ({"prompt_id": "jack-sparrow.v3"}, 404, "prompt_version_not_found", "prompt_id"),
    "version-in-id-disagrees": ({"prompt_id": "jack-sparrow.v2", "prompt_version": 1}, 400, REFERENCE,
                                "prompt_version"),
    "version-in-id-and-label": ({"prompt_id": "jack-sparrow.v2", "prompt_label": "production"}, 400, REFERENCE,
                                "prompt_label"),
    "label-number": ({"prompt_id": "jack-sparrow", "prompt_label": 1}, 400, REFERENCE, "prompt_label"),
    "label-unknown": ({"prompt_id": "jack-sparrow", "prompt_label": "canary"}, 404, "prompt_label_not_found",
                      "prompt_label"),
    "environment-list": ({"prompt_id": "jack-sparrow", "prompt_environment": []}, 400, REFERENCE,
                         "prompt_environment"),
    "environment-unknown": ({"prompt_id": "jack-sparrow", "prompt_environment": "canary"}, 404,
                            "prompt_label_not_found", "prompt_environment"),
    "version-and-label": ({"prompt_id": "jack-sparrow", "prompt_version": 1, "prompt_label": "production"}, 400,
                          REFERENCE, "prompt_label"),
    "version-and-environment": ({"prompt_id": "jack-sparrow", "prompt_version": 1,
                                 "prompt_environment": "production"}, 400, REFERENCE, "prompt_environment"),
    "label-and-environment": ({"prompt_id": "jack-sparrow", "prompt_label": "production",
                               "prompt_environment": "production"}, 400, REFERENCE, "prompt_environment"),
    "variables-list": ({"prompt_id": "plain", "prompt_variables": []}, 400, REFERENCE, "prompt_variables"),
    "variables-string": ({"prompt_id": "plain", "prompt_variables": "x"}, 400, REFERENCE, "prompt_variables"),
    "version-alone": ({"prompt_version": 1, "model": "m"}, 400, REFERENCE, "prompt_version"),
    "label-alone": ({"prompt_label": "production", "model": "m"}, 400, REFERENCE, "prompt_label"),
    "environment-alone": ({"prompt_environment": "production"}, 400, REFERENCE, "prompt_environment"),
    "variables-alone": ({"prompt_variables": {}, "model": "m"}, 400, REFERENCE, "prompt_variables"),
    "dotprompt-without-prompt": ({"model": "dotprompt/gpt-4", "messages": []}, 400, REFERENCE, "prompt_id"),
    "missing-variable": ({"prompt_id": "echo"}, 400, "missing_variable", "prompt_variables.x"),
    "missing-object": ({"prompt_id": "nested"}, 400, "missing_variable", "prompt_variables.user"),
    "missing-key": ({"prompt_id": "nested", "prompt_variables": {"user": {}}}, 400, "missing_variable",
                    "prompt_variables.user.name"),
    "missing-by-schema": ({"prompt_id": "typed"}, 400, "missing_variable", "prompt_variables.n"),
    "wrong-type": ({"prompt_id": "typed", "prompt_variables": {"n": "three"}}, 400, "invalid_variable",
                   "prompt_variables.n"),
    "boolean-is-no-number": ({"prompt_id": "typed", "prompt_variables": {"n": True}}, 400, "invalid_variable",
                             "prompt_variables.n"),
    "messages-object": ({"prompt_id": "plain", "messages": {}}, 400, "invalid_messages", "messages"),
    "messages-string": ({"prompt_id": "plain", "messages": "hi"}, 400, "invalid_messages", "messages"),
    "broken-prompt": ({"prompt_id": "broken"}, 422, "prompt_render_failed", None),
}

# Bodies as bytes, for what a JSON value cannot hold.
RAW = {
    "duplicate-id": (b'{"prompt_id":"plain","prompt_id":"hello"}', "duplicate_field", "prompt_id"),
    "duplicate-id-escaped": (b'{"prompt_id":"plain","prompt\\u005fid":"hello"}', "duplicate_field", "prompt_id"),
    "duplicate-id-first-null": (b'{"prompt_id":null,"prompt_id":"plain"}', "duplicate_field", "prompt_id"),
    "duplicate-version": (b'{"prompt_id":"plain","prompt_version":1,"prompt_version":1}', "duplicate_field",
                          "prompt_version"),
    "duplicate-label": (b'{"prompt_label":"a","prompt_label":"b"}', "duplicate_field", "prompt_label"),
    "duplicate-environment": (b'{"prompt_environment":"a","prompt_environment":"b"}', "duplicate_field",
                              "prompt_environment"),
    "duplicate-variables": (b'{"prompt_id":"plain","prompt_variables":{},"prompt_variables":{}}', "duplicate_field",
                            "prompt_variables"),
    "duplicate-model": (b'{"model":"a","prompt_id":"plain","model":"b"}', "duplicate_field", "model"),
    "duplicate-model-without-prompt": (b'{"model":"a","m\\u006fdel":"b"}', "duplicate_field", "model"),
    "duplicate-messages": (b'{"messages":[],"prompt_id":"plain","messages":[]}', "duplicate_field", "messages"),
    "duplicate-written-field": (b'{"temperature":1,"prompt_id":"hello","prompt_variables":{"user_message":"q"},'
                                b'"temperature":2}', "duplicate_field", "temperature"),
    "names-a-prompt-but-truncated": (b'{"prompt_id":"plain"', "invalid_json", None),
    "names-a-prompt-but-not-utf8": (b'{"prompt_id":"plain","x":"\xff"}', "invalid_json", None),
    "names-a-prompt-after-a-bom": (b'\xef\xbb\xbf{"prompt_id":"plain"}', "invalid_json", None),
    "names-a-prompt-with-junk-behind": (b'{"prompt_id":"plain"} x', "invalid_json", None),
    "names-a-prompt-with-a-raw-control": (b'{"prompt_id":"plain","x":"\x01"}', "invalid_json", None),
    "names-a-prompt-in-a-list": (b'[{"prompt_id":"plain"}]', "invalid_json", None),
    "names-a-prompt-in-text": (b"prompt_id=plain&model=m", "invalid_json", None),
    "not-a-number": (b'{"prompt_id":"plain","x":NaN}', "invalid_json", None),
    "leading-zero": (b'{"prompt_id":"plain","x":01}', "invalid_json", None),
    "version-2.0": (b'{"prompt_id":"jack-sparrow","prompt_version":2.0}', REFERENCE, "prompt_version"),
    "version-1e0": (b'{"prompt_id":"jack-sparrow","prompt_version":1e0}', REFERENCE, "prompt_version"),
    "id-lone-surrogate": (b'{"prompt_id":"\\ud800"}', REFERENCE, "prompt_id"),
    "variable-lone-surrogate": (b'{"prompt_id":"echo","prompt_variables":{"x":"\\ud800"}}', "invalid_variable",
                                "prompt_variables.x"),
    "variable-lone-surrogate-inside": (b'{"prompt_id":"echo","prompt_variables":{"x":["\\udc00"]}}',
                                       "invalid_variable", "prompt_variables.x"),
    "variable-named-by-a-lone-surrogate": (b'{"prompt_id":"echo","prompt_variables":{"\\udc00":1,"x":"1"}}',
                                           "invalid_variable", "prompt_variables"),
    "duplicate-key-in-a-variable": (b'{"prompt_id":"echo","prompt_variables":{"x":{"a":1,"a":2}}}',
                                    "duplicate_field", "prompt_variables.x"),
}


def refused(answer, upstream) -> tuple:
    """The error, once it is sure that upstream has seen no body."""
    assert answer.header("content-type").startswith("application/json")
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"] == ("server_error" if answer.status == 503 else "invalid_request_error")
    assert error["message"] and not error["message"].isspace()
    assert upstream.bodies == []
    return answer.error()


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_request(name, port, upstream):
    request, status, code, param = INVALID[name]
    assert refused(wire.post(port, request), upstream) == (status, code, param)


@pytest.mark.parametrize("name", RAW)
def test_an_invalid_body(name, port, upstream):
    body, code, param = RAW[name]
    assert refused(wire.post(port, body), upstream) == (400, code, param)


@pytest.mark.parametrize("body", [b"", b"hello", b"[]", b"{", b"1"])
def test_what_is_not_json_is_refused_where_a_prompt_is_required(body, mode, gateway, upstream):
    answer = wire.post(gateway.port(f"{mode}-required"), body)
    assert refused(answer, upstream) == (400, "invalid_json", None)


@pytest.mark.parametrize("body", [b'{"model":"m"}', b'{"model":"m","prompt_id":null}'])
def test_a_prompt_is_required(body, mode, gateway, upstream):
    answer = wire.post(gateway.port(f"{mode}-required"), body)
    assert refused(answer, upstream) == (403, "prompt_required", "prompt_id")


@pytest.mark.parametrize("path, status", [("/v1/embeddings", 200), ("/v1/files", 403), ("/v1/embeddings/x", 403),
                                          ("/v1/embeddings?x=1", 200)])
def test_pass_paths(path, status, mode, gateway, upstream):
    answer = wire.post(gateway.port(f"{mode}-required"), {"input": "x"}, path=path)
    assert answer.status == status
    if status == 403:
        assert refused(answer, upstream) == (403, "prompt_required", "prompt_id")


@pytest.mark.parametrize("name", ["id-unknown", "missing-variable", "broken-prompt", "version-and-label"])
def test_held_headers_keep_upstream_out_of_it(name, gateway, upstream):
    """Not even a connection attempt: the router has started no request."""
    before = gateway.upstream_requests()
    assert wire.post(gateway.port("held"), INVALID[name][0]).status == INVALID[name][1]
    assert gateway.upstream_requests() == before
    assert upstream.records == []


def test_an_error_leaves_the_connection_usable(port, upstream):
    """A keep-alive client goes on after an error."""
    with wire.Connection(port) as connection:
        for prompt_id, status in [("nope", 404), ("plain", 200), ("broken", 422), ("plain", 200)]:
            body = wire.encode({"prompt_id": prompt_id})
            connection.write(wire.head(len(body)) + body)
            assert connection.response().status == status


@pytest.mark.parametrize("first, second, code, param", [
    # Duplicates, then form, then what the catalogue says.
    (b'"prompt_id":"nope",', b'"prompt_id":"nope"', "duplicate_field", "prompt_id"),
    (b'"prompt_version":"x",', b'"prompt_id":"nope"', REFERENCE, "prompt_version"),
    (b'"prompt_variables":[],', b'"prompt_id":"broken"', REFERENCE, "prompt_variables"),
])
def test_the_order_of_checks(first, second, code, param, port, upstream):
    assert refused(wire.post(port, b"{" + first + second + b"}"), upstream) == (400, code, param)
