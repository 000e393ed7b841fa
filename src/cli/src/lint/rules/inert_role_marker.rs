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

use promptgate_core::template::inspect::Standing;

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let inert = |marker: &promptgate_core::template::inspect::Marker| {
        let (what, help) = reason(marker.standing)?;
        let message = format!("`{}` opens no message: {what}", marker.text);
        Some(Finding::new(marker.place, message).help(help))
    };
    subject.template.markers.iter().filter_map(inert).collect()
}

/// Why a marker is text, and what to do about it.
fn reason(standing: Standing) -> Option<(&'static str, &'static str)> {
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
            "remove the `-` that takes the line break away, or put the marker on a line of its own",
        )),
        Standing::Opens | Standing::InComment | Standing::Misspelt => None,
    }
}
