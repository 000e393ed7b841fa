//! ## What it does
//! Finds text before the first role marker.
//!
//! ## Why is this bad?
//! It becomes a user message of its own, before all others. Often it is a title, or a first line whose marker is
//! misspelt.
//!
//! ## Example
//! ```text
//! Support assistant
//!
//! System: Sort tickets into queues.
//! ```
//!
//! Write instead:
//! ```text
//! ---
//! description: Support assistant
//! ---
//! System: Sort tickets into queues.
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let place = subject.template.text_before_marker.into_iter();
    place
        .map(|place| {
            Finding::new(place, "text before the first role marker becomes a user message of its own").help(
                "begin it with `System:` or `User:`; for a title use `description` or a comment {# … #}",
            )
        })
        .collect()
}
