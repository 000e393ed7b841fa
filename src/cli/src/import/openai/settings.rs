//! Model, parameters and tools: what is carried over, what is a default, what belongs to the call.

use serde_json::{Map, Value};

use super::super::draft::Draft;
use super::messages::word;

/// Where the settings stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// In a Response object, which repeats all settings, and tells much else.
    Response,
    /// In the body of a request, or what is like one: what stands there was written by somebody.
    Request,
}

/// What a prompt sets, in the order of the file to be. Names are those of the Responses API, then those of
/// Chat Completions.
const SETTINGS: [&str; 27] = [
    "temperature",
    "top_p",
    "max_output_tokens",
    "max_tool_calls",
    "truncation",
    "reasoning",
    "parallel_tool_calls",
    "tool_choice",
    "text",
    "tools",
    "max_tokens",
    "max_completion_tokens",
    "frequency_penalty",
    "presence_penalty",
    "stop",
    "seed",
    "n",
    "logit_bias",
    "logprobs",
    "reasoning_effort",
    "verbosity",
    "response_format",
    "modalities",
    "audio",
    "prediction",
    "web_search_options",
    "functions",
];

/// What a request says for itself, and a Response repeats.
const OF_THE_CALL: [&str; 16] = [
    "background",
    "conversation",
    "include",
    "metadata",
    "previous_response_id",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "safety_identifier",
    "service_tier",
    "store",
    "stream",
    "stream_options",
    "top_logprobs",
    "user",
    "moderation",
];

/// What a Response tells of itself. `model`, `prompt` and messages are read elsewhere.
const OF_THE_RESPONSE: [&str; 21] = [
    "access_programs",
    "billing",
    "completed_at",
    "created_at",
    "error",
    "id",
    "image",
    "incomplete_details",
    "input",
    "input_transformations",
    "instructions",
    "messages",
    "model",
    "object",
    "output",
    "output_text",
    "prompt",
    "prompt_cache_diagnostics",
    "status",
    "tool_usage",
    "usage",
];

/// Members of a tool that hold secrets, wherever in it they stand.
const SECRETS: [&str; 3] = ["authorization", "domain_secrets", "headers"];

/// Members of a tool that a function's author writes: they are no settings.
const OF_THE_AUTHOR: [&str; 3] = ["format", "output_schema", "parameters"];

/// Members of a tool that name what is stored at OpenAI.
const STORED: [&str; 4] = ["container", "environment", "file_ids", "vector_store_ids"];

/// Takes the settings over into a draft.
pub(super) fn carry(draft: &mut Draft, members: &Map<String, Value>, shape: Shape) {
    model(draft, members.get("model"), shape);
    for name in SETTINGS {
        if let Some(value) = members.get(name) {
            setting(draft, name, value, shape);
        }
    }
    let others = members.iter().filter(|(name, _)| !SETTINGS.contains(&name.as_str()));
    for (name, value) in others.filter(|(_, value)| !is_nothing(value)) {
        other(draft, name, value, shape);
    }
}

/// Whether a name is one of a setting.
pub(super) fn is_setting(name: &str) -> bool {
    name == "model" || SETTINGS.contains(&name)
}

fn model(draft: &mut Draft, value: Option<&Value>, shape: Shape) {
    match value {
        Some(Value::String(model)) if !model.trim().is_empty() => {
            if shape == Shape::Response && is_snapshot(model) {
                draft.check(
                    "the model has a date, because a Response names the snapshot that answered; if the \
                     prompt names the model without one, remove the date",
                );
            }
            draft.settings.insert("model".to_owned(), Value::from(model.as_str()));
        }
        _ => draft.check("there is no model; without one, that of the request is used"),
    }
}

