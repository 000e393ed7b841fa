//! ## What it does
//! Notes role markers inside of comments.
//!
//! ## Why is this bad?
//! They are no messages. Usually that is meant; it is worth knowing when a message seems to be missing.
//!
//! ## Example
//! ```text
//! {# System: Be brief. #}
//! User: {{ question }}
//! ```

use promptgate_core::template::inspect::Standing;

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let markers = subject.template.markers.iter().filter(|marker| marker.standing == Standing::InComment);
    markers
        .map(|marker| {
            Finding::new(marker.place, format!("`{}` opens no message: it stands in a comment", marker.text))
        })
        .collect()
}
