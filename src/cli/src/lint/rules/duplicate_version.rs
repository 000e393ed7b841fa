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

use super::misplaced_files;
use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check<'s, 'f>(subjects: &'s [Subject<'f>]) -> Vec<(&'s Subject<'f>, Finding)> {
    misplaced_files(subjects, "duplicate-version")
}
