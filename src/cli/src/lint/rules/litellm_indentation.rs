//! ## What it does
//! Notes the first line of a message that is indented.
//!
//! ## What differs
//! LiteLLM removes the indentation of every line. Promptgate removes white space at both ends of a message and nothing
//! else, so that code and lists keep their form.
//!
//! ## Example
//! ```text
//! User: Explain this:
//!     if x:
//!         return
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let place = subject.template.indented.into_iter();
    place
        .map(|place| Finding::new(place, "LiteLLM removes the indentation of every line; here it stays"))
        .collect()
}
