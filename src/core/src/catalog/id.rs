//! The names of prompts and of their versions' labels.

use std::fmt;

/// The longest prompt id, in bytes.
const MAX_ID: usize = 256;
/// The longest label, in bytes.
const MAX_LABEL: usize = 128;

/// A prompt's id: segments of `[A-Za-z0-9_-][A-Za-z0-9._-]*` joined by `/`, at most 256 bytes.
///
/// The form rules out empty segments, `.` and `..`, so that an id can stand in a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PromptId(Box<str>);

/// A movable name of a version, such as `production`: `[A-Za-z0-9_-][A-Za-z0-9._-]*`, at most 128
/// bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(Box<str>);

/// Why a text is not a prompt id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdError {
    /// It is empty.
    Empty,
    /// It is longer than 256 bytes.
    TooLong,
    /// A segment is empty, starts with a dot, or holds another character than those allowed.
    Form,
}

/// Why a text is not a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelError {
    /// It is empty.
    Empty,
    /// It is longer than 128 bytes.
    TooLong,
    /// It starts with a dot or holds another character than those allowed.
    Form,
}

impl PromptId {
    /// Checks the form of an id. A version suffix (`.v2`) is part of the form; use
    /// [`Reference::new`](super::Reference::new) to split it off.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        if text.len() > MAX_ID {
            return Err(IdError::TooLong);
        }
        if !text.split('/').all(is_segment) {
            return Err(IdError::Form);
        }
        Ok(PromptId(text.into()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Splits `hello.v2` into `hello` and 2. A number beyond 64 bits becomes the largest one: no
    /// prompt has such a version.
    pub(super) fn split_version(&self) -> Option<(PromptId, u64)> {
        let (id, digits) = self.0.rsplit_once(".v")?;
        if !digits.starts_with(|c: char| matches!(c, '1'..='9'))
            || !digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        // What stands before is an id again: its last segment cannot be empty, because a segment
        // does not start with a dot.
        Some((PromptId(id.into()), digits.parse().unwrap_or(u64::MAX)))
    }

    /// Whether the id ends like a reference to a version, such as `hello.v2`. Prompts may not be
    /// called so.
    pub fn has_version_suffix(&self) -> bool {
        self.split_version().is_some()
    }
}

impl Label {
    /// Checks the form of a label.
    pub fn parse(text: &str) -> Result<Self, LabelError> {
        if text.is_empty() {
            return Err(LabelError::Empty);
        }
        if text.len() > MAX_LABEL {
            return Err(LabelError::TooLong);
        }
        if !is_segment(text) {
            return Err(LabelError::Form);
        }
        Ok(Label(text.into()))
    }

    /// The label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `[A-Za-z0-9_-][A-Za-z0-9._-]*`
fn is_segment(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('.')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

impl From<PromptId> for Box<str> {
    fn from(id: PromptId) -> Self {
        id.0
    }
}

impl fmt::Display for PromptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdError::Empty => f.write_str("a prompt id may not be empty"),
            IdError::TooLong => write!(f, "a prompt id may not be longer than {MAX_ID} bytes"),
            IdError::Form => f.write_str(
                "a prompt id consists of letters, digits, \"_\", \"-\" and \".\" in parts joined by \
                 \"/\", and no part is empty or starts with \".\"",
            ),
        }
    }
}

impl fmt::Display for LabelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LabelError::Empty => f.write_str("a label may not be empty"),
            LabelError::TooLong => write!(f, "a label may not be longer than {MAX_LABEL} bytes"),
            LabelError::Form => f.write_str(
                "a label consists of letters, digits, \"_\", \"-\" and \".\", and does not start \
                 with \".\"",
            ),
        }
    }
}

impl std::error::Error for IdError {}
impl std::error::Error for LabelError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_every_form() {
        for id in ["hello", "a", "_a", "-a", "a.b", "a..b", "a.", "team-a/triage", "a/b/c", "0", "A_z.9-"] {
            assert_eq!(PromptId::parse(id).map(|id| id.to_string()), Ok(id.to_string()));
        }
        for id in [
            ".", "..", "../x", "a/..", "a/../b", "/a", "a/", "a//b", ".a", "a/.b", "a b", "a\0", "a%2e", "é",
            "a\n", "a\\b", "{{a}}",
        ] {
            assert_eq!(PromptId::parse(id), Err(IdError::Form), "{id:?}");
        }
        assert_eq!(PromptId::parse(""), Err(IdError::Empty));
        assert!(PromptId::parse(&"a".repeat(256)).is_ok());
        assert_eq!(PromptId::parse(&"a".repeat(257)), Err(IdError::TooLong));
        assert_eq!(PromptId::parse(&"a".repeat(10_240)), Err(IdError::TooLong));
    }

    #[test]
    fn version_suffixes() {
        for (text, split) in [
            ("hello.v2", Some(("hello", 2))),
            ("a/b.v10", Some(("a/b", 10))),
            ("hello.v2.v3", Some(("hello.v2", 3))),
            ("a..v1", Some(("a.", 1))),
            ("a.v18446744073709551616", Some(("a", u64::MAX))),
            ("hello", None),
            ("hello.v", None),
            ("hello.v0", None),
            ("hello.v02", None),
            ("hello.V2", None),
            ("hello.v2a", None),
            ("hello.v2/b", None),
            ("my_v2", None),
            ("v2", None),
        ] {
            let id = PromptId::parse(text).unwrap();
            let found = id.split_version();
            assert_eq!(found.as_ref().map(|(id, version)| (id.as_str(), *version)), split, "{text}");
            assert_eq!(id.has_version_suffix(), split.is_some());
        }
    }

    #[test]
    fn labels_of_every_form() {
        for label in ["production", "v1", "2024-05", "a.b", "_", "latest"] {
            assert_eq!(Label::parse(label).map(|label| label.to_string()), Ok(label.to_string()));
        }
        for label in [".a", "a/b", "a b", "a\r\nx: y", "ü"] {
            assert_eq!(Label::parse(label), Err(LabelError::Form), "{label:?}");
        }
        assert_eq!(Label::parse(""), Err(LabelError::Empty));
        assert!(Label::parse(&"a".repeat(128)).is_ok());
        assert_eq!(Label::parse(&"a".repeat(129)), Err(LabelError::TooLong));
    }
}
