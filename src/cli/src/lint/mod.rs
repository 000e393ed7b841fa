//! `promptgate lint`: what would fail at the gateway, and what is probably not meant.

mod allow;
mod explain;
mod report;
mod rule;
mod rules;
mod sources;
mod subject;

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::ValueEnum;
use promptgate_core::template::inspect::Place;

use crate::diagnostic::Severity;
use crate::failure::Failure;
use crate::{DONE, REFUSED, output};
use report::Report;
use rule::Rule;
use rules::{NOT_TEXT, RENDER_FAILS};
use subject::Subject;

const EXAMPLES: &str = "\
Examples:
  promptgate lint
  promptgate lint prompts --litellm
  promptgate lint prompts/hello.prompt prompts/recipe.prompt
  promptgate lint prompts --format json
  promptgate lint --explain unused-variable

A comment in the front matter or in the template turns a warning off for its file:
  # promptgate: allow(unused-variable)
  {# promptgate: allow(unused-variable, empty-message) #}

Exit status: 0 without errors (warnings and notes are none), 1 with errors, 2 if there \
was nothing to read.";

/// How many files take long enough to say so.
const MANY: usize = 2_000;

/// Find what would answer 422 at the gateway (errors), and what is probably not meant (warnings).
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Folders of .prompt files, and single files
    #[arg(value_name = "PATH", default_value = "prompts")]
    paths: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Note also what LiteLLM renders differently, and why
    #[arg(long)]
    litellm: bool,
    /// Apply this rule only; may be given several times
    #[arg(long, value_name = "RULE", conflicts_with_all = ["rules", "explain"])]
    select: Vec<String>,
    /// Explain a rule
    #[arg(long, value_name = "RULE", conflicts_with_all = ["rules", "litellm"])]
    explain: Option<String>,
    /// List all rules
    #[arg(long, conflicts_with = "litellm")]
    rules: bool,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: like a compiler's messages
    Text,
    /// For programs: an array of {rule, severity, file, line, column, message, help}
    Json,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<u8, Failure> {
    if let Some(name) = &arguments.explain {
        return explain::one(name).map(|()| DONE);
    }
    if arguments.rules {
        return explain::all().map(|()| DONE);
    }
    let selected = arguments.selected()?;
    let folders = sources::read(&arguments.paths)?;
    let count: usize = folders.iter().map(Vec::len).sum();
    if count > MANY && std::io::stderr().is_terminal() {
        output::status(&format!("checking {count} files …"));
    }
    let subjects: Vec<Subject<'_>> = folders.iter().flat_map(|files| subject::all(files)).collect();
    let report = check(&subjects, &selected);
    match arguments.format {
        Format::Text => report.print_text(&subjects)?,
        Format::Json => report.print_json()?,
    }
    Ok(if report.has_errors() { REFUSED } else { DONE })
}

impl Arguments {
    /// The rules to apply.
    fn selected(&self) -> Result<Vec<&'static Rule>, Failure> {
        if self.select.is_empty() {
            return Ok(rules::ALL.iter().filter(|rule| self.litellm || !rule.is_about_litellm()).collect());
        }
        self.select.iter().map(|name| rules::named(name)).collect()
    }
}

/// Applies rules.
fn check(subjects: &[Subject<'_>], rules: &[&Rule]) -> Report {
    let mut report = Report::default();
    for subject in subjects {
        let mut findings = Vec::new();
        for rule in rules.iter().filter(|rule| subject.is_text() || rule.name == NOT_TEXT) {
            let found = (rule.check)(subject).into_iter().map(|finding| (*rule, finding));
            findings.extend(found);
        }
        let places: Vec<Place> =
            findings.iter().filter(|(rule, _)| is_exact(rule)).map(|(_, finding)| finding.place).collect();
        for (rule, finding) in findings {
            if rule.name != RENDER_FAILS || !places.iter().any(|place| is_there(finding.place, *place)) {
                report.add(rule, subject, finding);
            }
        }
    }
    report.sort();
    report
}

/// Whether a rule says why rendering fails better than rendering itself.
fn is_exact(rule: &Rule) -> bool {
    rule.severity == Severity::Error && rule.name != RENDER_FAILS
}

/// Whether rendering failed at a place that another rule found. Rendering points at the dot of a method
/// call, rules at the name behind it.
fn is_there(failed: Place, found: Place) -> bool {
    failed.line == found.line
        && (failed.column == found.column || failed.column.saturating_add(1) == found.column)
}
