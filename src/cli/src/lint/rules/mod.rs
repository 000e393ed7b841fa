//! The rules, one file each.

mod commented_role_marker;
mod conflicting_key;
mod duplicate_label;
mod duplicate_version;
mod empty_message;
mod ignored_output_schema;
mod inert_role_marker;
mod invalid_file_name;
mod invalid_front_matter;
mod invalid_schema;
mod invalid_template;
mod litellm_captured_marker;
mod litellm_client_messages;
mod litellm_developer_role;
mod litellm_file_start;
mod litellm_front_matter_key;
mod litellm_html_escape;
mod litellm_indentation;
mod litellm_missing_variable;
mod litellm_model_template;
mod litellm_output;
mod litellm_value_opens_message;
mod misspelt_role_marker;
mod no_message;
mod not_utf8;
mod refused_key;
mod render_fails;
mod text_before_first_marker;
mod too_large;
mod undeclared_variable;
mod unguarded_optional_variable;
mod unknown_function;
mod unknown_method;
mod unknown_parameter;
mod unrestricted_model_template;
mod unused_variable;
mod version_like_file_name;
mod yaml_1_1_value;

use promptgate_core::catalog::FileErrorKind;
use promptgate_core::prompt::ErrorKind;

use super::rule::{Finding, Rule};
use super::subject::{Front, Subject};
use crate::diagnostic::Severity;
use crate::failure::Failure;
use crate::folder::how_to_place;
use crate::words::did_you_mean;

macro_rules! rule {
    ($module:ident, $name:literal, $severity:ident) => {
        Rule {
            name: $name,
            severity: Severity::$severity,
            source: include_str!(concat!(stringify!($module), ".rs")),
            check: $module::check,
        }
    };
}

/// All rules: errors, warnings, notes, then what is about LiteLLM.
pub(super) const ALL: &[Rule] = &[
    rule!(not_utf8, "not-utf8", Error),
    rule!(too_large, "too-large", Error),
    rule!(invalid_front_matter, "invalid-front-matter", Error),
    rule!(refused_key, "refused-key", Error),
    rule!(invalid_schema, "invalid-schema", Error),
    rule!(invalid_template, "invalid-template", Error),
    rule!(no_message, "no-message", Error),
    rule!(unknown_function, "unknown-function", Error),
    rule!(unknown_method, "unknown-method", Error),
    rule!(render_fails, "render-fails", Error),
    rule!(invalid_file_name, "invalid-file-name", Error),
    rule!(duplicate_version, "duplicate-version", Error),
    rule!(duplicate_label, "duplicate-label", Error),
    rule!(undeclared_variable, "undeclared-variable", Warning),
    rule!(unused_variable, "unused-variable", Warning),
    rule!(unguarded_optional_variable, "unguarded-optional-variable", Warning),
    rule!(unknown_parameter, "unknown-parameter", Warning),
    rule!(conflicting_key, "conflicting-key", Warning),
    rule!(inert_role_marker, "inert-role-marker", Warning),
    rule!(misspelt_role_marker, "misspelt-role-marker", Warning),
    rule!(empty_message, "empty-message", Warning),
    rule!(text_before_first_marker, "text-before-first-marker", Warning),
    rule!(yaml_1_1_value, "yaml-1-1-value", Warning),
    rule!(unrestricted_model_template, "unrestricted-model-template", Warning),
    rule!(ignored_output_schema, "ignored-output-schema", Warning),
    rule!(version_like_file_name, "version-like-file-name", Warning),
    rule!(commented_role_marker, "commented-role-marker", Note),
    rule!(litellm_captured_marker, "litellm-captured-marker", Note),
    rule!(litellm_client_messages, "litellm-client-messages", Note),
    rule!(litellm_developer_role, "litellm-developer-role", Note),
    rule!(litellm_file_start, "litellm-file-start", Note),
    rule!(litellm_front_matter_key, "litellm-front-matter-key", Note),
    rule!(litellm_html_escape, "litellm-html-escape", Note),
    rule!(litellm_indentation, "litellm-indentation", Note),
    rule!(litellm_missing_variable, "litellm-missing-variable", Note),
    rule!(litellm_model_template, "litellm-model-template", Note),
    rule!(litellm_output, "litellm-output", Note),
    rule!(litellm_value_opens_message, "litellm-value-opens-message", Note),
];

/// The rule for files that no other rule can read.
pub(super) const NOT_TEXT: &str = "not-utf8";

/// The rule that renders; others say the same more exactly.
pub(super) const RENDER_FAILS: &str = "render-fails";

/// The rule of a name.
pub(super) fn named(name: &str) -> Result<&'static Rule, Failure> {
    ALL.iter().find(|rule| rule.name == name).ok_or_else(|| {
        let help =
            did_you_mean(name, ALL.iter().map(|rule| rule.name), "`promptgate lint --rules` lists them");
        Failure::new(format!("there is no rule `{name}`")).help(help)
    })
}

/// Why the file is no prompt, if it is for one of these reasons.
fn prompt_error(subject: &Subject<'_>, is_meant: fn(ErrorKind) -> bool, help: &str) -> Vec<Finding> {
    match &subject.prompt {
        Err(error) if is_meant(error.kind()) => {
            let mut finding = Finding::new((error.line(), error.column()), error.to_string());
            if !help.is_empty() {
                finding = finding.help(help);
            }
            vec![finding]
        }
        _ => Vec::new(),
    }
}

/// What keeps the file out of a bundle, if it is one of these things.
fn misplaced(subject: &Subject<'_>, is_meant: fn(&FileErrorKind) -> bool) -> Vec<Finding> {
    let meant = subject.misplaced.iter().filter(|kind| is_meant(kind));
    meant
        .map(|kind| {
            let finding = match (&subject.front, kind) {
                (Some(front), FileErrorKind::SameLabel { label, .. }) => {
                    Finding::new(label_place(front, label), kind.to_string())
                }
                _ => Finding::about_file(kind.to_string()),
            };
            finding.help(how_to_place(kind))
        })
        .collect()
}

fn label_place(front: &Front, label: &str) -> (u32, u32) {
    let labels = front.get(&["labels"]).and_then(|labels| labels.as_array());
    let index = labels.and_then(|labels| labels.iter().position(|item| item == label)).unwrap_or(0);
    let place = front.value(&["labels", &index.to_string()]);
    (place.line, place.column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_documented() {
        for rule in ALL {
            let documentation = rule.documentation();
            let second = if rule.is_about_litellm() { "## What differs" } else { "## Why is this bad?" };
            for heading in ["## What it does", second, "## Example"] {
                assert!(documentation.contains(heading), "{}: {heading}", rule.name);
            }
            assert!(rule.summary().ends_with('.'), "{}: {}", rule.name, rule.summary());
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = ALL.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
