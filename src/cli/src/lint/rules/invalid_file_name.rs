//! ## What it does
//! Finds files whose name is no prompt id.
//!
//! ## Why is this bad?
//! No bundle can hold the prompt, so `promptgate bundle` refuses to write one. An id consists of segments of letters, digits,
//! `.`, `_` and `-` that do not begin with a dot, joined by `/`.
//!
//! ## Example
//! ```text
//! my prompt.prompt
//! ```
//!
//! Write instead:
//! ```text
//! my-prompt.prompt
//! ```

use promptgate_core::catalog::FileErrorKind;

use super::misplaced;
use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    misplaced(subject, |kind| matches!(kind, FileErrorKind::Id(_) | FileErrorKind::Version))
}
