"""Bad requests to `/responses`: the `prompt` object in every wrong form, and nothing of them upstream."""

import pytest

from support import wire
from support.dialects import RESPONSES

REFERENCE = "invalid_prompt_reference"
VERSION = "prompt.version"
ECHO = {"id": "echo", "variables": {"x": "1"}}
IMAGE = {"type": "input_image", "image_url": "https://pictures.test/1.png"}


def nested(levels: int):
    value = 1
    for _ in range(levels):
        value = [value]
    return value


# Requests as JSON values. Status, code, param.
INVALID = {
    "string": ({"prompt": "echo"}, 400, REFERENCE, "prompt"),
    "list": ({"prompt": [{"id": "echo"}]}, 400, REFERENCE, "prompt"),
    "number": ({"prompt": 5}, 400, REFERENCE, "prompt"),
    "false": ({"prompt": False}, 400, REFERENCE, "prompt"),
    "empty": ({"prompt": {}}, 400, REFERENCE, "prompt.id"),
    "id-null": ({"prompt": {"id": None, "version": "1"}}, 400, REFERENCE, "prompt.id"),
    "both-ids": ({"prompt": {"id": "plain", "prompt_id": "plain"}}, 400, REFERENCE, "prompt.prompt_id"),
    "id-number": ({"prompt": {"id": 5}}, 400, REFERENCE, "prompt.id"),
    "id-object": ({"prompt": {"id": {"id": "plain"}}}, 400, REFERENCE, "prompt.id"),
    "id-empty": ({"prompt": {"id": ""}}, 400, REFERENCE, "prompt.id"),
    "id-traversal": ({"prompt": {"id": "../secrets"}}, 400, REFERENCE, "prompt.id"),
    "id-inner-traversal": ({"prompt": {"id": "a/../b"}}, 400, REFERENCE, "prompt.id"),
    "id-percent": ({"prompt": {"id": "%2e%2e/secrets"}}, 400, REFERENCE, "prompt.id"),
    "id-nul": ({"prompt": {"id": "plain\0"}}, 400, REFERENCE, "prompt.id"),
    "id-lone-surrogate": ({"prompt": {"id": "\ud800"}}, 400, REFERENCE, "prompt.id"),
    "id-257-bytes": ({"prompt": {"id": "p" * 257}}, 400, REFERENCE, "prompt.id"),
    "id-10-KB": ({"prompt": {"id": "p" * 10_240}}, 400, REFERENCE, "prompt.id"),
    "other-id-10-KB": ({"prompt": {"prompt_id": "p" * 10_240}}, 400, REFERENCE, "prompt.prompt_id"),
    "id-unknown": ({"prompt": {"id": "nope"}}, 404, "prompt_not_found", "prompt.id"),
    "other-id-unknown": ({"prompt": {"prompt_id": "nope"}}, 404, "prompt_not_found", "prompt.prompt_id"),
    "version-zero": ({"prompt": {"id": "plain", "version": 0}}, 400, REFERENCE, VERSION),
    "version-float": ({"prompt": {"id": "plain", "version": 1.5}}, 400, REFERENCE, VERSION),
    "version-word": ({"prompt": {"id": "plain", "version": "newest"}}, 400, REFERENCE, VERSION),
    "version-leading-zero": ({"prompt": {"id": "plain", "version": "01"}}, 400, REFERENCE, VERSION),
    "version-list": ({"prompt": {"id": "plain", "version": ["1"]}}, 400, REFERENCE, VERSION),
    "version-10-KB": ({"prompt": {"id": "plain", "version": "1" * 10_240}}, 400, REFERENCE, VERSION),
    "version-unknown": ({"prompt": {"id": "jack-sparrow", "version": "9"}}, 404, "prompt_version_not_found", VERSION),
    "version-in-id-unknown": ({"prompt": {"id": "jack-sparrow.v9"}}, 404, "prompt_version_not_found", "prompt.id"),
    "version-in-id-disagrees": ({"prompt": {"id": "jack-sparrow.v2", "version": "1"}}, 400, REFERENCE, VERSION),
    "variables-list": ({"prompt": {"id": "plain", "variables": []}}, 400, REFERENCE, "prompt.variables"),
    "variables-string": ({"prompt": {"id": "plain", "variables": "x"}}, 400, REFERENCE, "prompt.variables"),
    "unknown-member": ({"prompt": {"id": "plain", "labels": {}}}, 400, REFERENCE, "prompt.labels"),
    "unknown-member-null": ({"prompt": {"id": "plain", "prompt_version": None}}, 400, REFERENCE,
                            "prompt.prompt_version"),
    "missing-variable": ({"prompt": {"id": "echo"}}, 400, "missing_variable", "prompt.variables.x"),
    "missing-key": ({"prompt": {"id": "nested", "variables": {"user": {}}}}, 400, "missing_variable",
                    "prompt.variables.user.name"),
    "missing-by-schema": ({"prompt": {"id": "typed"}}, 400, "missing_variable", "prompt.variables.n"),
    "wrong-type": ({"prompt": {"id": "typed", "variables": {"n": "three"}}}, 400, "invalid_variable",
                   "prompt.variables.n"),
    "deep-variable": ({"prompt": {"id": "echo", "variables": {"x": nested(200)}}}, 400, "invalid_variable",
                      "prompt.variables.x"),
    "variable-lone-surrogate": ({"prompt": {"id": "echo", "variables": {"x": "\ud800"}}}, 400, "invalid_variable",
                                "prompt.variables.x"),
    "image-in-text": ({"prompt": {"id": "echo", "variables": {"x": IMAGE}}}, 400, "invalid_variable",
                      "prompt.variables.x"),
    "image-in-text-by-field": ({"prompt_id": "echo", "prompt_variables": {"x": IMAGE}}, 400, "invalid_variable",
                               "prompt_variables.x"),
    "missing-variable-by-field": ({"prompt_id": "echo"}, 400, "missing_variable", "prompt_variables.x"),
    "beside-prompt-id": ({"prompt": ECHO, "prompt_id": "echo"}, 400, REFERENCE, "prompt_id"),
    "beside-version": ({"prompt": ECHO, "prompt_version": 1}, 400, REFERENCE, "prompt_version"),
    "beside-label": ({"prompt": ECHO, "prompt_label": "x"}, 400, REFERENCE, "prompt_label"),
    "beside-environment": ({"prompt": ECHO, "prompt_environment": "x"}, 400, REFERENCE, "prompt_environment"),
    "beside-variables": ({"prompt": ECHO, "prompt_variables": {}}, 400, REFERENCE, "prompt_variables"),
    "instructions-list": ({"prompt": ECHO, "instructions": ["x"]}, 400, "invalid_messages", "instructions"),
    "instructions-number": ({"prompt": ECHO, "instructions": 1}, 400, "invalid_messages", "instructions"),
    "input-object": ({"prompt": ECHO, "input": {"role": "user"}}, 400, "invalid_messages", "input"),
    "input-true": ({"prompt": ECHO, "input": True}, 400, "invalid_messages", "input"),
    "variables-alone": ({"prompt_variables": {}, "input": "x"}, 400, REFERENCE, "prompt_variables"),
    "dotprompt-without-prompt": ({"model": "dotprompt/gpt-4", "input": "x"}, 400, REFERENCE, "prompt_id"),
    "broken-prompt": ({"prompt": {"id": "broken"}}, 422, "prompt_render_failed", None),
}

