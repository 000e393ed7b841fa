//! All findings, and how they are written.

use std::collections::HashMap;

use serde_json::Value;

use super::rule::{Finding, Rule};
use super::subject::Subject;
use crate::diagnostic::{Diagnostic, Severity};
use crate::failure::Failure;
use crate::output;

/// All findings.
#[derive(Default)]
pub(super) struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Adds a finding, unless the file turns its rule off. Errors can't be turned off: the gateway
    /// would answer them all the same.
    pub(super) fn add(&mut self, rule: &Rule, subject: &Subject<'_>, finding: Finding) {
        let is_allowed = subject.allowed.iter().any(|name| name == rule.name);
        if is_allowed && rule.severity != Severity::Error {
            return;
        }
        self.diagnostics.push(Diagnostic {
            rule: rule.name,
            severity: rule.severity,
            file: subject.path.clone(),
            line: finding.place.line,
            column: finding.place.column,
            message: finding.message,
            help: finding.help,
            whole_file: finding.whole_file,
        });
    }

    /// Sorts by file and place.
    pub(super) fn sort(&mut self) {
        self.diagnostics.sort_by(|a, b| {
            (&a.file, a.line, a.column, a.severity, a.rule)
                .cmp(&(&b.file, b.line, b.column, b.severity, b.rule))
        });
    }

    pub(super) fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Writes messages to standard output, and what they come to to standard error.
    pub(super) fn print_text(&self, subjects: &[Subject<'_>]) -> Result<(), Failure> {
        let texts: HashMap<&str, &str> =
            subjects.iter().map(|subject| (subject.path.as_str(), subject.text)).collect();
        for diagnostic in &self.diagnostics {
            let text = texts.get(diagnostic.file.as_str()).copied().unwrap_or_default();
            output::text(&format!("{}\n\n", diagnostic.render(text)))?;
        }
        output::status(&self.summary(subjects.len()));
        Ok(())
    }

    /// Writes an array to standard output.
    pub(super) fn print_json(&self) -> Result<(), Failure> {
        let findings: Value = self.diagnostics.iter().map(Diagnostic::to_json).collect();
        output::text(&format!("{findings:#}\n"))
    }

    fn summary(&self, files: usize) -> String {
        let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
            .into_iter()
            .map(|severity| (self.count(severity), severity.as_str()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| plural(count, word))
            .collect();
        let found = if counts.is_empty() { "nothing to report".to_owned() } else { counts.join(", ") };
        format!("{} checked: {found}", plural(files, "file"))
    }

    fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}

fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
