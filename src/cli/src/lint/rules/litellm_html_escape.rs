//! ## What it does
//! Notes the first value that a template prints.
//!
//! ## What differs
//! LiteLLM escapes values for HTML: `<`, `>`, `&` and quotes become `&lt;`, `&gt;`, `&amp;`, `&#34;` and `&#39;`. Promptgate
//! sends values as they are.
//!
//! ## Example
//! ```text
//! User: {{ question }}        with question = what's <b>?
//! LiteLLM:     what&#39;s &lt;b&gt;?
//! Promptgate:  what's <b>?
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let first = subject.template.outputs.first().into_iter();
    first
        .map(|place| {
            Finding::new(
                *place,
                "LiteLLM escapes <, >, & and quotes in values for HTML; here they stay as they are",
            )
        })
        .collect()
}
