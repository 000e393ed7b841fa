//! ## What it does
//! Finds files of more than 256 KiB.
//!
//! ## Why is this bad?
//! Every request for the prompt is answered with 422: parsing a source costs time and memory in every worker of the gateway.
//!
//! ## Example
//! ```text
//! User: (300,000 characters of reference material)
//! ```
//!
//! Write instead:
//! ```text
//! User: {{ material }}
//! ```

use promptgate_core::prompt::ErrorKind;

use super::prompt_error;
use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    prompt_error(subject, |kind| matches!(kind, ErrorKind::TooLarge), "send long material as a variable")
}
