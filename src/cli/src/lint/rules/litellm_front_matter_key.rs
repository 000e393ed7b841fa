//! ## What it does
//! Notes front-matter keys that LiteLLM sends to the provider.
//!
//! ## What differs
//! To LiteLLM every key but `model`, `input` and `output` is a parameter of the request, also `config`, `description` and
//! `labels`. Promptgate keeps those to itself, and unpacks `config`.
//!
//! ## Example
//! ```text
//! description: Sorts tickets
//! config: { temperature: 0 }
//! ```

use promptgate_core::prompt::{PARAMETERS_BLOCK, RESERVED};

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

/// What LiteLLM keeps to itself, too.
const KEPT: [&str; 3] = ["model", "input", "output"];

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(front) = &subject.front else { return Vec::new() };
    let keys = front.tree.as_object().into_iter().flat_map(|members| members.keys()).map(String::as_str);
    keys.filter(|key| !KEPT.contains(key))
        .filter_map(|key| {
            let here = match key {
                PARAMETERS_BLOCK => "its members become parameters",
                key if RESERVED.contains(&key) => "it is not sent",
                _ => return None,
            };
            let message = format!("LiteLLM sends `{key}` to the provider as a parameter; here {here}");
            Some(Finding::new(front.key(&[key]), message))
        })
        .collect()
}
