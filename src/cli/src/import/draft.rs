//! A prompt on its way into a file.

use promptgate_core::prompt::compose::{self, Message};
use serde_json::{Map, Value, json};

use crate::failure::Failure;

/// One version of a prompt, as it was found somewhere.
#[derive(Debug, Default)]
pub struct Draft {
    /// Where it was found, for people: a path, and a number where the file holds several.
    pub source: String,
    /// The id that its own name suggests: that of its file.
    pub name: Option<String>,
    /// The version that its own name suggests.
    pub named_version: Option<u64>,
    /// The id by which applications know it so far.
    pub origin: Option<String>,
    /// The version that it says it is.
    pub version: Option<u64>,
    /// What it sets, in the order of the file to be.
    pub settings: Map<String, Value>,
    /// What it says.
    pub messages: Vec<Message>,
    /// Settings that are not written, because everybody gets them anyway.
    pub defaults: Vec<String>,
    /// What the user should know.
    pub notes: Vec<Note>,
}

/// Something that the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// A sentence that quotes no message and no value.
    pub text: String,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// Something was found that the file does not have.
    Lost,
    /// A secret was found, and is not in the file.
    Secret,
    /// A guess: look whether it is right.
    Check,
}

impl NoteKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            NoteKind::Lost => "lost",
            NoteKind::Secret => "secret",
            NoteKind::Check => "check",
        }
    }
}

impl Draft {
    /// Notes that something is not carried over.
    pub fn lost(&mut self, text: impl Into<String>) {
        self.notes.push(Note { kind: NoteKind::Lost, text: text.into() });
    }

    /// Notes that a secret is not carried over.
    pub fn secret(&mut self, text: impl Into<String>) {
        self.notes.push(Note { kind: NoteKind::Secret, text: text.into() });
    }

    /// Notes a guess.
    pub fn check(&mut self, text: impl Into<String>) {
        self.notes.push(Note { kind: NoteKind::Check, text: text.into() });
    }

    /// The text of the file, with a label where it gets one.
    pub fn text(&self, label: Option<&str>) -> Result<String, Failure> {
        let mut members = Map::new();
        if let Some(model) = self.settings.get("model") {
            members.insert("model".to_owned(), model.clone());
        }
        if let Some(label) = label {
            members.insert("labels".to_owned(), json!([label]));
        }
        for (name, value) in &self.settings {
            members.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let schema = self.schema();
        if !schema.is_empty() {
            members.insert("input".to_owned(), json!({"schema": schema}));
        }
        compose::compose(&members, &self.messages).map_err(|error| {
            let failure = Failure::new(format!("{}: {error}", self.source));
            match error {
                compose::ComposeError::Variable(_) => failure
                    .help("rename the variable where you copied the prompt from, and in the application"),
                _ => failure,
            }
        })
    }

    /// The types of the variables. What is all that a message holds may be an image or a file, too.
    fn schema(&self) -> Map<String, Value> {
        compose::variables(&self.messages)
            .into_iter()
            .map(|variable| {
                (variable.name.to_owned(), Value::from(if variable.alone { "any" } else { "string" }))
            })
            .collect()
    }
}
