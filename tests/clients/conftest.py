"""The gateway that SDKs talk to: the repository's kind of prompts, held headers."""

import pytest

from support.bootstrap import Listener
from support.envoy import Envoy

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
    "broken": "User: {{ x",
    "secret/plan": "System: S",
}
PLUGIN = {
    "bundle": {"prompts": PROMPTS},
    "models": {
        "my-dotprompt-model": {"prompt_id": "hello", "model": "gpt-4"},
        "dotprompt/gpt-4": {"prompt_id": "hello", "model": "gpt-4"},
    },
    "policy": {"allow": ["your-prompt-id", "recipe", "jack-sparrow*", "hello", "schema", "preferred", "broken",
                         "nope*"]},
}


@pytest.fixture(scope="session")
def base_url(envoy_binary, wasm, standin):
    """What a user of the SDK sets as `base_url`."""
    with Envoy([Listener("sdk", PLUGIN)], {"llm": standin.port}, binary=envoy_binary) as envoy:
        yield f"http://127.0.0.1:{envoy.port('sdk')}/v1"
