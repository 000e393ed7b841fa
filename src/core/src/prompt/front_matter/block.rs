use serde_json::Value as Json;

use crate::prompt::error::{ErrorKind, PromptError};
use crate::prompt::nearest::nearest;
use crate::prompt::source::Part;
use crate::prompt::yaml::{self, Position};

/// The text of a front matter: makes errors that point into it.
pub(super) struct Block<'a> {
    text: &'a str,
    first_line: u32,
}

impl<'a> Block<'a> {
    pub(super) fn new(part: &'a Part<'_>) -> Block<'a> {
        Block { text: &part.text, first_line: part.first_line }
    }

    pub(super) fn read(&self) -> Result<Json, PromptError> {
        yaml::guard(self.text, self.first_line, yaml::MAX_OPEN)?;
        Ok(yaml::parse(self.text, self.first_line)?)
    }

    /// An error at the last key of `path`.
    pub(super) fn at_key(&self, kind: ErrorKind, path: &[&str], message: impl Into<String>) -> PromptError {
        let Position { line, column } = yaml::locate_key(self.text, self.first_line, path);
        PromptError::new(kind, line, column, message)
    }

    /// An error at the value under `path`.
    pub(super) fn at_value(&self, kind: ErrorKind, path: &[&str], message: impl Into<String>) -> PromptError {
        let Position { line, column } = yaml::locate_value(self.text, self.first_line, path);
        PromptError::new(kind, line, column, message)
    }

    /// Where the text of the scalar under `path` begins: behind the quote, or in the line below the
    /// sign of a block scalar.
    pub(super) fn text_position(&self, path: &[&str]) -> Position {
        let Position { line, column } = yaml::locate_value(self.text, self.first_line, path);
        let line_at = |line: u32| self.line(line);
        let index = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
        match line_at(line).chars().nth(index) {
            Some('"' | '\'') => Position { line, column: column.saturating_add(1) },
            Some('|' | '>') => {
                let indent = line_at(line + 1).chars().take_while(|character| *character == ' ').count();
                let column = u32::try_from(indent).unwrap_or(0).saturating_add(1);
                Position { line: line.saturating_add(1), column }
            }
            _ => Position { line, column },
        }
    }

    /// Whether the file holds `text` as it is at `position`. It does not where YAML escapes or folds it.
    pub(super) fn holds(&self, position: Position, text: &str) -> bool {
        let skipped = usize::try_from(position.column).unwrap_or(usize::MAX).saturating_sub(1);
        let line = self.line(position.line);
        let rest = line.char_indices().nth(skipped).and_then(|(at, _)| line.get(at..));
        rest.is_some_and(|rest| rest.starts_with(text.trim_end()))
    }

    fn line(&self, line: u32) -> &str {
        let index = usize::try_from(line.saturating_sub(self.first_line)).unwrap_or(usize::MAX);
        self.text.split('\n').nth(index).unwrap_or_default()
    }

    /// The text of a key at the top.
    pub(super) fn text(&self, key: &str, value: &Json) -> Result<String, PromptError> {
        match value {
            Json::String(text) => Ok(text.clone()),
            other => {
                let message = format!("`{key}` is text, not {}; put it in quotes", kind(other));
                Err(self.at_value(ErrorKind::InvalidValue, &[key], message))
            }
        }
    }

    /// An error at a key that is none of `known`.
    pub(super) fn unknown_key(&self, path: &[&str], known: &[&str]) -> PromptError {
        let key = path.last().copied().unwrap_or_default();
        let message = match nearest(key, known.iter().copied()) {
            Some(meant) => format!("`{key}` has no meaning here; did you mean `{meant}`?"),
            None => format!("`{key}` has no meaning here; known are {}", known.join(", ")),
        };
        self.at_key(ErrorKind::UnknownKey, path, message)
    }
}

/// What a value is, in words.
pub(super) fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "text",
        Json::Array(_) => "a list",
        Json::Object(_) => "a mapping",
    }
}
