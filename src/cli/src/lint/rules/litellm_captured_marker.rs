//! ## What it does
//! Notes role markers in macros and in `set`, `filter` and `call` blocks.
//!
//! ## What differs
//! LiteLLM renders first and splits roles afterwards, so these markers open messages there wherever they come to stand at
//! the beginning of a line. In Promptgate they are text.
//!
//! ## Example
//! ```text
//! {% macro rules() %}
//! System: Be brief.
//! {% endmacro %}
//! {{ rules() }}
//! ```

use promptgate_core::template::inspect::Standing;

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let is_captured = |standing| {
        matches!(
            standing,
            Standing::InMacro
                | Standing::InSetBlock
                | Standing::InFilterBlock
                | Standing::InCallBlock
                | Standing::InString
        )
    };
    let markers = subject.template.markers.iter().filter(|marker| is_captured(marker.standing));
    markers
        .map(|marker| {
            let message = format!(
                "in LiteLLM `{}` opens a message where this is printed; here it is text",
                marker.text
            );
            Finding::new(marker.place, message)
        })
        .collect()
}
