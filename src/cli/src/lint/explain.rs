//! `--rules` and `--explain`.

use super::rules;
use super::words::did_you_mean;
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
    match rules::ALL.iter().find(|rule| rule.name == name) {
        Some(rule) => {
            output::text(&format!("{} ({})\n\n{}", rule.name, rule.severity.as_str(), rule.documentation()))
        }
        None => {
            let known = rules::ALL.iter().map(|rule| rule.name);
            let help = did_you_mean(name, known, "`promptgate lint --rules` lists them");
            Err(Failure::new(format!("there is no rule `{name}`")).help(help))
        }
    }
}
