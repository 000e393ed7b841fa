//! The names that the Responses API has for Chat Completions' parameters.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

use crate::exchange::parameters::Parameters;
use crate::prompt::{FrontMatter, RESPONSE_FORMAT};

/// A prompt's parameters. Where it uses both names of one the API's own counts.
pub(super) fn named(front_matter: &FrontMatter) -> Parameters<'_> {
    let mut parameters = Parameters::default();
    let written = || front_matter.parameters.iter().map(|(name, value)| (name.as_str(), value));
    for (name, value) in written().filter(|(name, _)| !is_renamed(name)) {
        let value = match name {
            "tools" => tools(value),
            "tool_choice" => flat(value, "function"),
            _ => Cow::Borrowed(value),
        };
        parameters.set(name, value);
    }
    // The later of Chat Completions' two names for it counts.
    for old in ["max_completion_tokens", "max_tokens"] {
        if let Some((_, value)) = written().find(|(name, _)| *name == old) {
            parameters.set("max_output_tokens", Cow::Borrowed(value));
        }
    }
    let written = written().chain(front_matter.response_format.iter().map(|value| (RESPONSE_FORMAT, value)));
    for (name, value) in written {
        match name {
            RESPONSE_FORMAT => parameters.nest("text", "format", flat(value, "json_schema").into_owned()),
            "verbosity" => parameters.nest("text", "verbosity", value.clone()),
            "reasoning_effort" => parameters.nest("reasoning", "effort", value.clone()),
            _ => {}
        }
    }
    // What these hold are parameters of their own elsewhere: the prompt's take the place of the
    // client's one by one.
    parameters.merge("text");
    parameters.merge("reasoning");
    parameters
}

fn is_renamed(name: &str) -> bool {
    matches!(
        name,
        "max_tokens" | "max_completion_tokens" | RESPONSE_FORMAT | "verbosity" | "reasoning_effort"
    )
}

/// Tools, each with its function's members beside its type.
fn tools(value: &Json) -> Cow<'_, Json> {
    match value {
        Json::Array(tools) if tools.iter().any(|tool| matches!(flat(tool, "function"), Cow::Owned(_))) => {
            Cow::Owned(tools.iter().map(|tool| flat(tool, "function").into_owned()).collect())
        }
        other => Cow::Borrowed(other),
    }
}

/// `{"type": inner, inner: {…}}` with the inner members beside the type; anything else as it is.
fn flat<'v>(value: &'v Json, inner: &str) -> Cow<'v, Json> {
    let members = match (value.get("type").and_then(Json::as_str), value.get(inner), value) {
        (Some(kind), Some(Json::Object(inside)), Json::Object(outside)) if kind == inner => {
            outside.iter().filter(|(name, _)| *name != inner).chain(inside)
        }
        _ => return Cow::Borrowed(value),
    };
    let members = members.map(|(name, value)| (name.clone(), value.clone()));
    Cow::Owned(Json::Object(members.collect::<Map<_, _>>()))
}
