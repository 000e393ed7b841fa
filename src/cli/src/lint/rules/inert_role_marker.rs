//! ## What it does
//! Finds role markers that open no message, and says why.
//!
//! ## Why is this bad?
//! `System:`, `Developer:`, `User:` and `Assistant:` open a message where they are the first text of a line of the template's
//! own text. In macros, in `set`, `filter` and `call` blocks and in string literals they are text; so are they where a
//! `{{ … }}` or white space control leaves something before them on their line.
//!
//! ## Example
//! ```text
//! {% set rules %}
//! System: Be brief.
//! {% endset %}
//! {{ rules }}
//! ```
//!
//! Write instead:
//! ```text
//! {% set rules %}Be brief.{% endset %}
//! System: {{ rules }}
//! ```

use promptgate_core::template::inspect::{Marker, Place, Standing};

use crate::diagnostic::lines;
use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let inert = |marker: &Marker| {
        let (what, help) = reason(marker.standing, || before(subject.text, marker.place))?;
        let message = format!("`{}` opens no message: {what}", marker.text);
        Some(Finding::new(marker.place, message).help(help))
    };
    subject.template.markers.iter().filter_map(inert).collect()
}

/// Why a marker is text, and what to do about it; `before` is what stands before it in the file.
fn reason(standing: Standing, before: impl Fn() -> String) -> Option<(&'static str, &'static str)> {
    const OUTSIDE: &str = "write the marker outside, and only the text of the message inside";
    match standing {
        Standing::InMacro => Some(("it stands in a macro", OUTSIDE)),
        Standing::InSetBlock => Some(("it stands in a `set` block", OUTSIDE)),
        Standing::InFilterBlock => Some(("it stands in a `filter` block", OUTSIDE)),
        Standing::InCallBlock => Some(("it stands in a `call` block", OUTSIDE)),
        Standing::InString => {
            Some(("it stands in a string", "write it as text of the template, not inside of {{ … }}"))
        }
        Standing::AfterText => Some((
            "something stands before it on its output line",
            if joins_lines(&before()) {
                "remove the `-` that takes the line break away, or put the marker on a line of its own"
            } else {
                "put the marker on a line of its own"
            },
        )),
        Standing::Opens | Standing::InComment | Standing::Misspelt => None,
    }
}

/// The file up to a place, with LF between its lines.
fn before(text: &str, place: Place) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut before = String::new();
    for (line, number) in lines(text).zip(1..=place.line) {
        if number == place.line {
            before.extend(line.chars().take((place.column as usize).saturating_sub(1)));
        } else {
            before.push_str(line);
            before.push('\n');
        }
    }
    before
}

/// Whether white space control ties what follows to the line above.
fn joins_lines(before: &str) -> bool {
    let mut rest = before;
    loop {
        let text = rest.trim_end();
        if ["-%}", "-}}", "-#}"].iter().any(|end| text.ends_with(end)) {
            return true;
        }
        if rest.get(text.len()..).is_some_and(|blank| blank.contains('\n')) {
            return false;
        }
        // Statements and comments leave nothing on the line; an expression does.
        let opening = match () {
            () if text.ends_with("%}") => "{%",
            () if text.ends_with("#}") => "{#",
            () => return false,
        };
        let Some((above, tag)) = text.rfind(opening).map(|start| text.split_at(start)) else { return false };
        if tag.get(opening.len()..).is_some_and(|tag| tag.starts_with('-')) {
            return true;
        }
        rest = above;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_minus_joins_lines() {
        for (before, expected) in [
            ("a {% if b -%}\n\n", true),
            ("{{ a -}}\n", true),
            ("a\n{%- if b %}", true),
            ("a\n{%- if b %} {% if c %}", true),
            ("a\n{#- b #}", true),
            ("{{ a }}", false),
            ("{{ a - 1 }}{% if b %}", false),
            ("a\n{{- b }}", false),
            ("{%- if a %}\nb {% if c %}", false),
            ("%}", false),
            ("", false),
        ] {
            assert_eq!(joins_lines(before), expected, "{before:?}");
        }
    }

    #[test]
    fn before_a_place() {
        for (line, column, expected) in [(1, 1, ""), (2, 2, "a\né"), (3, 1, "a\néb\n"), (9, 9, "a\néb\nc\n")]
        {
            assert_eq!(before("\u{feff}a\r\néb\nc", Place { line, column }), expected);
        }
    }
}
