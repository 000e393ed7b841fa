//! ## What it does
//! Finds front-matter keys that are no parameter of Chat Completions, Responses or Anthropic's Messages.
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
use crate::lint::rules::conflicting_key;
use crate::lint::subject::Subject;
use crate::words::nearest;
use promptgate_core::prompt::RESERVED;

/// What a prompt may set in a request, by the API that takes it.
const PARAMETERS: &[&[&str]] = &[CHAT_COMPLETIONS, RESPONSES, MESSAGES, OTHERS];

const CHAT_COMPLETIONS: &[&str] = &[
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
    "moderation",
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
];

/// What Chat Completions has not.
const RESPONSES: &[&str] = &[
    "access_programs",
    "background",
    "context_management",
    "image",
    "include",
    "max_output_tokens",
    "max_tool_calls",
    "reasoning",
    "text",
    "truncation",
];

/// What OpenAI's have not, the beta's fields included.
const MESSAGES: &[&str] = &[
    "billing_policy",
    "cache_control",
    "compaction",
    "container",
    "diagnostics",
    "fallback_credit_token",
    "fallbacks",
    "inference_geo",
    "mcp_servers",
    "output_config",
    "speed",
    "stop_sequences",
    "thinking",
    "thread",
    "top_k",
    "user_profile_id",
    "workspace_id",
];

/// What widely used servers take beside that.
const OTHERS: &[&str] = &[
    // vLLM, SGLang, llama.cpp, Ollama
    "chat_template_kwargs",
    "min_p",
    "min_tokens",
    "repetition_penalty",
    "stop_token_ids",
    // OpenRouter
    "models",
    "plugins",
    "provider",
    "transforms",
];

/// What the same thing is called elsewhere.
const ELSEWHERE: &[(&str, &str)] = &[
    ("maxOutputTokens", "max_completion_tokens"),
    ("max_new_tokens", "max_completion_tokens"),
    ("stopSequences", "stop"),
    ("response_schema", "response_format"),
];

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let (Ok(prompt), Some(front)) = (&subject.prompt, &subject.front) else { return Vec::new() };
    let names = prompt.front_matter.parameters.iter().map(|(name, _)| name.as_str());
    names
        .filter(|name| !known().any(|known| known == *name) && !conflicting_key::is_meant(name))
        .map(|name| {
            let message = format!("`{name}` is no parameter of the APIs that Promptgate serves");
            Finding::new(front.parameter(name), message).help(help(name))
        })
        .collect()
}

fn known() -> impl Iterator<Item = &'static str> {
    PARAMETERS.iter().flat_map(|names| names.iter().copied())
}

fn help(name: &str) -> String {
    let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name).map(|(_, here)| *here);
    match elsewhere.or_else(|| nearest(name, known().chain(RESERVED))) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            "it is sent as it is; if your provider knows it, write `# promptgate: allow(unknown-parameter)`"
                .to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use promptgate_core::prompt::is_refused;

    #[test]
    fn each_name_stands_once_and_may_stand_in_a_front_matter() {
        let mut names: Vec<&str> = known().collect();
        for name in &names {
            assert!(
                !RESERVED.contains(name) && !is_refused(name) && !conflicting_key::is_meant(name),
                "{name}"
            );
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
