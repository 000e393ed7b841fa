//! ## What it does
//! Finds front matter that can't be read: broken YAML, unknown keys, values of the wrong type.
//!
//! ## Why is this bad?
//! Every request for the prompt is answered with 422. YAML is version 1.2; keys that occur twice, tags, `.inf` and
//! integers beyond 64 bits are refused as well, because one of two readings would be lost.
//!
//! ## Example
//! ```text
//! ---
//! client_messages: drop
//! ---
//! User: hi
//! ```
//!
//! Write instead:
//! ```text
//! ---
//! client_messages: ignore
//! ---
//! User: hi
//! ```

use promptgate_core::prompt::{ErrorKind, PromptError};

use super::prompt_error;
use crate::diagnostic::lines;
use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = prompt_error(
        subject,
        |kind| {
            matches!(
                kind,
                ErrorKind::UnclosedFrontMatter
                    | ErrorKind::Yaml(_)
                    | ErrorKind::NotAMapping
                    | ErrorKind::UnknownKey
                    | ErrorKind::InvalidValue
            )
        },
        "",
    );
    let help = subject.prompt.as_ref().err().and_then(|error| help(subject.text, error));
    for finding in &mut findings {
        finding.help.clone_from(&help);
    }
    findings
}

fn help(text: &str, error: &PromptError) -> Option<String> {
    match error.kind() {
        ErrorKind::UnclosedFrontMatter => Some("the front matter stands between two lines `---`".to_owned()),
        ErrorKind::Yaml(_) => unquoted_template(lines(text).nth((error.line() as usize).checked_sub(1)?)?),
        _ => None,
    }
}

/// What to write in place of `model: {{ name }}`, where YAML sees a mapping inside of a mapping.
fn unquoted_template(line: &str) -> Option<String> {
    let (key, value) = line.split_once(": ")?;
    let (key, value) = (key.trim(), value.trim());
    if !value.starts_with("{{") && !value.starts_with("{%") {
        return None;
    }
    let quoted = if value.contains(['"', '\\']) {
        format!("'{}'", value.replace('\'', "''"))
    } else {
        format!("\"{value}\"")
    };
    let which = if key == "model" { "" } else { "only `model` can be a template; for plain text " };
    Some(format!("{which}quote it: {key}: {quoted}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_those_that_the_template_leaves() {
        for (line, expected) in [
            ("model: {{ m }}", Some(r#"quote it: model: "{{ m }}""#)),
            ("model: {{m}}-x", Some(r#"quote it: model: "{{m}}-x""#)),
            ("model:  {% if a %}b{% endif %} ", Some(r#"quote it: model: "{% if a %}b{% endif %}""#)),
            (r#"model: {{ m | default("a") }}"#, Some(r#"quote it: model: '{{ m | default("a") }}'"#)),
            (r#"model: {{ m["a"] ~ 'b' }}"#, Some(r#"quote it: model: '{{ m["a"] ~ ''b'' }}'"#)),
            (
                "  stop: {{ s }}",
                Some(r#"only `model` can be a template; for plain text quote it: stop: "{{ s }}""#),
            ),
            ("model: { a: b }", None),
            ("model: [a", None),
            ("{{ m }}", None),
        ] {
            assert_eq!(unquoted_template(line).as_deref(), expected, "{line}");
        }
    }
}
