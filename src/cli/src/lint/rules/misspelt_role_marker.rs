//! ## What it does
//! Finds lines that begin almost like a role marker: `system:`, `USER:`, `User :`.
//!
//! ## Why is this bad?
//! Only the exact spelling opens a message; anything else is text of the message before it.
//!
//! ## Example
//! ```text
//! system: Be brief.
//! user: {{ question }}
//! ```
//!
//! Write instead:
//! ```text
//! System: Be brief.
//! User: {{ question }}
//! ```

use promptgate_core::template::inspect::Standing;

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let markers = subject.template.markers.iter().filter(|marker| marker.standing == Standing::Misspelt);
    markers
        .map(|marker| {
            let exact = marker.role.marker();
            Finding::new(marker.place, format!("`{}` opens no message", marker.text))
                .help(format!("write `{exact}`; if it is meant as text, write {{{{ \"{}\" }}}}", marker.text))
        })
        .collect()
}
