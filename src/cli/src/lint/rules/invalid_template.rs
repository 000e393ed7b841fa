//! ## What it does
//! Finds templates that do not compile: syntax errors, unknown filters and tests, statements that are refused, and sources
//! beyond the bounds.
//!
//! ## Why is this bad?
//! Every request for the prompt is answered with 422. `include`, `import`, `extends` and `block` are refused, because a
//! prompt is one file.
//!
//! ## Example
//! ```text
//! User: {{ name | uper }}
//! ```
//!
//! Write instead:
//! ```text
//! User: {{ name | upper }}
//! ```

use promptgate_core::prompt::ErrorKind;
use promptgate_core::template::inspect::{is_filter, is_test};

use super::prompt_error;
use crate::lint::rule::Finding;
use crate::lint::subject::Subject;
use crate::words::nearest;

/// Jinja2's filters and tests, for suggestions; the engine says which of them there are.
const NAMES: &[&str] = &[
    "abs",
    "attr",
    "batch",
    "boolean",
    "callable",
    "capitalize",
    "center",
    "count",
    "d",
    "default",
    "defined",
    "dictsort",
    "divisibleby",
    "e",
    "eq",
    "equalto",
    "escape",
    "escaped",
    "even",
    "false",
    "filesizeformat",
    "filter",
    "first",
    "float",
    "forceescape",
    "format",
    "ge",
    "greaterthan",
    "groupby",
    "gt",
    "in",
    "indent",
    "int",
    "integer",
    "items",
    "iterable",
    "join",
    "last",
    "le",
    "length",
    "lessthan",
    "list",
    "lower",
    "lt",
    "map",
    "mapping",
    "max",
    "min",
    "ne",
    "none",
    "number",
    "odd",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "sameas",
    "select",
    "selectattr",
    "sequence",
    "slice",
    "sort",
    "string",
    "striptags",
    "sum",
    "test",
    "title",
    "tojson",
    "trim",
    "true",
    "truncate",
    "undefined",
    "unique",
    "upper",
    "urlencode",
    "urlize",
    "wordcount",
    "wordwrap",
    "xmlattr",
];

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = prompt_error(subject, |kind| matches!(kind, ErrorKind::Template), "");
    for finding in &mut findings {
        finding.help = suggestion(&finding.message);
    }
    findings
}

/// What an unknown filter or test was most likely meant to be.
fn suggestion(message: &str) -> Option<String> {
    let exists: fn(&str) -> bool = match () {
        () if message.starts_with("unknown filter") => is_filter,
        () if message.starts_with("unknown test") => is_test,
        () => return None,
    };
    let name = message.split('`').nth(1)?;
    let known = NAMES.iter().copied().filter(|name| exists(name));
    nearest(name, known).map(|known| format!("did you mean `{known}`?"))
}
