//! ## What it does
//! Finds front-matter keys that are no parameter of OpenAI's chat completions.
//!
//! ## Why is this bad?
//! Whatever is not reserved becomes a field of the request. A provider refuses a field that it does not know, or, worse,
//! ignores it. Parameters of one provider only can be allowed by a comment.
//!
//! ## Example
//! ```text
//! ---
//! temprature: 0.2
//! ---
//! User: hi
//! ```
//!
//! Write instead:
//! ```text
//! ---
//! temperature: 0.2
//! ---
//! User: hi
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;
use crate::words::nearest;
use promptgate_core::prompt::RESERVED;

/// The fields of a chat completion request, those of widely used servers among them.
const PARAMETERS: &[&str] = &[
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "metadata",
    "modalities",
    "n",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "reasoning_effort",
    "response_format",
    "safety_identifier",
    "seed",
    "service_tier",
    "stop",
    "store",
    "stream_options",
    "temperature",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "user",
    "verbosity",
    "web_search_options",
    // vLLM, SGLang, llama.cpp, Ollama
    "chat_template_kwargs",
    "min_p",
    "min_tokens",
    "repetition_penalty",
    "stop_token_ids",
    "top_k",
    // OpenRouter, LiteLLM, Anthropic by way of them
    "fallbacks",
    "models",
    "plugins",
    "provider",
    "reasoning",
    "thinking",
    "transforms",
];

/// What the same thing is called elsewhere.
const ELSEWHERE: &[(&str, &str)] = &[
    ("maxOutputTokens", "max_completion_tokens"),
    ("max_output_tokens", "max_completion_tokens"),
    ("max_new_tokens", "max_completion_tokens"),
    ("stopSequences", "stop"),
    ("stop_sequences", "stop"),
    ("response_schema", "response_format"),
];

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let (Ok(prompt), Some(front)) = (&subject.prompt, &subject.front) else { return Vec::new() };
    let names = prompt.front_matter.parameters.iter().map(|(name, _)| name.as_str());
    names
        .filter(|name| !PARAMETERS.contains(name))
        .map(|name| {
            Finding::new(front.parameter(name), format!("`{name}` is no parameter of chat completions"))
                .help(help(name))
        })
        .collect()
}

fn help(name: &str) -> String {
    let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name).map(|(_, here)| *here);
    let known = PARAMETERS.iter().copied().chain(RESERVED);
    match elsewhere.or_else(|| nearest(name, known)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            "it is sent as it is; if your provider knows it, write `# promptgate: allow(unknown-parameter)`"
                .to_owned()
        }
    }
}
