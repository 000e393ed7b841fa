//! ## What it does
//! Notes `Developer:` markers.
//!
//! ## What differs
//! LiteLLM does not know the role: the line is text of the message before it, or a user message. Promptgate sends a
//! message of the role `developer`.
//!
//! ## Example
//! ```text
//! Developer: Be brief.
//! User: {{ question }}
//! ```

use promptgate_core::template::Role;
use promptgate_core::template::inspect::Standing;

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let markers = subject.template.markers.iter();
    markers
        .filter(|marker| marker.standing == Standing::Opens && marker.role == Role::Developer)
        .map(|marker| {
            Finding::new(
                marker.place,
                "LiteLLM does not know `Developer:` and sends it as text; here it is a developer message",
            )
        })
        .collect()
}
