"""The calls that both SDKs make, and what must come of them: LiteLLM's documented requests, and the errors."""

HI = [{"role": "user", "content": "hi"}]

# name: (what the client sends, what upstream receives)
CALLS = {
    "no-messages": (
        {"model": "gpt-4", "messages": [], "prompt_id": "your-prompt-id"},
        {"model": "gpt-4", "messages": [{"role": "system", "content": "You are a helpful assistant."},
                                        {"role": "user", "content": "Say hello."}]},
    ),
    "messages-appended": (
        {"model": "gpt-4", "messages": HI, "prompt_id": "your-prompt-id"},
        {"model": "gpt-4", "messages": [{"role": "system", "content": "You are a helpful assistant."},
                                        {"role": "user", "content": "Say hello."}, *HI]},
    ),
    "variables": (
        {"model": "gpt-4", "messages": [], "prompt_id": "recipe", "prompt_variables": {"dish": "cookies"}},
        {"model": "gpt-4", "messages": [{"role": "developer", "content": "Respond as jack sparrow would"},
                                        {"role": "user", "content": "Give me a recipe for cookies"}]},
    ),
    "version": (
        {"model": "gpt-4", "prompt_id": "jack-sparrow", "prompt_version": 2,
         "messages": [{"role": "user", "content": "Who are u"}]},
        {"model": "gpt-4", "messages": [{"role": "system", "content": "Respond as a polite jack sparrow would"},
                                        {"role": "user", "content": "Who are u"}]},
    ),
    "dotprompt-model": (
        {"model": "dotprompt/gpt-4", "prompt_id": "hello", "prompt_variables": {"user_message": "Hello world"},
         "messages": [{"role": "user", "content": "This will be ignored"}]},
        {"model": "gpt-4", "temperature": 0.7, "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "Hello world"}]},
    ),
    "bound-dotprompt-model": (
        {"model": "dotprompt/gpt-4", "prompt_variables": {"user_message": "Hello world"}, "messages": HI},
        {"model": "gpt-4", "temperature": 0.7, "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "Hello world"}]},
    ),
    "bound-model": (
        {"model": "my-dotprompt-model", "prompt_variables": {"user_message": "What is the capital of France?"},
         "messages": [{"role": "user", "content": "IGNORED"}]},
        {"model": "gpt-4", "temperature": 0.7, "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "What is the capital of France?"}]},
    ),
    "schema-and-max-tokens": (
        {"model": "m", "messages": [], "prompt_id": "schema", "prompt_variables": {"name": "Ada", "age": 36}},
        {"model": "gpt-4", "max_tokens": 150, "messages": [{"role": "user", "content": "Ada is 36"}]},
    ),
    "model-from-a-variable": (
        {"model": "m", "messages": [], "prompt_id": "preferred",
         "prompt_variables": {"preferred_model": "gpt-4o", "domain": "law"}},
        {"model": "gpt-4o", "messages": [{"role": "user", "content": "About law."}]},
    ),
    "without-a-prompt": (
        {"model": "gpt-4", "messages": HI, "temperature": 0.1},
        {"model": "gpt-4", "messages": HI, "temperature": 0.1},
    ),
}

# name: (what the client sends, class of the exception, status, code, param)
ERRORS = {
    "missing-variable": ({"prompt_id": "recipe"}, "BadRequestError", 400, "missing_variable",
                         "prompt_variables.dish"),
    "wrong-type": ({"prompt_id": "schema", "prompt_variables": {"name": "A", "age": "x"}}, "BadRequestError", 400,
                   "invalid_variable", "prompt_variables.age"),
    "bad-id": ({"prompt_id": 5}, "BadRequestError", 400, "invalid_prompt_reference", "prompt_id"),
    "unknown-prompt": ({"prompt_id": "nope"}, "NotFoundError", 404, "prompt_not_found", "prompt_id"),
    "unknown-version": ({"prompt_id": "jack-sparrow", "prompt_version": 9}, "NotFoundError", 404,
                        "prompt_version_not_found", "prompt_version"),
    "unknown-label": ({"prompt_id": "jack-sparrow", "prompt_label": "live"}, "NotFoundError", 404,
                      "prompt_label_not_found", "prompt_label"),
    "not-allowed": ({"prompt_id": "secret/plan"}, "PermissionDeniedError", 403, "prompt_not_allowed", "prompt_id"),
    "broken-prompt": ({"prompt_id": "broken"}, "UnprocessableEntityError", 422, "prompt_render_failed", None),
}
