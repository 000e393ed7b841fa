//! Settings that are one of a few words.

use serde_json::Value;

use super::error::ConfigError;
use super::read::{Path, one_of};

/// Whose parameters win where a prompt and a request set the same one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Parameters {
    /// The prompt's.
    #[default]
    Prompt,
    /// The client's.
    Client,
}

/// What a variable does that a template prints and the request does not define.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingVariables {
    /// The request is answered with an error that names it.
    #[default]
    Error,
    /// It prints as nothing.
    Empty,
}

/// What becomes of a compressed body, which may or may not name a prompt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CompressedBodies {
    /// It is answered with an error.
    #[default]
    Reject,
    /// It passes as it is.
    Forward,
}

/// What becomes of a `prompt` object (OpenAI's) whose id the gateway does not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownPromptObject {
    /// The request is answered with an error.
    #[default]
    Reject,
    /// The request passes as it is, for whoever holds that prompt.
    Forward,
}

impl Parameters {
    pub(super) fn read(value: Value, path: &Path) -> Result<Self, ConfigError> {
        one_of(value, path, &[("prompt", Parameters::Prompt), ("client", Parameters::Client)])
    }
}

impl MissingVariables {
    pub(super) fn read(value: Value, path: &Path) -> Result<Self, ConfigError> {
        one_of(value, path, &[("error", MissingVariables::Error), ("empty", MissingVariables::Empty)])
    }
}

impl CompressedBodies {
    pub(super) fn read(value: Value, path: &Path) -> Result<Self, ConfigError> {
        one_of(value, path, &[("reject", CompressedBodies::Reject), ("forward", CompressedBodies::Forward)])
    }
}

impl UnknownPromptObject {
    pub(super) fn read(value: Value, path: &Path) -> Result<Self, ConfigError> {
        one_of(
            value,
            path,
            &[("reject", UnknownPromptObject::Reject), ("forward", UnknownPromptObject::Forward)],
        )
    }
}
