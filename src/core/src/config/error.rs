//! Why a configuration is refused.

use std::fmt;

/// Why a configuration is refused: one line that says where and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    place: String,
    message: String,
}

impl ConfigError {
    pub(super) fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        ConfigError { place: place.into(), message: message.into() }
    }

    /// Where: a path such as `policy.allow[0]`, a position such as `line 3, column 7`, or
    /// `configuration` for the whole.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What is wrong there. Quotes no value of the configuration.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for ConfigError {}
