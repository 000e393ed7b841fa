//! What can be wrong with a prompt, and where.

use std::fmt;

use super::yaml;
use crate::template;

/// A `.prompt` file that can't be used.
///
/// It has two texts. Displayed, it is for the author, on a machine of his own: it may quote keys
/// and values of the file. [`PromptError::public_message`] is for replies and logs: it is made from
/// kind, line and column, and quotes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptError {
    kind: ErrorKind,
    line: u32,
    column: u32,
    message: String,
    /// What the template's own error says in public.
    public: Option<String>,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file is larger than [`super::MAX_SOURCE`].
    TooLarge,
    /// The front matter has no closing fence.
    UnclosedFrontMatter,
    /// The front matter's YAML can't be read.
    Yaml(yaml::ErrorKind),
    /// The front matter is YAML, but not a mapping.
    NotAMapping,
    /// A key that belongs to the caller.
    RefusedKey,
    /// A key that has no meaning where it stands.
    UnknownKey,
    /// A value of the wrong type or form.
    InvalidValue,
    /// The schema of the variables, or of the output, does not compile.
    InvalidSchema,
    /// A default that its own schema refuses.
    InvalidDefault,
    /// A template, be it the body or the model.
    Template,
}

impl ErrorKind {
    /// The kind in words that quote nothing of the file.
    pub const fn describe(self) -> &'static str {
        match self {
            ErrorKind::TooLarge => "the prompt is larger than 256 KiB",
            ErrorKind::UnclosedFrontMatter => "the front matter has no closing line `---`",
            ErrorKind::Yaml(kind) => kind.describe(),
            ErrorKind::NotAMapping => "the front matter is not a mapping",
            ErrorKind::RefusedKey => "the front matter sets a field that belongs to the caller",
            ErrorKind::UnknownKey => "the front matter has an unknown key",
            ErrorKind::InvalidValue => "a value in the front matter is of the wrong type or form",
            ErrorKind::InvalidSchema => "a schema in the front matter is not valid",
            ErrorKind::InvalidDefault => "a default does not fit the schema",
            ErrorKind::Template => "the template is not valid",
        }
    }
}

impl PromptError {
    pub(super) fn new(kind: ErrorKind, line: u32, column: u32, message: impl Into<String>) -> PromptError {
        PromptError { kind, line, column, message: message.into(), public: None }
    }

    /// What is wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The line in the file, from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The column in that line, from 1, in characters.
    pub fn column(&self) -> u32 {
        self.column
    }

    /// Kind, line and column, without a word of the file.
    pub fn public_message(&self) -> String {
        match &self.public {
            Some(message) => message.clone(),
            None => format!("{} (line {}, column {})", self.kind.describe(), self.line, self.column),
        }
    }
}

impl From<yaml::Error> for PromptError {
    fn from(error: yaml::Error) -> PromptError {
        let yaml::Position { line, column } = error.position;
        PromptError::new(ErrorKind::Yaml(error.kind), line, column, error.message)
    }
}

impl From<template::Error> for PromptError {
    fn from(error: template::Error) -> PromptError {
        PromptError {
            kind: ErrorKind::Template,
            line: error.line(),
            column: error.column(),
            message: error.to_string(),
            public: Some(error.public_message()),
        }
    }
}

impl fmt::Display for PromptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PromptError {}
