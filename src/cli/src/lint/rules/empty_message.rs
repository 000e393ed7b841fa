//! ## What it does
//! Finds messages in which nothing can stand.
//!
//! ## Why is this bad?
//! An empty message is sent as it is, and many providers refuse it; the last one of a template is dropped.
//!
//! ## Example
//! ```text
//! System:
//! User: {{ question }}
//! ```
//!
//! Write instead:
//! ```text
//! System: Be brief.
//! User: {{ question }}
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let template = &subject.template;
    // A template without any message has a rule of its own.
    if template.renders_nothing {
        return Vec::new();
    }
    let sent = template.empty_messages.iter().map(|marker| (marker, "is empty"));
    let dropped = template
        .dropped_message
        .iter()
        .map(|marker| (marker, "is empty and will be dropped: it is the last one"));
    sent.chain(dropped)
        .map(|(marker, what)| {
            Finding::new(marker.place, format!("this {} message {what}", marker.role.as_str()))
                .help("write its text behind the marker or below it, or remove the marker")
        })
        .collect()
}
