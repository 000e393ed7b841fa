//! ## What it does
//! Finds labels that stand in two versions of one prompt.
//!
//! ## Why is this bad?
//! A label names one version. `promptgate bundle` refuses to write a bundle in which it would name two.
//!
//! ## Example
//! ```text
//! hello.prompt:     labels: [production]
//! hello.v2.prompt:  labels: [production]
//! ```
//!
//! Write instead:
//! ```text
//! hello.v2.prompt:  labels: [production]
//! ```

use promptgate_core::catalog::FileErrorKind;

use super::misplaced;
use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    misplaced(subject, |kind| matches!(kind, FileErrorKind::SameLabel { .. }))
}
