//! Which kind of JSON it is.

use promptgate_core::catalog::Selector;
use promptgate_core::prompt::compose::Message;
use promptgate_core::template::Role;
use serde_json::{Map, Value};

use super::super::draft::Draft;
use super::settings::{self, Shape};
use super::{dashboard, messages, variables};
use crate::failure::Failure;

/// How ids of prompt objects begin.
const PROMPT_ID: &str = "pmpt_";

const HOW_TO_GET_IT: &str =
    "a request with `prompt` names the prompt only; call it once, and import the Response that comes back";

/// The drafts in some JSON values: at least one.
pub(super) fn drafts(source: &str, values: Vec<Value>) -> Result<Vec<Draft>, Failure> {
    let mut found = Vec::new();
    for value in values {
        unwrap(value, &mut found);
    }
    let mut drafts = Vec::new();
    let is_one = found.len() == 1;
    for (index, value) in found.into_iter().enumerate() {
        let source = if is_one { source.to_owned() } else { format!("{source} #{}", index + 1) };
        drafts.extend(from_value(&source, value)?);
    }
    if drafts.is_empty() {
        return Err(Failure::new(format!("{source} holds no prompt")));
    }
    Ok(drafts)
}

/// Takes lists apart, and what the Batch API and streams put around a request or a Response. A list of
/// messages is one request.
fn unwrap(value: Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(items) if items.iter().any(|item| item.get("role").is_some()) => {
            found.push(Value::Object(Map::from_iter([("input".to_owned(), Value::Array(items))])));
        }
        Value::Array(items) => items.into_iter().for_each(|item| unwrap(item, found)),
        Value::Object(mut members) => {
            let inner = ["response", "body", "data"].into_iter().find(|name| {
                let is_list = *name == "data" && members.get(*name).is_some_and(Value::is_array);
                is_list || (*name != "data" && members.get(*name).is_some_and(Value::is_object))
            });
            match inner.and_then(|name| members.remove(name)) {
                Some(inner) => unwrap(inner, found),
                None => found.push(Value::Object(members)),
            }
        }
        other => found.push(other),
    }
}

fn from_value(source: &str, value: Value) -> Result<Vec<Draft>, Failure> {
    let Value::Object(members) = value else {
        return Err(unknown(source));
    };
    let drafts = if text(&members, "object") == Some("response") {
        vec![response(source, &members)]
    } else if dashboard::is_prompt(&members) {
        dashboard::drafts(source, &members)
    } else if ["input", "messages", "instructions", "prompt"].iter().any(|name| members.contains_key(*name)) {
        vec![request(source, &members)]
    } else {
        return Err(unknown(source));
    };
    match drafts.iter().find(|draft| draft.messages.is_empty()) {
        Some(draft) => {
            Err(Failure::new(format!("{} holds no text of a prompt", draft.source)).help(HOW_TO_GET_IT))
        }
        None => Ok(drafts),
    }
}

fn unknown(source: &str) -> Failure {
    Failure::new(format!("{source} is JSON, but neither a Response object, nor a request, nor a prompt"))
        .help("docs/migrate-from-openai-prompts.md says what to save")
}

/// A Response object: it repeats the prompt that it answers as `instructions`.
fn response(source: &str, members: &Map<String, Value>) -> Draft {
    let mut draft = Draft { source: source.to_owned(), ..Draft::default() };
    let prompt = members.get("prompt").and_then(Value::as_object);
    let values = prompt.and_then(|prompt| prompt.get("variables")).and_then(Value::as_object);
    identify(&mut draft, members);
    settings::carry(&mut draft, members, Shape::Response);
    if let Some(instructions) = members.get("instructions") {
        messages::collect(&mut draft, instructions, Role::Developer, values);
    }
    if prompt.is_some() {
        variables::restore(&mut draft, values.unwrap_or(&Map::new()));
    }
    if prompt.is_none() && !draft.messages.is_empty() {
        draft.check(
            "this Response answers a call without a prompt object; only its `instructions` are in the file, \
             because a Response does not repeat the call's `input`",
        );
    }
    draft
}

/// The body of a request, of the Responses API or of Chat Completions.
fn request(source: &str, members: &Map<String, Value>) -> Draft {
    let mut draft = Draft { source: source.to_owned(), ..Draft::default() };
    identify(&mut draft, members);
    settings::carry(&mut draft, members, Shape::Request);
    for (name, role) in [("instructions", Role::Developer), ("messages", Role::User), ("input", Role::User)] {
        if let Some(value) = members.get(name) {
            messages::collect(&mut draft, value, role, None);
        }
    }
    draft
}

/// Id and version of the prompt object.
fn identify(draft: &mut Draft, members: &Map<String, Value>) {
    let Some(prompt) = members.get("prompt").and_then(Value::as_object) else { return };
    draft.origin = ["id", "prompt_id"].iter().find_map(|name| text(prompt, name)).and_then(prompt_id);
    draft.version = prompt.get("version").and_then(version);
}

/// An id of a prompt object, less what a person may have copied with it.
pub(super) fn prompt_id(id: &str) -> Option<String> {
    let id = id.trim();
    id.starts_with(PROMPT_ID).then(|| id.to_owned())
}

/// A version in any of its forms.
pub(super) fn version(value: &Value) -> Option<u64> {
    match Selector::version(value) {
        Ok(Selector::Version(version)) => Some(version),
        _ => None,
    }
}

/// A member that is text.
pub(super) fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}

/// Adds a message, unless nothing is said in it.
pub(super) fn add(draft: &mut Draft, role: Role, content: String) {
    if !content.trim().is_empty() {
        draft.messages.push(Message { role, content });
    }
}