/// Whether a model's name ends in `-2026-11-30`.
fn is_snapshot(model: &str) -> bool {
    let mut parts = model.rsplit('-');
    [2, 2, 4].into_iter().all(|length| {
        parts
            .next()
            .is_some_and(|part| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

fn setting(draft: &mut Draft, name: &str, value: &Value, shape: Shape) {
    let value = match (name, value) {
        ("text", Value::Object(members)) => self::text(draft, members),
        ("reasoning", Value::Object(members)) => reasoning(draft, members, shape),
        ("tools", Value::Array(tools)) => self::tools(draft, tools),
        _ => value.clone(),
    };
    if is_default(name, &value) {
        draft.defaults.push(name.to_owned());
    } else if !is_nothing(&value) {
        draft.settings.insert(name.to_owned(), value);
    }
}

/// Null, or an empty list or object.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Whether a request without the setting means the same.
fn is_default(name: &str, value: &Value) -> bool {
    match name {
        "temperature" | "top_p" | "n" => value.as_f64() == Some(1.0),
        "frequency_penalty" | "presence_penalty" => value.as_f64() == Some(0.0),
        "parallel_tool_calls" => value == &Value::Bool(true),
        "logprobs" => value == &Value::Bool(false),
        "tool_choice" => value == "auto",
        "truncation" => value == "disabled",
        "verbosity" => value == "medium",
        "response_format" => is_plain_text(value),
        _ => false,
    }
}

/// Whether a format is `{"type": "text"}`.
fn is_plain_text(format: &Value) -> bool {
    format.as_object().is_some_and(|format| format.len() == 1)
        && format.get("type").is_some_and(|kind| kind == "text")
}

/// `text`, less what is the default in it.
fn text(draft: &mut Draft, members: &Map<String, Value>) -> Value {
    let mut kept = Map::new();
    for (name, value) in members {
        match (name.as_str(), value) {
            (_, value) if is_nothing(value) => {}
            ("format", format) if is_plain_text(format) => draft.defaults.push("text.format".to_owned()),
            ("verbosity", value) if is_default("verbosity", value) => {
                draft.defaults.push("text.verbosity".to_owned());
            }
            ("format", Value::Object(format)) => {
                kept.insert(name.clone(), Value::Object(without_nulls(format)));
            }
            _ => {
                kept.insert(name.clone(), value.clone());
            }
        }
    }
    Value::Object(kept)
}

/// `reasoning`, less nulls. A Response also tells there what the model made of it.
fn reasoning(draft: &mut Draft, members: &Map<String, Value>, shape: Shape) -> Value {
    let mut kept = without_nulls(members);
    if shape == Shape::Response {
        for name in ["context", "mode"] {
            if kept.shift_remove(name).is_some() {
                draft.defaults.push(format!("reasoning.{name}"));
            }
        }
    }
    Value::Object(kept)
}

fn without_nulls(members: &Map<String, Value>) -> Map<String, Value> {
    let kept = members.iter().filter(|(_, value)| !value.is_null());
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn tools(draft: &mut Draft, tools: &[Value]) -> Value {
    let mut kept = Vec::new();
    for (index, tool) in tools.iter().enumerate() {
        let Some(members) = tool.as_object() else {
            draft.lost(format!("tool {} is no object", index + 1));
            continue;
        };
        let kind = word(members.get("type").and_then(Value::as_str));
        let what = format!("tool {} ({kind})", index + 1);
        let mut members = without_nulls(members);
        remove_secrets(draft, &what, &mut members);
        if members.get("server_url").and_then(Value::as_str).is_some_and(|url| url.contains(['?', '@'])) {
            draft.check(format!(
                "the `server_url` of {what} may hold a secret; what the file holds, its readers know"
            ));
        }
        for name in STORED.iter().filter(|name| holds_ids(members.get(**name))) {
            draft.check(format!(
                "`{name}` of {what} names what is stored at OpenAI; no other provider has it"
            ));
        }
        kept.push(Value::Object(members));
    }
    Value::Array(kept)
}

/// Removes what nobody should find in a file, at any depth.
fn remove_secrets(draft: &mut Draft, what: &str, members: &mut Map<String, Value>) {
    for name in SECRETS {
        if members.shift_remove(name).is_some_and(|value| !is_nothing(&value)) {
            draft.secret(format!(
                "`{name}` of {what} is not in the file, because it holds secrets; where the tool needs it, \
                 remove `tools` from the file, and let the application send them"
            ));
        }
    }
    for (name, value) in members.iter_mut().filter(|(name, _)| !OF_THE_AUTHOR.contains(&name.as_str())) {
        match value {
            Value::Object(members) => remove_secrets(draft, what, members),
            Value::Array(items) => {
                for item in items {
                    if let Value::Object(members) = item {
                        remove_secrets(draft, &format!("`{name}` in {what}"), members);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether there is anything but "make a new one" (`{"type": "auto"}`).
fn holds_ids(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Object(members)) => {
            ["file_ids", "container_id", "skills"].iter().any(|name| holds_ids(members.get(*name)))
        }
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::String(_)) => true,
        _ => false,
    }
}

/// What is no setting of a prompt.
fn other(draft: &mut Draft, name: &str, value: &Value, shape: Shape) {
    if OF_THE_RESPONSE.contains(&name) {
        return;
    }
    let is_of_the_call = OF_THE_CALL.contains(&name);
    match shape {
        // A conversation is the one thing that the next call has to name again.
        Shape::Response if is_of_the_call => {
            if matches!(name, "conversation" | "previous_response_id") {
                draft.lost(format!("`{name}` belongs to the call; the application goes on sending it"));
            }
        }
        Shape::Request if is_of_the_call => {
            if !matches!((name, value), ("store" | "stream" | "background", Value::Bool(_))) {
                draft.lost(format!("`{name}` belongs to the call; the application goes on sending it"));
            }
        }
        Shape::Response | Shape::Request => {
            draft.lost(format!(
                "{} is nothing that this program knows; write it into the file if the prompt needs it",
                word(Some(name))
            ));
        }
    }
}
