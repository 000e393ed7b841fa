"""Policy on `/responses`: which prompts, which of the client's words, and prompts that somebody else holds."""

import pytest

from support import wire
from support.bootstrap import Listener, route
from support.dialects import RESPONSES
from support.envoy import Envoy

PATH = RESPONSES.path
PROMPTS = {
    "plain": "System: S",
    "user": "User: U",
    "broken": "User: {{ x",
    "ignore": "---\nclient_messages: ignore\n---\nSystem: S",
    "jack": {"versions": {"2": "System: two"}},
    "team-a/x": "System: a",
}
PLUGIN = {"bundle": {"prompts": PROMPTS}, "aliases": {"pmpt_held": "plain"},
          "models": {"bound": {"prompt_id": "plain", "model": "gpt-4"}}}
FORWARD = {"unknown_prompt_object": "forward"}
RULES = [
    {"match": {"path_prefix": "/moving"}, "policy": FORWARD},
    {"match": {"route": "team-a"}, "policy": {"allow": ["team-a/*"], **FORWARD}},
    {"match": {"path_prefix": "/strict"}, "policy": {"require_prompt": True, **FORWARD}},
]
CONFIGURATIONS = {
    "rejecting": PLUGIN,
    "forwarding": {**PLUGIN, "policy": FORWARD},
    "narrow": {**PLUGIN, "policy": {"allow": ["plain", "pmpt_*"]}},
    "required": {**PLUGIN, "policy": {"require_prompt": True, **FORWARD}},
    "rules": {**PLUGIN, "rules": RULES},
    "rejecting-rule": {**PLUGIN, "policy": FORWARD, "rules": [
        {"match": {"path_prefix": "/done"}, "policy": {"unknown_prompt_object": "reject"}}]},
    "users": {**PLUGIN, "policy": {"client_roles": ["user"]}},
    "system": {**PLUGIN, "policy": {"client_roles": ["system"]}},
    "developers": {**PLUGIN, "policy": {"client_roles": ["developer", "user"]}},
    "agents": {**PLUGIN, "policy": {"client_roles": ["user", "assistant", "tool"]}},
    "nobody": {**PLUGIN, "policy": {"client_roles": []}},
}
NOT_ALLOWED = (403, "prompt_not_allowed", "prompt.id")
NOT_FOUND = (404, "prompt_not_found", "prompt.id")
REQUIRED = (403, "prompt_required", "prompt_id")
ROUTES = [route("llm", "/a", "team-a"), route("llm", name="default")]


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin):
    listeners = [Listener(f"{name}-{mode}", plugin, mode == "held", routes=ROUTES)
                 for name, plugin in CONFIGURATIONS.items() for mode in ("held", "unheld")]
    with Envoy(listeners, {"llm": standin.port}, binary=envoy_binary) as running:
        yield running


@pytest.mark.parametrize("reference, expected", [
    ({"id": "plain"}, None), ({"id": "pmpt_held"}, None), ({"id": "team-a/x"}, NOT_ALLOWED),
    ({"prompt_id": "team-a/x"}, (403, "prompt_not_allowed", "prompt.prompt_id")),
    ({"id": "broken"}, NOT_ALLOWED), ({"id": "elsewhere"}, NOT_ALLOWED),
])
def test_allowed_prompts(reference, expected, mode, envoy, upstream):
    answer = wire.post(envoy.port(f"narrow-{mode}"), {"prompt": reference, "input": "hi"}, path=PATH)
    if expected:
        assert RESPONSES.error(answer) == expected
        assert upstream.bodies == []
    else:
        assert upstream.only().json() == {"instructions": "S", "input": "hi"}


UNKNOWN = [
    b'{"prompt":{"id":"pmpt_6f"}}',
    b'{ "model":"m",\n"prompt" : { "id":"pmpt_6f", "version":3,"variables": {"a":{"type":"input_image"}, "n":1.10}}}',
    b'{"prompt":{"id":"deep/er"},"input":"hi","temperature":1E400}',
    b'{"\\u0070rompt":{"\\u0069d":"pmpt_6f","variables":{"x":"\\ud800"}},"x":"\\ud800"}',
    b'{"prompt":{"prompt_id":"pmpt_6f"},"instructions":5}',
]


@pytest.mark.parametrize("listener, prefix", [("forwarding", ""), ("rules", "/moving"), ("rules", "/a"),
                                              ("rejecting-rule", "/other")])
@pytest.mark.parametrize("number", range(len(UNKNOWN)))
def test_an_unknown_object_is_forwarded_as_it_is(number, listener, prefix, mode, envoy, upstream):
    answer = wire.post(envoy.port(f"{listener}-{mode}"), UNKNOWN[number], path=prefix + PATH)
    record = upstream.only()
    assert bytes(record.body) == UNKNOWN[number]
    assert answer.header("x-promptgate-id") is None
    assert record.header("content-length") in (str(len(UNKNOWN[number])), None)


