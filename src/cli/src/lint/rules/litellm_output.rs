//! ## What it does
//! Notes `output`.
//!
//! ## What differs
//! LiteLLM ignores it. Promptgate sends it as `response_format`, or as what another API has for that.
//!
//! ## Example
//! ```text
//! output:
//!   format: json
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(front) = &subject.front else { return Vec::new() };
    let is_json = front.get(&["output", "format"]).is_some_and(|format| format == "json");
    if !is_json {
        return Vec::new();
    }
    let message = "LiteLLM ignores `output`; here it becomes `response_format`";
    vec![Finding::new(front.key(&["output"]), message)]
}
