//! What a rule is.

use promptgate_core::prompt::yaml::Position;
use promptgate_core::template::inspect::Place;

use super::subject::Subject;
use crate::diagnostic::Severity;

/// One thing to look for.
pub(super) struct Rule {
    /// Its name, in words joined by `-`.
    pub(super) name: &'static str,
    /// How much a finding matters.
    pub(super) severity: Severity,
    /// The text of the file that implements it; its documentation is what `--explain` shows.
    pub(super) source: &'static str,
    /// How to look.
    pub(super) check: fn(&Subject<'_>) -> Vec<Finding>,
}

/// A finding.
pub(super) struct Finding {
    /// Where.
    pub(super) place: Place,
    /// What.
    pub(super) message: String,
    /// What to do about it.
    pub(super) help: Option<String>,
    /// Whether it is about the file as a whole.
    pub(super) whole_file: bool,
}

impl Finding {
    pub(super) fn new(place: impl IntoPlace, message: impl Into<String>) -> Finding {
        Finding { place: place.into_place(), message: message.into(), help: None, whole_file: false }
    }

    /// A finding about the file as a whole, such as its name.
    pub(super) fn about_file(message: impl Into<String>) -> Finding {
        Finding { whole_file: true, ..Finding::new((1, 1), message) }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }
}

/// What says where in a file something is.
pub(super) trait IntoPlace {
    fn into_place(self) -> Place;
}

impl IntoPlace for Place {
    fn into_place(self) -> Place {
        self
    }
}

impl IntoPlace for Position {
    fn into_place(self) -> Place {
        Place { line: self.line, column: self.column }
    }
}

/// A line and a column.
impl IntoPlace for (u32, u32) {
    fn into_place(self) -> Place {
        Place { line: self.0, column: self.1 }
    }
}

impl Rule {
    /// Whether it is about what LiteLLM does differently; such rules are asked for with `--litellm`.
    pub(super) fn is_about_litellm(&self) -> bool {
        self.name.starts_with("litellm-")
    }

    /// Its documentation.
    pub(super) fn documentation(&self) -> String {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        lines.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
    }

    /// The first sentence of its documentation.
    pub(super) fn summary(&self) -> String {
        let documentation = self.documentation();
        let text = documentation.lines().skip_while(|line| line.is_empty() || line.starts_with('#'));
        let paragraph: Vec<&str> = text.take_while(|line| !line.is_empty()).collect();
        paragraph.join(" ")
    }
}
