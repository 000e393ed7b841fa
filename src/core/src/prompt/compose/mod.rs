//! Writing `.prompt` files: the way back, for prompts that come from elsewhere.
//!
//! Other systems keep a prompt as messages in which `{{name}}` stands for a variable, and a mapping
//! of settings. [`compose`] writes them as the text of a `.prompt` file, in which everything else
//! means itself: `{%`, `{{` that is no variable, a line that begins with `User:`.

mod content;
mod error;
mod verify;
mod yaml;

use serde_json::{Map, Value as Json};

use super::is_refused;
use crate::template::Role;

pub use content::{Part, parts};
pub use error::ComposeError;

/// A message to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said; `{{name}}`, with or without white space inside, is a variable.
    pub content: String,
}

/// A variable of some messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether it is all that some message holds. Only there can it be an image or a file.
    pub alone: bool,
}

/// The text of a `.prompt` file with this front matter and these messages.
///
/// Rendered, it gives exactly the messages, with the values of the variables in them. What a
/// `.prompt` file can't say is lost: white space at both ends of a message, carriage returns (line
/// ends become LF), and an empty message at the end. The text is read back before it is returned, so
/// that it is certain to say this, and no more.
///
/// A `model` in the front matter is a template, as in every `.prompt` file.
pub fn compose(front_matter: &Map<String, Json>, messages: &[Message]) -> Result<String, ComposeError> {
    if let Some(key) = front_matter.keys().find(|key| is_refused(key)) {
        return Err(ComposeError::Key(key.clone()));
    }
    if messages.iter().all(|message| content::strip(&message.content).is_empty()) {
        return Err(ComposeError::NoMessage);
    }
    if let Some(variable) = variables(messages).iter().find(|variable| !content::is_name(variable.name)) {
        return Err(ComposeError::Variable(variable.name.to_owned()));
    }
    let mut text = String::new();
    if !front_matter.is_empty() {
        text.push_str("---\n");
        yaml::write(&mut text, front_matter);
        text.push_str("---\n");
    }
    for (index, message) in messages.iter().enumerate() {
        text.push_str(if index == 0 { "" } else { "\n" });
        text.push_str(message.role.marker());
        content::write(&mut text, &message.content);
        text.push('\n');
    }
    verify::check(&text, front_matter, messages)?;
    Ok(text)
}

/// The variables of messages, in the order of their first use.
pub fn variables(messages: &[Message]) -> Vec<Variable<'_>> {
    let mut found: Vec<Variable<'_>> = Vec::new();
    for message in messages {
        let content = content::strip(&message.content);
        for part in parts(content) {
            let Part::Variable { name, source } = part else { continue };
            let alone = source.len() == content.len();
            match found.iter_mut().find(|variable| variable.name == name) {
                Some(variable) => variable.alone |= alone,
                None => found.push(Variable { name, alone }),
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
