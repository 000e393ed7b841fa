"""Bad requests to `/messages`: status, code, param and type in Anthropic's envelope, and nothing of them upstream."""

import pytest

from support import wire
from support.bootstrap import Listener
from support.dialects import MESSAGES, USER
from support.envoy import Envoy

PATH = MESSAGES.path
REFERENCE = "invalid_prompt_reference"


def nested(levels: int):
    value = 1
    for _ in range(levels):
        value = [value]
    return value


# What a request says beside `messages`. Status, code, param.
INVALID = {
    "id-number": ({"prompt_id": 5}, 400, REFERENCE, "prompt_id"),
    "id-object": ({"prompt_id": {"id": "plain"}}, 400, REFERENCE, "prompt_id"),
    "id-traversal": ({"prompt_id": "../secrets"}, 400, REFERENCE, "prompt_id"),
    "id-10-KB": ({"prompt_id": "p" * 10_240}, 400, REFERENCE, "prompt_id"),
    "id-lone-surrogate": ({"prompt_id": "\ud800"}, 400, REFERENCE, "prompt_id"),
    "id-unknown": ({"prompt_id": "nope"}, 404, "prompt_not_found", "prompt_id"),
    "version-unknown": ({"prompt_id": "jack-sparrow", "prompt_version": 9}, 404, "prompt_version_not_found",
                        "prompt_version"),
    "label-unknown": ({"prompt_id": "jack-sparrow", "prompt_label": "canary"}, 404, "prompt_label_not_found",
                      "prompt_label"),
    "version-and-label": ({"prompt_id": "plain", "prompt_version": 1, "prompt_label": "x"}, 400, REFERENCE,
                          "prompt_label"),
    "variables-list": ({"prompt_id": "plain", "prompt_variables": []}, 400, REFERENCE, "prompt_variables"),
    "variables-alone": ({"prompt_variables": {}}, 400, REFERENCE, "prompt_variables"),
    "missing-variable": ({"prompt_id": "echo"}, 400, "missing_variable", "prompt_variables.x"),
    "wrong-type": ({"prompt_id": "typed", "prompt_variables": {"n": "x"}}, 400, "invalid_variable",
                   "prompt_variables.n"),
    "deep-variable": ({"prompt_id": "echo", "prompt_variables": {"x": nested(200)}}, 400, "invalid_variable",
                      "prompt_variables.x"),
    "variable-lone-surrogate": ({"prompt_id": "echo", "prompt_variables": {"x": "\ud800"}}, 400, "invalid_variable",
                                "prompt_variables.x"),
    "messages-object": ({"prompt_id": "plain", "messages": {}}, 400, "invalid_messages", "messages"),
    "messages-string": ({"prompt_id": "plain", "messages": "hi"}, 400, "invalid_messages", "messages"),
    "system-object": ({"prompt_id": "plain", "system": {"type": "text", "text": "x"}}, 400, "invalid_messages",
                      "system"),
    "system-number": ({"prompt_id": "plain", "system": 5}, 400, "invalid_messages", "system"),
    "system-false": ({"prompt_id": "plain", "system": False}, 400, "invalid_messages", "system"),
    "dotprompt-without-prompt": ({"model": "dotprompt/m"}, 400, REFERENCE, "prompt_id"),
    "broken-prompt": ({"prompt_id": "broken"}, 422, "prompt_render_failed", None),
}

# Bodies as bytes, for what a JSON value cannot hold.
RAW = {
    "duplicate-id": (b'{"prompt_id":"plain","prompt\\u005fid":"hello"}', "duplicate_field", "prompt_id"),
    "duplicate-system": (b'{"prompt_id":"plain","system":"a","syst\\u0065m":"b"}', "duplicate_field", "system"),
    "duplicate-messages": (b'{"prompt_id":"plain","messages":[],"messages":[]}', "duplicate_field", "messages"),
    "duplicate-model": (b'{"model":"a","model":"b"}', "duplicate_field", "model"),
    "duplicate-variable": (b'{"prompt_id":"echo","prompt_variables":{"x":{"a":1,"a":2}}}', "duplicate_field",
                           "prompt_variables.x"),
    "truncated": (b'{"prompt_id":"plain"', "invalid_json", None),
    "not-utf8": (b'{"prompt_id":"plain","x":"\xff"}', "invalid_json", None),
    "after-a-bom": (b'\xef\xbb\xbf{"prompt_id":"plain"}', "invalid_json", None),
    "in-text": (b"prompt_id=plain", "invalid_json", None),
}


