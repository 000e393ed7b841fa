//! ## What it does
//! Finds front matter that can't be read: broken YAML, unknown keys, values of the wrong type.
//!
//! ## Why is this bad?
//! Every request for the prompt is answered with 422. YAML is version 1.2; keys that occur twice, tags, `.inf` and
//! integers beyond 64 bits are refused as well, because one of two readings would be lost.
//!
//! ## Example
//! ```text
//! ---
//! client_messages: drop
//! ---
//! User: hi
//! ```
//!
//! Write instead:
//! ```text
//! ---
//! client_messages: ignore
//! ---
//! User: hi
//! ```

use promptgate_core::prompt::ErrorKind;

use super::prompt_error;
use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    prompt_error(
        subject,
        |kind| {
            matches!(
                kind,
                ErrorKind::UnclosedFrontMatter
                    | ErrorKind::Yaml(_)
                    | ErrorKind::NotAMapping
                    | ErrorKind::UnknownKey
                    | ErrorKind::InvalidValue
            )
        },
        "the front matter stands between two lines `---`",
    )
}