# Bodies as bytes, for what a JSON value cannot hold.
RAW = {
    "duplicate": (b'{"prompt":{"id":"plain"},"prompt":{"id":"hello"}}', "duplicate_field", "prompt"),
    "duplicate-first-null": (b'{"prompt":null,"prompt":{"id":"plain"}}', "duplicate_field", "prompt"),
    "duplicate-second-null": (b'{"prompt":{"id":"plain"},"input":"x","prompt":null}', "duplicate_field", "prompt"),
    "duplicate-escaped": (b'{"prompt":{"id":"plain"},"pr\\u006fmpt":null}', "duplicate_field", "prompt"),
    "duplicate-id": (b'{"prompt":{"id":"plain","id":"hello"}}', "duplicate_field", "prompt.id"),
    "duplicate-id-escaped": (b'{"prompt":{"id":"plain","\\u0069d":"hello"}}', "duplicate_field", "prompt.id"),
    "duplicate-other-id": (b'{"prompt":{"prompt_id":null,"prompt_id":"plain"}}', "duplicate_field",
                           "prompt.prompt_id"),
    "duplicate-version": (b'{"prompt":{"version":"1","id":"plain","version":"1"}}', "duplicate_field",
                          "prompt.version"),
    "duplicate-variables": (b'{"prompt":{"id":"plain","variables":{},"variables":{}}}', "duplicate_field",
                            "prompt.variables"),
    "duplicate-variable": (b'{"prompt":{"id":"echo","variables":{"x":"1","x":"2"}}}', "duplicate_field",
                           "prompt.variables.x"),
    "duplicate-variable-escaped": (b'{"prompt":{"id":"echo","variables":{"x":"1","\\u0078":"2"}}}',
                                   "duplicate_field", "prompt.variables.x"),
    "duplicate-in-a-part": (b'{"prompt":{"id":"echo","variables":{"x":{"type":"input_text","type":"input_image"}}}}',
                            "duplicate_field", "prompt.variables.x"),
    "duplicate-instructions": (b'{"prompt":{"id":"plain"},"instructions":"a","instructions":"b"}', "duplicate_field",
                               "instructions"),
    "duplicate-input": (b'{"input":"a","prompt":{"id":"plain"},"inp\\u0075t":"b"}', "duplicate_field", "input"),
    "duplicate-previous": (b'{"previous_response_id":null,"prompt":{"id":"plain"},"previous_response_id":"r"}',
                           "duplicate_field", "previous_response_id"),
    "duplicate-model": (b'{"model":"a","model":"b","input":"x"}', "duplicate_field", "model"),
    "version-1.0": (b'{"prompt":{"id":"plain","version":1.0}}', REFERENCE, VERSION),
    "truncated": (b'{"prompt":{"id":"plain"}', "invalid_json", None),
    "not-utf8": (b'{"prompt":{"id":"plain"},"x":"\xff"}', "invalid_json", None),
    "after-a-bom": (b'\xef\xbb\xbf{"prompt":{"id":"plain"}}', "invalid_json", None),
    "junk-behind": (b'{"prompt":{"id":"plain"}} x', "invalid_json", None),
    "raw-control": (b'{"prompt":{"id":"plain"},"x":"\x01"}', "invalid_json", None),
    "fields-and-junk": (b'{"prompt_id":"plain"} x', "invalid_json", None),
}


