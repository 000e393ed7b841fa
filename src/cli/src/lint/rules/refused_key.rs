//! ## What it does
//! Finds fields in the front matter that belong to the caller: `messages`, `stream`, `conversation`, `prompt_*` and the like.
//!
//! ## Why is this bad?
//! Every request for the prompt is answered with 422. Whether an answer streams, and what the client says, is for the
//! client to decide.
//!
//! ## Example
//! ```text
//! ---
//! stream: true
//! ---
//! User: hi
//! ```

use promptgate_core::prompt::ErrorKind;

use super::prompt_error;
use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    prompt_error(subject, |kind| matches!(kind, ErrorKind::RefusedKey), "remove it")
}
