//! What a `.prompt` file says about the request, beside the messages.

mod block;
mod input;
mod model;
mod output;
mod parameters;

use serde_json::Value as Json;

use super::error::{ErrorKind, PromptError};
use super::source::{self, Part};
use crate::catalog::Label;

pub use input::Input;
pub use model::Model;

use block::Block;

/// The keys that mean something here; every other key is a parameter of the request.
pub const RESERVED: [&str; 8] =
    ["model", "input", "output", "client_messages", "name", "description", "version", "labels"];

/// The key whose members are parameters, too. It comes from Google's dotprompt.
pub const PARAMETERS_BLOCK: &str = "config";

/// The parameter that `output:` stands for.
pub const RESPONSE_FORMAT: &str = "response_format";

/// The most labels of one version.
const MAX_LABELS: usize = 100;

/// A front matter with types.
#[derive(Debug, Default)]
pub struct FrontMatter {
    /// The model to ask for, instead of the request's.
    pub model: Option<Model>,
    /// Request fields in the order of the file.
    pub parameters: Vec<(String, Json)>,
    /// The `response_format` that `output:` stands for, as Chat Completions writes it. None where
    /// the parameters have one themselves.
    pub response_format: Option<Json>,
    /// What becomes of the client's own messages, where the prompt says so.
    pub client_messages: Option<ClientMessages>,
    /// The variables.
    pub input: Input,
    /// The labels of this version.
    pub labels: Vec<String>,
    /// A name for people.
    pub name: Option<String>,
    /// What the prompt is for.
    pub description: Option<String>,
    /// The author's own count; which version a request gets does not depend on it.
    pub version: Option<String>,
}

/// What becomes of the messages that a client sends beside a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientMessages {
    /// They follow the template's.
    Append,
    /// They are dropped.
    Ignore,
}

/// Whether a field belongs to the caller, so that no prompt may set it.
pub fn is_refused(key: &str) -> bool {
    // The last two would have all clients of a prompt go on with one conversation.
    matches!(key, "messages" | "stream" | "prompt" | "previous_response_id" | "conversation")
        || key.starts_with("prompt_")
}

impl FrontMatter {
    /// Reads the front matter of a `.prompt` file and leaves its template alone; `id` is the prompt's.
    pub fn of(id: &str, text: &str) -> Result<FrontMatter, PromptError> {
        match &source::split(text)?.front_matter {
            Some(part) => FrontMatter::parse(id, part),
            None => Ok(FrontMatter::default()),
        }
    }

    /// Reads the front matter of the prompt `id`.
    pub(super) fn parse(id: &str, part: &Part<'_>) -> Result<FrontMatter, PromptError> {
        let block = Block::new(part);
        let members = match block.read()? {
            Json::Null => return Ok(FrontMatter::default()),
            Json::Object(members) => members,
            other => {
                let message =
                    format!("the front matter is {}, not a mapping of keys to values", block::kind(&other));
                return Err(block.at_value(ErrorKind::NotAMapping, &[], message));
            }
        };
        if let Some(key) = members.keys().find(|key| is_refused(key)) {
            let message = format!("`{key}` belongs to the caller; a prompt can't set it");
            return Err(block.at_key(ErrorKind::RefusedKey, &[key], message));
        }
        let mut front_matter = FrontMatter::default();
        let mut response_format = None;
        for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            match key.as_str() {
                "model" => front_matter.model = Some(model::parse(&block, value)?),
                "input" => front_matter.input = input::parse(&block, value)?,
                "output" => response_format = output::parse(&block, id, value)?,
                "client_messages" => front_matter.client_messages = Some(client_messages(&block, value)?),
                "name" => front_matter.name = Some(block.text(key, value)?),
                "description" => front_matter.description = Some(block.text(key, value)?),
                "version" => front_matter.version = Some(version(&block, value)?),
                "labels" => front_matter.labels = labels(&block, value)?,
                _ => {}
            }
        }
        front_matter.parameters = parameters::collect(&block, members)?;
        let given = front_matter.parameters.iter().any(|(key, _)| key == RESPONSE_FORMAT);
        front_matter.response_format = response_format.filter(|_| !given);
        Ok(front_matter)
    }
}

fn client_messages(block: &Block<'_>, value: &Json) -> Result<ClientMessages, PromptError> {
    match value.as_str() {
        Some("append") => Ok(ClientMessages::Append),
        Some("ignore") => Ok(ClientMessages::Ignore),
        _ => {
            let message = "`client_messages` is `append` or `ignore`";
            Err(block.at_value(ErrorKind::InvalidValue, &["client_messages"], message))
        }
    }
}

fn version(block: &Block<'_>, value: &Json) -> Result<String, PromptError> {
    match value {
        Json::Number(number) => Ok(number.to_string()),
        other => block.text("version", other),
    }
}

fn labels(block: &Block<'_>, value: &Json) -> Result<Vec<String>, PromptError> {
    let Json::Array(items) = value else {
        let message = format!("`labels` is a list of names, not {}", block::kind(value));
        return Err(block.at_value(ErrorKind::InvalidValue, &["labels"], message));
    };
    if items.len() > MAX_LABELS {
        let message = format!("a version has at most {MAX_LABELS} labels");
        return Err(block.at_value(ErrorKind::InvalidValue, &["labels"], message));
    }
    let mut labels: Vec<String> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let label = match item.as_str().map(Label::parse) {
            Some(Ok(label)) if labels.iter().any(|known| known == label.as_str()) => {
                Err(format!("the label `{label}` occurs twice"))
            }
            Some(Ok(label)) => Ok(label.to_string()),
            Some(Err(error)) => Err(error.to_string()),
            None => Err(format!("a label is text, not {}", block::kind(item))),
        };
        match label {
            Ok(label) => labels.push(label),
            Err(message) => {
                let path = ["labels", &index.to_string()];
                return Err(block.at_value(ErrorKind::InvalidValue, &path, message));
            }
        }
    }
    Ok(labels)
}

#[cfg(test)]
mod tests;