def refused(answer, upstream) -> tuple:
    """The error, once it is sure that upstream has seen no body."""
    assert upstream.bodies == []
    return RESPONSES.error(answer)


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_request(name, port, upstream):
    request, status, code, param = INVALID[name]
    assert refused(wire.post(port, request, path=RESPONSES.path), upstream) == (status, code, param)


@pytest.mark.parametrize("name", RAW)
def test_an_invalid_body(name, port, upstream):
    body, code, param = RAW[name]
    assert refused(wire.post(port, body, path=RESPONSES.path), upstream) == (400, code, param)


@pytest.mark.parametrize("name", ["missing-variable", "missing-by-schema", "wrong-type", "image-in-text",
                                  "deep-variable", "variable-lone-surrogate"])
def test_the_message_names_the_object_that_was_sent(name, port):
    """Nobody who sends `prompt.variables` is told about `prompt_variables`."""
    message = wire.post(port, INVALID[name][0], path=RESPONSES.path).json()["error"]["message"]
    assert "prompt_variables" not in message


@pytest.mark.parametrize("key", ["a b", "a\nb", "x" * 5000, "\ud800", "é"])
def test_an_odd_member_is_not_repeated(key, port, upstream):
    """It may be anything, a secret included: only what looks like a name is."""
    answer = wire.post(port, {"prompt": {"id": "plain", key: "x"}}, path=RESPONSES.path)
    assert refused(answer, upstream) == (400, REFERENCE, "prompt")
    assert len(answer.body) < 500


def test_huge_variables_are_refused_quickly(port, gateway):
    """9 MB of numbers: more memory than variables may take."""
    body = b'{"prompt":{"id":"plain","variables":{"l":[' + b",".join([b"1"] * 4_500_000) + b"]}}}"
    start = gateway.cpu_seconds()
    assert wire.post(port, body, path=RESPONSES.path).error() == (400, "invalid_variable", "prompt.variables.l")
    assert gateway.cpu_seconds() - start < 2


@pytest.mark.parametrize("opening, closing", [(b"[", b"]"), (b'{"a":', b"}")], ids=["lists", "objects"])
@pytest.mark.parametrize("place, param", [(b'{"prompt":[%s]}', "prompt"),
                                          (b'{"prompt":{"id":%s}}', "prompt.id"),
                                          (b'{"prompt":{"x":%s}}', "prompt.x"),
                                          (b'{"prompt":{"id":"plain","version":%s}}', VERSION),
                                          (b'{"prompt":{"id":"echo","variables":{"x":%s}}}', "prompt.variables.x")])
def test_deep_nesting_is_no_stack_overflow(place, param, opening, closing, port, upstream):
    """100,000 levels, wherever the engine looks into a value; and the next request is served."""
    deep = opening * 100_000 + b"1" + closing * 100_000
    status, _, blamed = refused(wire.post(port, place % deep, path=RESPONSES.path), upstream)
    assert (status, blamed) == (400, param)
    assert wire.post(port, {"prompt": {"id": "plain"}, "input": "x"}, path=RESPONSES.path).status == 200


def test_deep_input_and_text_pass(port, upstream):
    """Also where the prompt writes beside them; the stand-in parses none of it."""
    deep = b"[" * 100_000 + b"]" * 100_000
    body = b'{"prompt":{"id":"plain"},"input":[%s],"text":{"x":%s}}' % (deep, deep)
    assert wire.post(port, body, path=RESPONSES.path, headers={"x-standin-status": "200"}).status == 200
    assert bytes(upstream.only().body).count(deep) == 2


@pytest.mark.parametrize("body", [b'{"input":"x"}', b'{"prompt":null,"input":"x"}'])
def test_a_prompt_is_required(body, mode, gateway, upstream):
    answer = wire.post(gateway.port(f"{mode}-required"), body, path=RESPONSES.path)
    assert refused(answer, upstream) == (403, "prompt_required", "prompt_id")


def test_other_paths_leave_the_object_alone(port, upstream):
    """`prompt` is a field of its own elsewhere, such as the text of older completions."""
    body = {"model": "m", "prompt": {"id": "nope"}, "messages": []}
    assert wire.post(port, body).status == 200
    assert upstream.only().json() == body