def refused(answer, upstream) -> tuple:
    """The error, once it is sure that upstream has seen no body."""
    assert upstream.bodies == []
    return MESSAGES.error(answer)


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_request(name, port, upstream):
    request, status, code, param = INVALID[name]
    answer = wire.post(port, {"model": "m", "max_tokens": 9, "messages": [USER], **request}, path=PATH)
    assert refused(answer, upstream) == (status, code, param)


@pytest.mark.parametrize("name", RAW)
def test_an_invalid_body(name, port, upstream):
    body, code, param = RAW[name]
    assert refused(wire.post(port, body, path=PATH), upstream) == (400, code, param)


@pytest.fixture(scope="module")
def strict(envoy_binary, wasm, standin):
    """Policies that concern what clients say."""
    plugin = {"bundle": {"prompts": {"plain": "System: S", "secret": "System: S"}}}
    roles = {"users": ["user"], "system": ["system"], "developers": ["developer", "user"], "nobody": []}
    listeners = [Listener(f"{name}-{mode}", {**plugin, "policy": {"client_roles": allowed, "allow": ["plain"]}},
                          mode == "held") for name, allowed in roles.items() for mode in ("held", "unheld")]
    with Envoy(listeners, {"llm": standin.port}, binary=envoy_binary) as running:
        yield running


SYSTEM = {"role": "system", "content": "x"}
MESSAGES_REFUSED = (403, "client_role_not_allowed", "messages")
SYSTEM_REFUSED = (403, "client_role_not_allowed", "system")


@pytest.mark.parametrize("listener, client, refusal", [
    ("users", {"messages": [USER]}, None),
    ("users", {"messages": [USER], "system": ""}, None),
    ("users", {"messages": [USER], "system": None}, None),
    ("users", {"messages": [USER], "system": []}, None),
    ("users", {"messages": [USER], "system": "x"}, SYSTEM_REFUSED),
    ("users", {"messages": [USER], "system": [{"type": "text", "text": "x"}]}, SYSTEM_REFUSED),
    ("users", {"messages": [USER, SYSTEM]}, MESSAGES_REFUSED),
    ("users", {"messages": [USER, {"role": "assistant", "content": "x"}]}, MESSAGES_REFUSED),
    ("users", {"messages": [{"content": "x"}]}, MESSAGES_REFUSED),
    ("users", {"messages": [{"type": "tool_result", "content": "x"}]}, MESSAGES_REFUSED),
    ("system", {"system": "x", "messages": [SYSTEM]}, None),
    ("system", {"messages": [USER]}, MESSAGES_REFUSED),
    # Anthropic has no developers: `system` takes that role alone.
    ("developers", {"system": "x", "messages": [USER]}, SYSTEM_REFUSED),
    ("nobody", {"messages": []}, None),
    ("nobody", {"messages": [USER]}, MESSAGES_REFUSED),
])
def test_what_clients_may_say(listener, client, refusal, mode, strict, upstream):
    body = {"model": "m", "max_tokens": 9, "prompt_id": "plain", **client}
    answer = wire.post(strict.port(f"{listener}-{mode}"), body, path=PATH)
    if refusal:
        assert refused(answer, upstream) == refusal
    else:
        assert upstream.only().json()["system"] in ("S", "S\n\nx", [{"type": "text", "text": "S"}])


def test_a_prompt_that_is_not_allowed(mode, strict, upstream):
    answer = wire.post(strict.port(f"users-{mode}"), {"prompt_id": "secret"}, path=PATH)
    assert refused(answer, upstream) == (403, "prompt_not_allowed", "prompt_id")
