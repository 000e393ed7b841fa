//! Reading values with the path at which they stand.

use std::fmt;

use serde_json::{Map, Value};

use super::error::ConfigError;
use crate::catalog::{Selector, VersionError};
use crate::prompt::nearest::nearest;

/// How much of an operator's key an error shows.
const MAX_SHOWN: usize = 80;

/// Where a value stands. Lives on the stack, so that paths cost nothing until one is printed.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    Key(&'p str),
    Index(usize),
}

impl<'p> Path<'p> {
    pub(super) const fn root() -> Self {
        Path { parent: None, step: Step::Root }
    }

    pub(super) fn key<'a>(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Step::Key(key) }
    }

    pub(super) fn index(&self, index: usize) -> Path<'_> {
        Path { parent: Some(self), step: Step::Index(index) }
    }

    pub(super) fn error(&self, message: impl fmt::Display) -> ConfigError {
        ConfigError::new(self.to_string(), message.to_string())
    }

    fn is_root(&self) -> bool {
        self.parent.is_none()
    }
}

/// `policy.allow[0]`, `bundle.prompts["a/b"]`; the whole is `configuration`.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parent) = self.parent else {
            return f.write_str("configuration");
        };
        if !parent.is_root() {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Key(key) if is_plain(key) => {
                if !parent.is_root() {
                    f.write_str(".")?;
                }
                f.write_str(key)
            }
            Step::Key(key) => write!(f, "[{}]", quoted(key)),
        }
    }
}

fn is_plain(key: &str) -> bool {
    (1..=MAX_SHOWN).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// A key in quotes, on one line and of bounded length.
pub(super) fn quoted(key: &str) -> String {
    let mut shown: String = key.chars().take(MAX_SHOWN).collect();
    if shown.len() < key.len() {
        shown.push('…');
    }
    format!("{shown:?}")
}

/// A mapping whose keys are all known.
pub(super) struct Fields<'p, V = Value> {
    members: Vec<(String, V)>,
    path: &'p Path<'p>,
}

impl<'p> Fields<'p> {
    pub(super) fn new(value: Value, path: &'p Path<'p>, known: &[&'static str]) -> Result<Self, ConfigError> {
        Fields::of(mapping(value, path)?.into_iter().collect(), path, known)
    }
}

impl<'p, V> Fields<'p, V> {
    /// The members of a mapping, each key once.
    pub(super) fn of(
        members: Vec<(String, V)>,
        path: &'p Path<'p>,
        known: &[&'static str],
    ) -> Result<Self, ConfigError> {
        for (key, _) in &members {
            if !known.contains(&key.as_str()) {
                let mut guess = did_you_mean(key, known.iter().copied());
                if guess.is_empty() {
                    guess = format!(", known are {}", known.join(", "));
                }
                return Err(path.key(key).error(format_args!("unknown key{guess}")));
            }
        }
        Ok(Fields { members, path })
    }

    /// Takes the value of a key, with its path.
    pub(super) fn take(&mut self, key: &'static str) -> Option<(Path<'p>, V)> {
        let at = self.members.iter().position(|(name, _)| name == key)?;
        let (_, value) = self.members.swap_remove(at);
        Some((Path { parent: Some(self.path), step: Step::Key(key) }, value))
    }

    /// Takes and reads the value of a key.
    pub(super) fn read<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(V, &Path) -> Result<T, ConfigError>,
    ) -> Result<Option<T>, ConfigError> {
        self.take(key).map(|(path, value)| read(value, &path)).transpose()
    }

    /// Takes and reads the value of a key that has to be there.
    pub(super) fn required<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(V, &Path) -> Result<T, ConfigError>,
    ) -> Result<T, ConfigError> {
        match self.read(key, read)? {
            Some(value) => Ok(value),
            None => Err(self.path.error(format_args!("needs the key \"{key}\""))),
        }
    }
}

/// `, did you mean "…"?` if something known is near.
pub(super) fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(word, known) {
        Some(known) => format!(", did you mean {}?", quoted(known)),
        None => String::new(),
    }
}

/// What an error calls a value.
pub(super) trait Kind {
    fn kind(&self) -> &'static str;
}

impl Kind for Value {
    fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing (null)",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "a mapping",
        }
    }
}

/// An error for a value of the wrong type.
pub(super) fn expected(what: &str, found: &impl Kind, path: &Path) -> ConfigError {
    path.error(format_args!("expected {what}, found {}", found.kind()))
}

pub(super) fn mapping(value: Value, path: &Path) -> Result<Map<String, Value>, ConfigError> {
    match value {
        Value::Object(map) => Ok(map),
        other => Err(expected("a mapping", &other, path)),
    }
}

pub(super) fn list(value: Value, path: &Path, what: &str) -> Result<Vec<Value>, ConfigError> {
    match value {
        Value::Array(items) => Ok(items),
        other => Err(expected(what, &other, path)),
    }
}

pub(super) fn string(value: Value, path: &Path, what: &str) -> Result<String, ConfigError> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(expected(what, &other, path)),
    }
}

pub(super) fn boolean(value: Value, path: &Path) -> Result<bool, ConfigError> {
    match value {
        Value::Bool(value) => Ok(value),
        other => Err(expected("true or false", &other, path)),
    }
}

/// One of a few words.
pub(super) fn one_of<T: Copy>(value: Value, path: &Path, words: &[(&str, T)]) -> Result<T, ConfigError> {
    let expectation = words
        .iter()
        .map(|(word, _)| format!("\"{word}\""))
        .collect::<Vec<_>>()
        .join(if words.len() > 2 { ", " } else { " or " });
    let expectation = if words.len() > 2 { format!("one of {expectation}") } else { expectation };
    let Value::String(text) = value else {
        return Err(expected(&expectation, &value, path));
    };
    match words.iter().find(|(word, _)| *word == text) {
        Some((_, meaning)) => Ok(*meaning),
        None => Err(path.error(format_args!("expected {expectation}, found another string"))),
    }
}

/// A whole number. `3.0` is one, because tools that go through a protobuf Struct write it so.
pub(super) fn integer(value: &Value) -> Option<u64> {
    let Value::Number(number) = value else {
        return None;
    };
    if let Some(number) = number.as_u64() {
        return Some(number);
    }
    let number = number.as_f64()?;
    // Up to 2^53 every whole number has its own representation.
    let exact = number.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&number);
    exact.then_some(number as u64)
}

/// A version as requests write it, and also as a protobuf Struct has it: `2.0`.
pub(super) fn version(value: &Value) -> Result<Selector, VersionError> {
    match integer(value) {
        Some(number) => Selector::version(&number.into()),
        None => Selector::version(value),
    }
}
