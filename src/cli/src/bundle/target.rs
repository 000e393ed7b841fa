//! Where a bundle goes.

use std::path::Path;

use super::build::Built;
use super::{Arguments, tree};
use crate::failure::Failure;
use crate::{output, write};

/// Where a bundle goes.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    /// To standard output.
    Output,
    /// Into a file.
    File(&'a Path),
    /// Into a folder for a web server.
    Tree(&'a Path),
}

impl<'a> Target<'a> {
    pub(super) fn of(arguments: &'a Arguments) -> Target<'a> {
        match (&arguments.output, &arguments.tree) {
            (_, Some(folder)) => Target::Tree(folder),
            (Some(file), None) => Target::File(file),
            (None, None) => Target::Output,
        }
    }

    /// Writes the bundle, and what no longer belongs to it goes. Returns what to say of it.
    pub(super) fn write(self, built: &Built) -> Result<String, Failure> {
        let summary = &built.summary;
        match self {
            Target::Output => {
                output::text(&built.text)?;
                Ok(summary.clone())
            }
            Target::File(path) => {
                write::replace(path, built.text.as_bytes())?;
                Ok(format!("wrote {}: {summary}", path.display()))
            }
            Target::Tree(folder) => {
                let changes = tree::write(folder, built)?;
                Ok(format!("wrote {}: {summary}; {changes}", folder.display()))
            }
        }
    }

    /// What the user calls it.
    pub(super) fn name(self) -> String {
        match self {
            Target::Output => "standard output".to_owned(),
            Target::File(path) | Target::Tree(path) => path.display().to_string(),
        }
    }
}
