"""The plugin configuration that most suites use, and the bodies that it makes."""

HELLO = "---\nmodel: gpt-4\ntemperature: 0.7\n---\nSystem: You are a helpful assistant.\n\nUser: {{ user_message }}"

PROMPTS = {
    "hello": HELLO,
    "plain": "System: S",
    "echo": "System: S\nUser: [{{ x }}]",
    "typed": "---\ninput:\n  schema:\n    n: integer, how many\n    note?: string\n---\nUser: {{ n }}",
    "nested": "User: {{ user.name }}",
    "broken": "User: {{ x",
    "jack-sparrow": {
        "labels": {"production": 1},
        "versions": {
            "1": "System: Respond as jack sparrow would",
            "2": "System: Respond as a polite jack sparrow would",
        },
    },
    "support/triage": "System: Sort it.",
}

PLUGIN = {
    "bundle": {"prompts": PROMPTS},
    "aliases": {"pmpt_123": "support/triage"},
    "models": {"my-dotprompt-model": {"prompt_id": "hello", "model": "gpt-4"}},
    "model_header": "x-promptgate-model",
    "debug_headers": False,
}
"""Kept free of policies: suites that are about a policy add it."""


def plugin(**changes) -> dict:
    """The sample configuration with some keys set otherwise."""
    return {**PLUGIN, **changes}
