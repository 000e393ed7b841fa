//! ## What it does
//! Finds files that are not UTF-8.
//!
//! ## Why is this bad?
//! A bundle is JSON, which can't hold other text: `promptgate bundle` refuses to write it.
//!
//! ## Example
//! ```text
//! User: caf\xe9 (saved as Latin-1)
//! ```

use crate::folder::not_utf8;
use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    if subject.file.text().is_some() {
        return Vec::new();
    }
    let found = not_utf8(subject.file);
    let mut finding = Finding::new((found.line, found.column), found.message);
    finding.help = found.help;
    vec![finding]
}
