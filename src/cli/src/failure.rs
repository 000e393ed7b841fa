//! Why a command could not do its work.

use std::fmt::Display;
use std::path::Path;

use crate::diagnostic::Diagnostic;

/// Why a command could not do its work, and what to do about it.
#[derive(Debug)]
pub struct Failure {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The places in files that are at fault, each with the file's text.
    pub details: Vec<Detail>,
}

/// A diagnostic and the text that it points into.
#[derive(Clone, Debug)]
pub struct Detail {
    /// What is wrong, and where.
    pub diagnostic: Diagnostic,
    /// The file's text; empty where there is no text to point into.
    pub text: String,
}

impl Failure {
    /// A failure in one sentence.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: None, details: Vec::new() }
    }

    /// A file or folder that can't be read or written.
    pub fn io(verb: &str, path: &Path, error: impl Display) -> Failure {
        Failure::new(format!("can't {verb} {}: {error}", path.display()))
    }

    /// Adds what to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }

    /// Adds places in files.
    pub fn details(mut self, details: Vec<Detail>) -> Failure {
        self.details = details;
        self
    }
}
