//! ## What it does
//! Notes models that are written as a template.
//!
//! ## What differs
//! LiteLLM sends the template itself as the model's name, although its documentation promises otherwise. Promptgate renders
//! it.
//!
//! ## Example
//! ```text
//! model: "{{ preferred_model }}"
//! LiteLLM:     {{ preferred_model }}
//! Promptgate:  gpt-4
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let (Some(_), Some(front)) = (&subject.model, &subject.front) else { return Vec::new() };
    let message = "LiteLLM sends this model as it stands, braces included; here it is rendered";
    vec![Finding::new(front.value(&["model"]), message)]
}
