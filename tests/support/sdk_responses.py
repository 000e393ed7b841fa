"""The calls of `/responses` that both SDKs of OpenAI make, and what must come of them."""

PICTURE = {"type": "input_image", "image_url": "https://pictures.test/cat.png", "detail": "auto"}
FILE = {"type": "input_file", "file_id": "file-6F2ksmvXxt4VdoqmHRw6kL"}
TEXT = {"type": "input_text", "text": "cookies"}
PIRATE = "Respond as jack sparrow would"
POLITE = "Respond as a polite jack sparrow would"
RECIPE = {"role": "user", "content": "Give me a recipe for cookies"}
SCHEMA = {"type": "object", "properties": {"total": {"type": "number"}}, "required": ["total"],
          "additionalProperties": False}

# name: (what the client sends, what upstream receives)
CALLS = {
    "prompt": (
        {"prompt": {"id": "recipe", "variables": {"dish": "cookies"}}},
        {"instructions": PIRATE, "input": [RECIPE]},
    ),
    "prompt-with-version": (
        {"model": "gpt-4", "prompt": {"id": "jack-sparrow", "version": "1"}, "input": "Who are u"},
        {"model": "gpt-4", "instructions": PIRATE, "input": "Who are u"},
    ),
    "prompt-by-its-old-id": (
        {"prompt": {"id": "pmpt_68a1", "version": None, "variables": {"dish": "cookies"}}, "input": "More salt."},
        {"instructions": PIRATE, "input": [RECIPE, {"role": "user", "content": "More salt."}]},
    ),
    "prompt-id": (
        {"prompt_id": "recipe", "prompt_variables": {"dish": "cookies"}, "input": [{"role": "user", "content": "hi"}]},
        {"instructions": PIRATE, "input": [RECIPE, {"role": "user", "content": "hi"}]},
    ),
    "instructions-of-the-client": (
        {"prompt": {"id": "jack-sparrow"}, "instructions": "Be brief.", "input": "hi"},
        {"instructions": f"{POLITE}\n\nBe brief.", "input": "hi"},
    ),
    "bound-model": (
        {"model": "my-dotprompt-model", "prompt_variables": {"user_message": "What is the capital of France?"},
         "input": "IGNORED", "instructions": "IGNORED"},
        {"model": "gpt-4", "temperature": 0.7, "instructions": "You are a helpful assistant.",
         "input": [{"role": "user", "content": "What is the capital of France?"}]},
    ),
    "max-tokens-by-the-name-here": (
        {"prompt": {"id": "schema", "variables": {"name": "Ada", "age": 36}}},
        {"model": "gpt-4", "max_output_tokens": 150, "input": [{"role": "user", "content": "Ada is 36"}]},
    ),
    "parameters-by-their-names-here": (
        {"prompt": {"id": "invoice", "variables": {}}, "input": "1 + 1", "text": {"verbosity": "low"}},
        {"input": "1 + 1", "instructions": "Add up.", "reasoning": {"effort": "low"},
         "text": {"verbosity": "low", "format": {"type": "json_schema", "name": "invoice", "strict": True,
                                                 "schema": SCHEMA}},
         "tools": [{"type": "function", "name": "vat", "parameters": {"type": "object", "properties": {}}}],
         "tool_choice": {"type": "function", "name": "vat"}},
    ),
    "image": (
        {"prompt": {"id": "describe", "variables": {"thing": PICTURE, "question": "What is it?"}}},
        {"instructions": "Describe.", "input": [{"role": "user", "content": [PICTURE]},
                                                {"role": "user", "content": "What is it?"}]},
    ),
    "file-beside-input": (
        {"prompt": {"id": "describe", "variables": {"thing": FILE, "question": TEXT}}, "input": "Quickly."},
        {"instructions": "Describe.", "input": [{"role": "user", "content": [FILE]},
                                                {"role": "user", "content": [TEXT]},
                                                {"role": "user", "content": "Quickly."}]},
    ),
    "without-a-prompt": (
        {"model": "gpt-4", "input": "hi", "instructions": "Be brief.", "temperature": 0.1},
        {"model": "gpt-4", "input": "hi", "instructions": "Be brief.", "temperature": 0.1},
    ),
}

# name: (what the client sends, class of the exception, status, code, param)
ERRORS = {
    "unknown-prompt": ({"prompt": {"id": "nope"}}, "NotFoundError", 404, "prompt_not_found", "prompt.id"),
    "unknown-version": ({"prompt": {"id": "jack-sparrow", "version": "9"}}, "NotFoundError", 404,
                        "prompt_version_not_found", "prompt.version"),
    "unknown-prompt-id": ({"prompt_id": "nope"}, "NotFoundError", 404, "prompt_not_found", "prompt_id"),
    "missing-variable": ({"prompt": {"id": "recipe"}}, "BadRequestError", 400, "missing_variable",
                         "prompt.variables.dish"),
    "wrong-type": ({"prompt": {"id": "schema", "variables": {"name": "A", "age": "x"}}}, "BadRequestError", 400,
                   "invalid_variable", "prompt.variables.age"),
    "image-inside-text": ({"prompt": {"id": "recipe", "variables": {"dish": PICTURE}}}, "BadRequestError", 400,
                          "invalid_variable", "prompt.variables.dish"),
    "unknown-member": ({"prompt": {"id": "recipe", "label": "production"}}, "BadRequestError", 400,
                       "invalid_prompt_reference", "prompt.label"),
    "two-ways-at-once": ({"prompt": {"id": "recipe"}, "prompt_id": "recipe"}, "BadRequestError", 400,
                         "invalid_prompt_reference", "prompt_id"),
    "not-allowed": ({"prompt": {"id": "secret/plan"}}, "PermissionDeniedError", 403, "prompt_not_allowed",
                    "prompt.id"),
    "broken-prompt": ({"prompt": {"id": "broken"}}, "UnprocessableEntityError", 422, "prompt_render_failed", None),
}
