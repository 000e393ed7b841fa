//! Which version of which prompt a request asks for.

use std::fmt;

use serde_json::Value;

use super::{IdError, Label, LabelError, PromptId};

/// The highest version: nine digits.
pub const MAX_VERSION: u32 = 999_999_999;

/// A prompt and a choice among its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The prompt's id, without a version suffix.
    pub id: PromptId,
    /// Which version.
    pub selector: Selector,
}

/// A choice among the versions of a prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selector {
    /// The default label where there is one, else the highest version.
    #[default]
    Default,
    /// The highest version, whatever the default label.
    Latest,
    /// This version.
    Version(u64),
    /// The version that this label names.
    Label(Label),
}

/// Why an id and a selector don't make a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceError {
    /// The id has no valid form.
    Id(IdError),
    /// The id ends in a version, and another one was named beside it.
    OtherVersion,
    /// The id ends in a version, and a label was named beside it.
    VersionAndLabel,
}

/// A version that is neither an integer from 1 on, nor the same as a string, nor `latest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionError;

impl Reference {
    /// Takes `hello.v2` apart, and combines its suffix with the version or label that was given
    /// beside it.
    pub fn new(id: &str, selector: Selector) -> Result<Self, ReferenceError> {
        let id = PromptId::parse(id).map_err(ReferenceError::Id)?;
        let Some((id, version)) = id.split_version() else {
            return Ok(Reference { id, selector });
        };
        match selector {
            Selector::Default => {}
            Selector::Version(beside) if beside == version => {}
            Selector::Version(_) | Selector::Latest => return Err(ReferenceError::OtherVersion),
            Selector::Label(_) => return Err(ReferenceError::VersionAndLabel),
        }
        Ok(Reference { id, selector: Selector::Version(version) })
    }
}

impl Selector {
    /// Reads a version: an integer from 1 on, `"3"`, `"v3"` or `"latest"`.
    pub fn version(value: &Value) -> Result<Self, VersionError> {
        match value {
            Value::Number(number) => match number.as_u64() {
                Some(version @ 1..) if version <= u64::from(MAX_VERSION) => Ok(Selector::Version(version)),
                _ => Err(VersionError),
            },
            Value::String(text) if text == "latest" => Ok(Selector::Latest),
            Value::String(text) => {
                let digits = text.strip_prefix('v').unwrap_or(text);
                version_number(digits).map(|number| Selector::Version(number.into()))
            }
            _ => Err(VersionError),
        }
    }

    /// Reads a label.
    pub fn label(text: &str) -> Result<Self, LabelError> {
        Label::parse(text).map(Selector::Label)
    }
}

/// Reads `[1-9][0-9]{0,8}`.
pub(crate) fn version_number(digits: &str) -> Result<u32, VersionError> {
    if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(VersionError);
    }
    match digits.parse() {
        Ok(number) if number <= MAX_VERSION => Ok(number),
        _ => Err(VersionError),
    }
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReferenceError::Id(error) => error.fmt(f),
            ReferenceError::OtherVersion => {
                f.write_str("names another version than the one that the prompt id ends in")
            }
            ReferenceError::VersionAndLabel => {
                f.write_str("names a label, but the prompt id ends in a version already")
            }
        }
    }
}

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected an integer from 1 to {MAX_VERSION}, the same as a string, or \"latest\"")
    }
}

impl std::error::Error for ReferenceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ReferenceError::Id(error) => Some(error),
            _ => None,
        }
    }
}

impl std::error::Error for VersionError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn versions_of_every_form() {
        for (value, expected) in [
            (json!(1), Selector::Version(1)),
            (json!(999_999_999), Selector::Version(999_999_999)),
            (json!("3"), Selector::Version(3)),
            (json!("v3"), Selector::Version(3)),
            (json!("999999999"), Selector::Version(999_999_999)),
            (json!("latest"), Selector::Latest),
        ] {
            assert_eq!(Selector::version(&value), Ok(expected), "{value}");
        }
        for text in [
            "0",
            "-1",
            "2.0",
            "1e2",
            "1000000000",
            "18446744073709551616",
            "true",
            "null",
            "[]",
            "{}",
            "\"\"",
            "\"v\"",
            "\"0\"",
            "\"02\"",
            "\"v02\"",
            "\"2.0\"",
            "\"+2\"",
            "\" 2\"",
            "\"2 \"",
            "\"V2\"",
            "\"vv2\"",
            "\"Latest\"",
            "\"vlatest\"",
            "\"1000000000\"",
            "\"٣\"",
            "\"-1\"",
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(Selector::version(&value), Err(VersionError), "{text}");
        }
    }

    #[test]
    fn an_id_that_ends_in_a_version() {
        let label = || Selector::label("production").unwrap();
        for (id, selector, expected) in [
            ("hello", Selector::Default, Ok(("hello", Selector::Default))),
            ("hello", Selector::Latest, Ok(("hello", Selector::Latest))),
            ("hello", label(), Ok(("hello", label()))),
            ("hello.v2", Selector::Default, Ok(("hello", Selector::Version(2)))),
            ("hello.v2", Selector::Version(2), Ok(("hello", Selector::Version(2)))),
            ("hello.v2", Selector::Version(3), Err(ReferenceError::OtherVersion)),
            ("hello.v2", Selector::Latest, Err(ReferenceError::OtherVersion)),
            ("hello.v2", label(), Err(ReferenceError::VersionAndLabel)),
            ("hello.v0", Selector::Version(3), Ok(("hello.v0", Selector::Version(3)))),
            ("../hello.v2", Selector::Default, Err(ReferenceError::Id(IdError::Form))),
        ] {
            let found = Reference::new(id, selector.clone());
            let found = found.as_ref().map(|found| (found.id.as_str(), found.selector.clone()));
            assert_eq!(found, expected.as_ref().map(|(id, s)| (*id, s.clone())), "{id} {selector:?}");
        }
    }
}
