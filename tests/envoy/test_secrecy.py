"""Nothing of prompts, variables, messages or secrets is in a log, a metric, a header or an error, at debug level."""

import pytest

from support import wire
from support.bootstrap import Listener
from support.envoy import Envoy, poll
from support.samples import plugin

VALUE = "canary-value-7b1f"
TEMPLATE = "canary-template-90ac"
MESSAGE = "canary-message-4411"
SECRET = "canary-secret-c0de"
CLIENT_ID = "canary-id-55aa"
ALL = [VALUE, TEMPLATE, MESSAGE, SECRET, CLIENT_ID]

PROMPTS = {
    "good": f"System: {TEMPLATE}\nUser: {{{{ x }}}}",
    "missing": f"System: {TEMPLATE} {{{{ y }}}}{{{{ x }}}}",
    "type-error": f"User: {TEMPLATE} {{{{ x + 1 }}}}",
    "bad-filter": f"User: {{{{ x | {TEMPLATE.replace('-', '_')} }}}}",
    "bad-call": "User: {{ x.nope() }}",
    "bad-index": "User: {{ x | round }}{{ x / 0 }}",
    "typed": "---\ninput:\n  schema:\n    x: integer\n---\nUser: {{ x }}",
    "choice": "---\ninput:\n  schema:\n    x(enum): [a, b]\n---\nUser: {{ x }}",
    "bomb": "User: {% for i in range(100000) %}{% for j in range(100000) %}{{ x }}{% endfor %}{% endfor %}",
    "syntax": f"User: {TEMPLATE} {{{{ x",
    "yaml": f"---\nmodel: [{TEMPLATE}\n---\nUser: x",
    "model": "---\nmodel: \"{{ x }}\"\n---\nUser: q",
}


@pytest.fixture(scope="module")
def envoy(envoy_binary, wasm, standin):
    base = plugin(bundle={"prompts": PROMPTS}, policy={"models": ["gpt-*"], "client_roles": ["user"]},
                  debug_headers=True, models={}, aliases={})
    unheld = {key: value for key, value in base.items() if key != "model_header"}
    with Envoy([Listener("held", base), Listener("unheld", unheld, held=False)], {"llm": standin.port},
               binary=envoy_binary, wasm_log_level="trace") as running:
        yield running


def revealing(text: str) -> list[str]:
    return [canary for canary in ALL if canary in text or canary.replace("-", "_") in text]


@pytest.mark.parametrize("prompt_id", [*PROMPTS, CLIENT_ID, f"{CLIENT_ID}/../x"])
def test_answers_and_log(prompt_id, mode, envoy, upstream):
    """A local reply may quote nothing but names: of fields, of variables, of the prompt that was asked for."""
    body = {"model": "m", "prompt_id": prompt_id, "prompt_variables": {"x": VALUE},
            "messages": [{"role": "user", "content": MESSAGE}]}
    answer = wire.post(envoy.port(mode), body, headers={"authorization": f"Bearer {SECRET}", "x-api-key": SECRET})
    fields = [value for name, value in answer.headers if name != "x-promptgate-id"]
    if prompt_id == "good":
        assert answer.status == 200
    else:
        assert 400 <= answer.status < 500
        message = answer.body.decode().replace(prompt_id, "")
        assert revealing(message) == []
    assert revealing("\n".join(fields)) == []
    assert [canary for canary in revealing(envoy.log_text()) if canary != CLIENT_ID] == []


@pytest.mark.parametrize("body", [
    f'{{"prompt_id":"good","prompt_variables":{{"x":"{VALUE}"}},"messages":"{MESSAGE}"}}',
    f'{{"prompt_id":"good","prompt_variables":"{VALUE}"}}',
    f'{{"prompt_id":"good","prompt_variables":{{"x":"{VALUE}"}}',
    f'{{"prompt_id":"good","prompt_label":"{VALUE}"}}',
    f'{{"prompt_id":"good","prompt_version":"{VALUE}"}}',
    f'{{"prompt_id":"good","prompt_id":"{VALUE}"}}',
    f'{{"prompt_id":"good","prompt_variables":{{"x":"y"}},"messages":[{{"role":"{MESSAGE}"}}]}}',
])
def test_malformed_requests(body, mode, envoy, upstream):
    answer = wire.post(envoy.port(mode), body.encode())
    assert 400 <= answer.status < 500
    if "prompt_label" not in body:  # a label is a name, and may be repeated to whoever sent it
        assert revealing(answer.body.decode()) == []
    assert revealing(envoy.log_text()) == []


def test_metrics(envoy, upstream):
    for prompt_id in [*PROMPTS, CLIENT_ID]:
        wire.post(envoy.port("held"), {"prompt_id": prompt_id, "prompt_variables": {"x": VALUE}})
    assert revealing(poll(lambda: envoy.prometheus("promptgate_"))) == []


def test_a_refused_configuration_is_not_quoted(envoy_binary, wasm, standin):
    """Its prompts and secrets stay out of the line that says where it is wrong."""
    text = f'{{"bundle": {{"prompts": {{"p": "User: {TEMPLATE}"}}}}, "limits": {{"body": "{SECRET}"}}, "x": 1}}'
    with Envoy([Listener("wrong", text)], {"llm": standin.port}, binary=envoy_binary, check=False) as envoy:
        ours = "\n".join(line for line in envoy.log_text().splitlines() if "wasm log" in line)
        assert not envoy.alive() and ours
        assert TEMPLATE not in ours