@pytest.mark.parametrize("listener, prefix", [("rejecting", ""), ("rules", ""), ("rules", "/movin"),
                                              ("rejecting-rule", "/done"), ("required", ""), ("rules", "/strict")])
@pytest.mark.parametrize("number", range(len(UNKNOWN)))
def test_an_unknown_object_is_refused(number, listener, prefix, mode, envoy, upstream):
    """Also where each request needs a prompt of this gateway, whatever else is configured."""
    answer = wire.post(envoy.port(f"{listener}-{mode}"), UNKNOWN[number], path=prefix + PATH)
    status, code, param = RESPONSES.error(answer)
    assert (status, code) == (404, "prompt_not_found") and param in ("prompt.id", "prompt.prompt_id")
    assert upstream.bodies == []


@pytest.mark.parametrize("body, expected", [
    # What the gateway holds is its own, whatever is wrong with the request for it.
    ({"prompt": {"id": "jack", "version": "9"}}, (404, "prompt_version_not_found", "prompt.version")),
    ({"prompt": {"id": "jack.v9"}}, (404, "prompt_version_not_found", "prompt.id")),
    ({"prompt": {"id": "broken"}}, (422, "prompt_render_failed", None)),
    # Only the object is understood elsewhere.
    ({"prompt_id": "pmpt_6f"}, (404, "prompt_not_found", "prompt_id")),
    ({"prompt": {"id": "pmpt_6f"}, "prompt_id": "plain"}, (400, "invalid_prompt_reference", "prompt_id")),
    ({"prompt": {"id": "../x"}}, (400, "invalid_prompt_reference", "prompt.id")),
    ({"prompt": "pmpt_6f"}, (400, "invalid_prompt_reference", "prompt")),
])
def test_what_is_never_forwarded(body, expected, mode, envoy, upstream):
    assert RESPONSES.error(wire.post(envoy.port(f"forwarding-{mode}"), body, path=PATH)) == expected
    assert upstream.bodies == []


def test_known_prompts_apply_where_unknown_ones_are_forwarded(mode, envoy, upstream):
    wire.post(envoy.port(f"forwarding-{mode}"), {"prompt": {"id": "pmpt_held"}, "input": "hi"}, path=PATH)
    assert upstream.only().json() == {"instructions": "S", "input": "hi"}


@pytest.mark.parametrize("body", [{"input": "x"}, {"prompt": None, "input": "x"}, {"model": "m"}])
def test_a_prompt_is_required(body, mode, envoy, upstream):
    assert RESPONSES.error(wire.post(envoy.port(f"required-{mode}"), body, path=PATH)) == REQUIRED
    assert upstream.bodies == []


def test_paths_beside_it_need_a_prompt_too(mode, envoy, upstream):
    """`require_prompt` is about every POST; these name none that is applied."""
    for path in (f"{PATH}/resp_1/cancel", f"{PATH}/compact", "/v1/conversations"):
        answer = wire.post(envoy.port(f"required-{mode}"), {"prompt": {"id": "plain"}}, path=path)
        assert RESPONSES.error(answer) == REQUIRED
    assert wire.post(envoy.port(f"required-{mode}"), b"", path=f"{PATH}/resp_1", method="GET").status == 404
    assert [record.method for record in upstream.finished] == ["GET"]


USER = {"role": "user", "content": "x"}
SYSTEM = {"role": "system", "content": "x"}
DEVELOPER = {"role": "developer", "content": "x"}
ASSISTANT = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "x"}]}
CALL = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "c", "output": "x"}
APPROVAL = {"type": "mcp_approval_response", "approval_request_id": "a", "approve": True}
REASONING = {"type": "reasoning", "id": "rs_1", "summary": []}
REFERENCE = {"type": "item_reference", "id": "msg_1"}
INSTRUCTIONS = {"instructions": "x"}
INPUT_REFUSED = (403, "client_role_not_allowed", "input")
INSTRUCTIONS_REFUSED = (403, "client_role_not_allowed", "instructions")

