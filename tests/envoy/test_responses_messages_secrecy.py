"""Nothing of prompts, variables, inputs or secrets is in a log, metric or error of `/responses` and `/messages`."""

import json

import pytest

from support import wire
from support.bootstrap import Listener
from support.dialects import DIALECTS
from support.envoy import Envoy, poll
from support.samples import plugin

VALUE = "canary-value-7b1f"
TEMPLATE = "canary-template-90ac"
INPUT = "canary-input-4411"
SYSTEM = "canary-system-6e2d"
SECRET = "canary-secret-c0de"
CLIENT_ID = "canary-id-55aa"
ALL = [VALUE, TEMPLATE, INPUT, SYSTEM, SECRET, CLIENT_ID]
PART = {"type": "input_file", "file_data": VALUE, "filename": VALUE}

PROMPTS = {
    "good": f"System: {TEMPLATE}\nUser: {{{{ x }}}}",
    "missing": f"System: {TEMPLATE} {{{{ y }}}}{{{{ x }}}}",
    "type-error": f"User: {TEMPLATE} {{{{ x + 1 }}}}",
    "typed": "---\ninput:\n  schema:\n    x: integer\n---\nUser: {{ x }}",
    "in-text": f"System: {TEMPLATE}\nUser: see {{{{ x }}}}",
    "in-system": f"System: {{{{ x }}}}\nUser: {TEMPLATE}",
    "syntax": f"User: {TEMPLATE} {{{{ x",
    "model": "---\nmodel: \"{{ x }}\"\n---\nUser: q",
    "sets-text": f"---\ninstructions: {TEMPLATE}\nsystem: {TEMPLATE}\n---\nUser: q",
    "restricted": "System: S",
}


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin):
    base = plugin(bundle={"prompts": PROMPTS}, policy={"models": ["gpt-*"]}, debug_headers=True, models={}, aliases={})
    strict = {**base, "policy": {"client_roles": ["user"], "unknown_prompt_object": "forward"}}
    listeners = []
    for name, configuration in {"": base, "-strict": strict}.items():
        unheld = {key: value for key, value in configuration.items() if key != "model_header"}
        listeners += [Listener(f"held{name}", configuration), Listener(f"unheld{name}", unheld, held=False)]
    with Envoy(listeners, {"llm": standin.port}, binary=envoy_binary, wasm_log_level="trace") as running:
        yield running


def revealing(text: str) -> list[str]:
    return [canary for canary in ALL if canary in text]


