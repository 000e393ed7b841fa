"""The calls of `/messages` that both SDKs of Anthropic make, and what must come of them."""

HELPFUL = "You are a helpful assistant."
PIRATE = "Respond as jack sparrow would"
HELLO = {"role": "user", "content": "Say hello."}
HI = {"role": "user", "content": "hi"}
CACHED = {"type": "text", "text": "A long document.", "cache_control": {"type": "ephemeral"}}
TOOLS = [{"name": "weather", "input_schema": {"type": "object", "properties": {}}}]
LOOP = [
    HI,
    {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "sunny"}]},
]
SCHEMA = {"type": "object", "properties": {"total": {"type": "number"}}, "required": ["total"],
          "additionalProperties": False}
BASE = {"model": "claude-sonnet-5", "max_tokens": 64}

# name: (what the client sends, what upstream receives)
CALLS = {
    "no-messages": (
        {**BASE, "messages": [], "prompt_id": "your-prompt-id"},
        {**BASE, "messages": [HELLO], "system": HELPFUL},
    ),
    "system-text": (
        {**BASE, "messages": [HI], "system": "Be brief.", "prompt_id": "your-prompt-id"},
        {**BASE, "messages": [HELLO, HI], "system": f"{HELPFUL}\n\nBe brief."},
    ),
    "system-blocks": (
        {**BASE, "messages": [HI], "system": [CACHED], "prompt_id": "your-prompt-id"},
        {**BASE, "messages": [HELLO, HI], "system": [{"type": "text", "text": HELPFUL}, CACHED]},
    ),
    "developer-and-variables": (
        {**BASE, "messages": [], "prompt_id": "recipe", "prompt_variables": {"dish": "cookies"}},
        {**BASE, "messages": [{"role": "user", "content": "Give me a recipe for cookies"}], "system": PIRATE},
    ),
    "version": (
        {**BASE, "messages": [HI], "prompt_id": "jack-sparrow", "prompt_version": 1},
        {**BASE, "messages": [HI], "system": PIRATE},
    ),
    "bound-model": (
        {**BASE, "model": "my-dotprompt-model", "messages": [HI], "system": "IGNORED",
         "prompt_variables": {"user_message": "What is the capital of France?"}},
        {**BASE, "model": "gpt-4", "temperature": 0.7, "system": HELPFUL,
         "messages": [{"role": "user", "content": "What is the capital of France?"}]},
    ),
    "parameters-and-no-system": (
        {**BASE, "messages": [], "prompt_id": "schema", "prompt_variables": {"name": "Ada", "age": 36}},
        {"model": "gpt-4", "max_tokens": 150, "messages": [{"role": "user", "content": "Ada is 36"}]},
    ),
    "output-format": (
        {**BASE, "messages": [HI], "prompt_id": "sum", "output_config": {"effort": "low"}},
        {**BASE, "messages": [HI], "system": "Add up.",
         "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": SCHEMA}}},
    ),
    "tools": (
        {**BASE, "messages": LOOP, "tools": TOOLS, "prompt_id": "your-prompt-id"},
        {**BASE, "messages": [HELLO, *LOOP], "tools": TOOLS, "system": HELPFUL},
    ),
    "without-a-prompt": (
        {**BASE, "messages": [HI], "system": [CACHED]},
        {**BASE, "messages": [HI], "system": [CACHED]},
    ),
}

# name: (what the client sends, class of the exception, status, type, code, param)
INVALID = "invalid_request_error"
ERRORS = {
    "unknown-prompt": ({"prompt_id": "nope"}, "NotFoundError", 404, "not_found_error", "prompt_not_found",
                       "prompt_id"),
    "unknown-version": ({"prompt_id": "jack-sparrow", "prompt_version": 9}, "NotFoundError", 404, "not_found_error",
                        "prompt_version_not_found", "prompt_version"),
    "missing-variable": ({"prompt_id": "recipe"}, "BadRequestError", 400, INVALID, "missing_variable",
                         "prompt_variables.dish"),
    "bad-id": ({"prompt_id": 5}, "BadRequestError", 400, INVALID, "invalid_prompt_reference", "prompt_id"),
    "not-allowed": ({"prompt_id": "secret/plan"}, "PermissionDeniedError", 403, "permission_error",
                    "prompt_not_allowed", "prompt_id"),
    "broken-prompt": ({"prompt_id": "broken"}, "UnprocessableEntityError", 422, INVALID, "prompt_render_failed", None),
}