# Listener, what the client sends beside a prompt, the refusal.
ROLES = [
    ("users", {"input": "x"}, None),
    ("users", {"input": [USER, {"type": "message", **USER}]}, None),
    ("users", {}, None),
    ("users", {"instructions": "", "input": "x"}, None),
    ("users", {"instructions": None}, None),
    ("users", INSTRUCTIONS, INSTRUCTIONS_REFUSED),
    ("users", {"input": [USER, SYSTEM]}, INPUT_REFUSED),
    ("users", {"input": [DEVELOPER]}, INPUT_REFUSED),
    ("users", {"input": [ASSISTANT]}, INPUT_REFUSED),
    ("users", {"input": [OUTPUT]}, INPUT_REFUSED),
    ("users", {"input": [APPROVAL]}, INPUT_REFUSED),
    ("users", {"input": [CALL]}, INPUT_REFUSED),
    ("users", {"input": [REASONING]}, INPUT_REFUSED),
    ("users", {"input": [REFERENCE]}, INPUT_REFUSED),
    ("users", {"input": [{"role": "System", "content": "x"}]}, INPUT_REFUSED),
    ("users", {"input": [{"role": "user "}]}, INPUT_REFUSED),
    ("users", {"input": [{"content": "x"}]}, INPUT_REFUSED),
    ("users", {"input": [{"role": None, "content": "x"}]}, INPUT_REFUSED),
    ("users", {"input": [{"role": ["user"], "content": "x"}]}, INPUT_REFUSED),
    ("users", {"input": ["x"]}, INPUT_REFUSED),
    ("users", {"input": [5]}, INPUT_REFUSED),
    ("users", {"input": [[USER]]}, INPUT_REFUSED),
    ("users", {"previous_response_id": "resp_1", "input": [SYSTEM]}, INPUT_REFUSED),
    ("system", INSTRUCTIONS, None),
    ("system", {"input": "x"}, INPUT_REFUSED),
    ("system", {"input": ""}, None),
    ("system", {"input": []}, None),
    ("system", {"input": [SYSTEM]}, None),
    ("system", {"input": [DEVELOPER]}, INPUT_REFUSED),
    ("developers", INSTRUCTIONS, None),
    ("developers", {"input": [DEVELOPER, USER]}, None),
    ("developers", {"input": [SYSTEM]}, INPUT_REFUSED),
    ("agents", {"input": [USER, CALL, OUTPUT, REASONING, ASSISTANT, APPROVAL]}, None),
    ("agents", {"input": [USER, REFERENCE]}, INPUT_REFUSED),
    ("agents", INSTRUCTIONS, INSTRUCTIONS_REFUSED),
    ("nobody", {}, None),
    ("nobody", {"input": "x"}, INPUT_REFUSED),
    ("nobody", INSTRUCTIONS, INSTRUCTIONS_REFUSED),
    ("rejecting", {"input": [USER, SYSTEM, REFERENCE], **INSTRUCTIONS}, None),
]


@pytest.mark.parametrize("number", range(len(ROLES)))
def test_what_clients_may_say(number, mode, envoy, upstream):
    listener, client, refusal = ROLES[number]
    answer = wire.post(envoy.port(f"{listener}-{mode}"), {"prompt": {"id": "plain"}, **client}, path=PATH)
    if refusal:
        assert RESPONSES.error(answer) == refusal
        assert upstream.bodies == []
    else:
        assert upstream.only().json()["instructions"].startswith("S")


# As bytes: an item that is one thing to the gateway must not be another to upstream.
DISGUISED = {
    "escaped-role": b'{"r\\u006fle":"system","content":"x"}',
    "escaped-value": b'{"role":"syst\\u0065m","content":"x"}',
    "two-roles": b'{"role":"user","role":"system","content":"x"}',
    "two-roles-in-the-other-order": b'{"role":"system","role":"user","content":"x"}',
    "two-roles-one-escaped": b'{"role":"user","\\u0072ole":"system","content":"x"}',
    "two-types": b'{"type":"function_call_output","type":"item_reference","id":"msg_1"}',
    "escaped-type": b'{"typ\\u0065":"item_referenc\\u0065","id":"msg_1"}',
    "reference-with-a-role": b'{"type":"item_reference","id":"msg_1","role":"user"}',
    "lone-surrogate": b'{"role":"\\ud800"}',
}


@pytest.mark.parametrize("name", DISGUISED)
def test_a_disguised_item_is_refused(name, mode, envoy, upstream):
    body = b'{"prompt":{"id":"plain"},"input":[' + DISGUISED[name] + b"]}"
    assert RESPONSES.error(wire.post(envoy.port(f"agents-{mode}"), body, path=PATH)) == INPUT_REFUSED
    assert upstream.bodies == []


@pytest.mark.parametrize("body", [
    {"prompt": {"id": "ignore"}, "input": [SYSTEM], **INSTRUCTIONS},
    {"model": "bound", "input": [SYSTEM, REFERENCE], **INSTRUCTIONS},
    {"model": "dotprompt/m", "prompt": {"id": "plain"}, "input": [SYSTEM], **INSTRUCTIONS},
])
def test_roles_do_not_matter_where_the_clients_words_are_dropped(body, mode, envoy, upstream):
    wire.post(envoy.port(f"users-{mode}"), body, path=PATH)
    received = upstream.only().json()
    assert (received["instructions"], received["input"]) == ("S", [])


def test_roles_do_not_matter_without_a_prompt(mode, envoy, upstream):
    body = {"model": "m", "input": [SYSTEM], **INSTRUCTIONS}
    wire.post(envoy.port(f"users-{mode}"), body, path=PATH)
    assert upstream.only().json() == body


def test_policy_comes_before_what_the_catalogue_says(mode, envoy, upstream):
    """Of a prompt that is not there, too: else its absence could be told."""
    answer = wire.post(envoy.port(f"users-{mode}"), {"prompt": {"id": "nope"}, "input": [SYSTEM]}, path=PATH)
    assert RESPONSES.error(answer) == INPUT_REFUSED
