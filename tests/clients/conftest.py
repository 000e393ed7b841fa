"""The gateway that SDKs talk to: the repository's kind of prompts, held headers."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support.bootstrap import Listener
from support.envoy import Envoy

NODE = Path(__file__).with_name("node")
SECONDS = 60
PROMPTS = {
    "your-prompt-id": "System: You are a helpful assistant.\n\nUser: Say hello.",
    "recipe": "Developer: Respond as jack sparrow would\n\nUser: Give me a recipe for {{ dish }}",
    "jack-sparrow": {"versions": {
        "1": "System: Respond as jack sparrow would",
        "2": "System: Respond as a polite jack sparrow would",
    }},
    "hello": "---\nmodel: gpt-4\ntemperature: 0.7\n---\nSystem: You are a helpful assistant.\n\nUser: {{user_message}}",
    "schema": "---\nmodel: gpt-4\nmax_tokens: 150\ninput:\n  schema:\n    name: string\n    age: integer\n---\n"
              "User: {{ name }} is {{ age }}",
    "preferred": "---\nmodel: \"{{preferred_model}}\"\n---\nUser: About {{ domain }}.",
    "assistant": "System: You help {{ name }}.\n\nUser: Who are you?\n\nAssistant: A helper.",
    "describe": "System: Describe.\n\nUser: {{ thing }}\n\nUser: {{ question }}",
    "invoice": """---
reasoning_effort: low
response_format:
  type: json_schema
  json_schema:
    name: invoice
    strict: true
    schema: {type: object, properties: {total: {type: number}}, required: [total], additionalProperties: false}
tools:
  - {type: function, function: {name: vat, parameters: {type: object, properties: {}}}}
tool_choice: {type: function, function: {name: vat}}
---
System: Add up.""",
    "sum": """---
output:
  format: json
  schema: {type: object, properties: {total: {type: number}}, required: [total], additionalProperties: false}
---
System: Add up.""",
    "broken": "User: {{ x",
    "secret/plan": "System: S",
}
PLUGIN = {
    "bundle": {"prompts": PROMPTS},
    "models": {
        "my-dotprompt-model": {"prompt_id": "hello", "model": "gpt-4"},
        "dotprompt/gpt-4": {"prompt_id": "hello", "model": "gpt-4"},
    },
    "aliases": {"pmpt_68a1": "recipe"},
    "policy": {"allow": [*(prompt for prompt in PROMPTS if prompt != "secret/plan"), "nope*"]},
}


@pytest.fixture(scope="session")
def root_url(envoy_binary, wasm, standin):
    """The gateway; what a user of Anthropic's SDK sets as `base_url`."""
    with Envoy([Listener("sdk", PLUGIN)], {"llm": standin.port}, binary=envoy_binary) as envoy:
        yield f"http://127.0.0.1:{envoy.port('sdk')}"


@pytest.fixture(scope="session")
def base_url(root_url):
    """What a user of OpenAI's SDK sets as `base_url`."""
    return f"{root_url}/v1"


@pytest.fixture(scope="session")
def run_node():
    """Runs a script of `node/`: gives it a list of calls, returns the list of their results."""
    def run(script: str, url: str, calls: list) -> list:
        node = shutil.which("node")
        if not node or not (NODE / "node_modules" / ".package-lock.json").exists():
            pytest.fail(f"Node 20 and `npm ci` in {NODE} are needed", pytrace=False)
        done = subprocess.run([node, script], cwd=NODE, input=json.dumps(calls), capture_output=True, text=True,
                              timeout=SECONDS, env={**os.environ, "BASE_URL": url, "NO_PROXY": "*"})
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
