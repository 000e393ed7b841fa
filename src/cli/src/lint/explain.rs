//! `--rules` and `--explain`.

use super::rules;
use crate::failure::Failure;
use crate::output;

/// Lists every rule with its severity and what it finds.
pub(super) fn all() -> Result<(), Failure> {
    let width = rules::ALL.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in rules::ALL {
        text.push_str(&format!("{:<width$}  {:<7}  {}\n", rule.name, rule.severity.as_str(), rule.summary()));
    }
    output::text(&text)
}

/// Explains one rule.
pub(super) fn one(name: &str) -> Result<(), Failure> {
    let rule = rules::named(name)?;
    output::text(&format!("{} ({})\n\n{}", rule.name, rule.severity.as_str(), rule.documentation()))
}
