//! ## What it does
//! Finds templates that can't render any message, whatever the variables are.
//!
//! ## Why is this bad?
//! A prompt without a message is answered with 422.
//!
//! ## Example
//! ```text
//! ---
//! model: gpt-4
//! ---
//! {# to be written #}
//! ```
//!
//! Write instead:
//! ```text
//! ---
//! model: gpt-4
//! ---
//! User: {{ question }}
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    if subject.prompt.is_err() || !subject.template.renders_nothing {
        return Vec::new();
    }
    let line = u32::try_from(crate::diagnostic::lines(subject.text.trim_end()).count()).unwrap_or(u32::MAX);
    vec![
        Finding::new((line, 1), "the template renders no message").help("write a message, such as `User: …`"),
    ]
}
