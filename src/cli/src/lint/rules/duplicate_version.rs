//! ## What it does
//! Finds two files that are the same version of the same prompt.
//!
//! ## Why is this bad?
//! Which one is served would depend on chance, so `promptgate bundle` refuses to write a bundle. A file without a version is
//! version 1.
//!
//! ## Example
//! ```text
//! hello.prompt
//! hello.v1.prompt
//! ```
//!
//! Write instead:
//! ```text
//! hello.prompt
//! hello.v2.prompt
//! ```

use promptgate_core::catalog::FileErrorKind;

use super::misplaced;
use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    misplaced(subject, |kind| matches!(kind, FileErrorKind::SameVersion { .. }))
}
