"""Variables that would eat a worker: refused before they do. A Wasm module's memory never shrinks again."""

import json

import pytest

from support import wire
from support.bootstrap import Listener
from support.envoy import Envoy

MEMORY = 96 << 20
# Of the processor: what is refused too late takes ten times as long.
SECONDS = 2.0
BODY = 9_500_000

SCHEMA = """---
input:
  schema:
    type: object
    properties:
      l: {type: array, items: {enum: [%s]}}
---
User: x""" % ", ".join(map(str, range(3_000)))

PROMPTS = {
    "plain": "User: x",
    "schema": SCHEMA,
    "keys": "User: {% for i in l %}{% if k in d %}{% endif %}{% endfor %}z",
}


def filled(unit: str, before: str, after: str) -> str:
    """As many units as the body limit allows."""
    return before + ",".join([unit] * (BODY // (len(unit) + 1))) + after


INVALID = (400, "invalid_variable", "prompt_variables.l")
# A prompt, its variables, and the refusal.
HOSTILE = {
    "nested-lists": ("plain", filled("[" * 60 + "]" * 60, '{"l": [', "]}"), INVALID),
    "numbers": ("plain", filled("1", '{"l": [', "]}"), INVALID),
    "mappings": ("plain", filled('{"":1}', '{"l": [', "]}"), INVALID),
    "enum": ("schema", '{"l": [' + ",".join(["2999"] * 100_000) + "]}",
             (400, "invalid_variable", "prompt_variables")),
    "long-key": ("keys", json.dumps({"l": [0] * 20_000, "k": "x" * 1_000_000, "d": {"a": 1}}),
                 (422, "prompt_render_failed", None)),
}


@pytest.fixture(scope="module")
def gateway(envoy_binary, wasm, standin):
    plugin = {"bundle": {"prompts": PROMPTS}}
    with Envoy([Listener("hostile", plugin)], {"llm": standin.port}, binary=envoy_binary) as envoy:
        yield envoy


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_variables_are_refused(name, gateway, upstream):
    prompt, variables, refusal = HOSTILE[name]
    port = gateway.port("hostile")
    body = '{"prompt_id": "%s", "prompt_variables": %s}' % (prompt, variables)
    memory, start = gateway.memory(), gateway.cpu_seconds()
    answer = wire.post(port, body.encode())
    spent = gateway.cpu_seconds() - start
    assert answer.error() == refusal, answer.body[:300]
    assert spent < SECONDS
    assert gateway.memory() - memory < MEMORY
    assert upstream.records == []
    assert gateway.alive() and gateway.traps() == 0
    assert wire.post(port, {"prompt_id": "plain"}).status == 200
