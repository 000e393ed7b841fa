//! From what registries keep to the text of a `.prompt` file.

use serde_json::{Map, Value};

use super::{FetchError, json};
use crate::prompt::compose::{self, ComposeError};
use crate::prompt::{MAX_SOURCE, PARAMETERS_BLOCK};
use crate::template::Role;

/// A message as a registry has it.
pub(super) use crate::prompt::compose::Message;

/// The most that may look like variables in the messages of one prompt: each one costs a compilation.
const MAX_VARIABLES: usize = 1_000;

/// A front matter and a template as one text.
pub(super) fn join(front_matter: Option<&Map<String, Value>>, template: &str) -> String {
    // Also around nothing: else a template that begins with a fence would lose what follows it.
    let mut text = String::from("---\n");
    for (key, value) in front_matter.into_iter().flatten() {
        yaml(&mut text, &Value::from(key.as_str()));
        text.push_str(": ");
        yaml(&mut text, value);
        text.push('\n');
    }
    text.push_str("---\n");
    text.push_str(template);
    text
}

/// JSON is YAML, but for characters that some readers take for line ends or refuse.
fn yaml(out: &mut String, value: &Value) {
    for char in value.to_string().chars() {
        if matches!(
            char,
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        ) {
            out.push_str(&format!("\\u{:04x}", u32::from(char)));
        } else {
            out.push(char);
        }
    }
}

/// Reads a message of OpenAI's form whose content is text. `expected` describes where it stands.
pub(super) fn message(item: &Map<String, Value>, expected: &'static str) -> Result<Message, FetchError> {
    let role = match json::text(item, "role", expected)?.ok_or(FetchError::Malformed(expected))? {
        "system" => Role::System,
        "developer" => Role::Developer,
        "user" => Role::User,
        "assistant" => Role::Assistant,
        _ => {
            return Err(FetchError::Unusable(
                "it has a message of another role than system, developer, user and assistant",
            ));
        }
    };
    match json::member(item, "content") {
        Some(Value::String(content)) => Ok(Message { role, content: content.clone() }),
        _ => Err(FetchError::Unusable("it has a message whose content is not text")),
    }
}

/// Messages in which `{{name}}` is a variable, with a model and parameters, as one text.
///
/// Parameters go where no name means anything but a parameter.
pub(super) fn compose(
    model: Option<&Value>,
    parameters: Map<String, Value>,
    messages: &[Message],
) -> Result<String, FetchError> {
    let bytes: usize = messages.iter().map(|message| message.content.len()).sum();
    if bytes > MAX_SOURCE {
        return Err(FetchError::TooLarge { limit: MAX_SOURCE });
    }
    let variables: usize = messages.iter().map(|message| message.content.matches("{{").count()).sum();
    if variables > MAX_VARIABLES {
        return Err(FetchError::Unusable("it has too many variables"));
    }
    let mut front_matter = Map::new();
    if let Some(model) = model {
        front_matter.insert("model".to_owned(), model.clone());
    }
    if !parameters.is_empty() {
        front_matter.insert(PARAMETERS_BLOCK.to_owned(), Value::Object(parameters));
    }
    compose::compose(&front_matter, messages).map_err(|error| FetchError::Unusable(reason(&error)))
}

/// Without the names that the error quotes: they are somebody else's text.
fn reason(error: &ComposeError) -> &'static str {
    match error {
        ComposeError::Variable(_) => {
            "a variable's name is not made of letters, digits and `_`, or means something in templates"
        }
        ComposeError::NoMessage => "it has no message",
        _ => "its model or its parameters are not what a front matter takes",
    }
}
