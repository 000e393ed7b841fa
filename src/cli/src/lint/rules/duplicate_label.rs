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

use super::misplaced_files;
use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check<'s, 'f>(subjects: &'s [Subject<'f>]) -> Vec<(&'s Subject<'f>, Finding)> {
    misplaced_files(subjects, "duplicate-label")
}
