//! ## What it does
//! Finds an `output.schema` without `format: json`.
//!
//! ## Why is this bad?
//! The schema is sent with `format: json` only; without it, it has no effect.
//!
//! ## Example
//! ```text
//! ---
//! output:
//!   schema:
//!     queue: string
//! ---
//! User: {{ ticket }}
//! ```
//!
//! Write instead:
//! ```text
//! ---
//! output:
//!   format: json
//!   schema:
//!     queue: string
//! ---
//! User: {{ ticket }}
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let (Ok(_), Some(front)) = (&subject.prompt, &subject.front) else { return Vec::new() };
    let has_schema = front.get(&["output", "schema"]).is_some_and(|schema| !schema.is_null());
    let is_json = front.get(&["output", "format"]).is_some_and(|format| format == "json");
    if !has_schema || is_json {
        return Vec::new();
    }
    vec![
        Finding::new(front.key(&["output", "schema"]), "the schema has no effect")
            .help("add `format: json` beside it"),
    ]
}