def words(dialect) -> dict:
    """What the client says beside the prompt."""
    if dialect.anthropic:
        return {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": INPUT}], "system": SYSTEM}
    return {"model": "m", "input": INPUT, "instructions": SYSTEM}


def by_fields(prompt_id, value) -> dict:
    return {"prompt_id": prompt_id, "prompt_variables": {"x": value}}


def by_object(prompt_id, value) -> dict:
    return {"prompt": {"id": prompt_id, "variables": {"x": value}}}


@pytest.mark.parametrize("value", [VALUE, PART], ids=["text", "part"])
@pytest.mark.parametrize("listener", ["", "-strict"])
@pytest.mark.parametrize("name, ask", [("responses", by_object), ("responses", by_fields), ("messages", by_fields)])
@pytest.mark.parametrize("prompt_id", [*PROMPTS, CLIENT_ID, f"{CLIENT_ID}/../x"])
def test_answers_and_log(prompt_id, name, ask, listener, value, mode, envoy, upstream):
    """A local reply may quote nothing but names: of fields, of variables, of the prompt that was asked for."""
    dialect = DIALECTS[name]
    answer = wire.post(envoy.port(mode + listener), {**words(dialect), **ask(prompt_id, value)}, path=dialect.path,
                       headers={"authorization": f"Bearer {SECRET}", "x-api-key": SECRET})
    if not upstream.finished:
        assert 400 <= answer.status < 500
        assert revealing(answer.body.decode().replace(prompt_id, "")) == []
    fields = [value for name, value in answer.headers if name != "x-promptgate-id"]
    assert revealing("\n".join(fields)) == []
    assert [canary for canary in revealing(envoy.log_text()) if canary != CLIENT_ID] == []


@pytest.mark.parametrize("name, body", [
    ("responses", f'{{"prompt":"{VALUE}"}}'),
    ("responses", f'{{"prompt":["{VALUE}"]}}'),
    ("responses", f'{{"prompt":{{"id":["{VALUE}"]}}}}'),
    ("responses", f'{{"prompt":{{"id":"good","version":"{VALUE}"}}}}'),
    ("responses", f'{{"prompt":{{"id":"good","variables":"{VALUE}"}}}}'),
    ("responses", f'{{"prompt":{{"id":"good","x":"{VALUE}"}}}}'),
    ("responses", f'{{"prompt":{{"id":"good","{VALUE} {SECRET}":1}}}}'),
    ("responses", f'{{"prompt":{{"id":"good","id":"{VALUE}"}}}}'),
    ("responses", f'{{"prompt":{{"id":"good","variables":{{"x":"{VALUE}"}}}},"input":{{"a":"{INPUT}"}}}}'),
    ("responses", f'{{"prompt":{{"id":"good","variables":{{"x":"{VALUE}"}}}},"instructions":["{SYSTEM}"]}}'),
    ("responses", f'{{"prompt":{{"id":"good","variables":{{"x":"{VALUE}"'),
    ("messages", f'{{"prompt_id":"good","prompt_variables":{{"x":"y"}},"messages":"{INPUT}"}}'),
    ("messages", f'{{"prompt_id":"good","prompt_variables":{{"x":"y"}},"system":{{"a":"{SYSTEM}"}}}}'),
    ("messages", f'{{"prompt_id":"good","prompt_variables":"{VALUE}"}}'),
    ("messages", f'{{"prompt_id":"good","prompt_variables":{{"x":"{VALUE}"'),
])
def test_malformed_requests(name, body, mode, envoy, upstream):
    answer = wire.post(envoy.port(mode), body.encode(), path=DIALECTS[name].path)
    assert 400 <= answer.status < 500
    assert revealing(answer.body.decode()) == []
    assert revealing(envoy.log_text().replace(CLIENT_ID, "")) == []
    assert upstream.bodies == []


@pytest.mark.parametrize("name, client", [
    ("responses", {"input": [{"role": INPUT, "content": INPUT}]}),
    ("responses", {"input": [{"type": INPUT, "output": INPUT}]}),
    ("responses", {"instructions": SYSTEM}),
    ("messages", {"messages": [{"role": INPUT, "content": INPUT}]}),
    ("messages", {"system": [{"type": "text", "text": SYSTEM}]}),
])
def test_a_role_that_is_refused(name, client, mode, envoy, upstream):
    dialect = DIALECTS[name]
    answer = wire.post(envoy.port(f"{mode}-strict"), {"prompt_id": "restricted", **client}, path=dialect.path)
    assert dialect.error(answer)[:2] == (403, "client_role_not_allowed")
    assert revealing(answer.body.decode()) == []
    assert revealing(envoy.log_text().replace(CLIENT_ID, "")) == []


def test_metrics_and_access_log(mode, envoy, upstream):
    """A prompt that is forwarded because nobody here knows it leaves no trace of its id, either."""
    for name, dialect in DIALECTS.items():
        for prompt_id in [*PROMPTS, CLIENT_ID]:
            body = {**words(dialect), **(by_fields if dialect.anthropic else by_object)(prompt_id, VALUE)}
            wire.post(envoy.port(f"{mode}-strict"), body, path=dialect.path, headers={"x-test-tag": f"{name}-{mode}"})
        records = poll(lambda: (found := envoy.access_records(f"{name}-{mode}")) and len(found) == len(PROMPTS) + 1
                       and found)
        assert revealing(json.dumps(records)) == []
    assert revealing(poll(lambda: envoy.prometheus("promptgate_"))) == []
