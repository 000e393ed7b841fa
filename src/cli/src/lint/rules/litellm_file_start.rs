//! ## What it does
//! Notes files whose front matter LiteLLM does not see.
//!
//! ## What differs
//! With a byte order mark, with blank lines before the front matter, or with its closing line at the very end of the file,
//! LiteLLM takes the whole file for user text. Promptgate reads the front matter.
//!
//! ## Example
//! ```text
//! (blank line)
//! ---
//! model: gpt-4
//! ---
//! User: hi
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    if subject.front.is_none() {
        return Vec::new();
    }
    let what = if subject.text.starts_with('\u{feff}') {
        "a byte order mark"
    } else if !subject.text.starts_with("---") {
        "the blank lines before the front matter"
    } else if subject.text.ends_with("\n---") {
        "the end of the file right behind the front matter"
    } else {
        return Vec::new();
    };
    let message = format!(
        "LiteLLM takes the whole file for user text because of {what}; here the front matter is read"
    );
    vec![Finding::about_file(message)]
}
