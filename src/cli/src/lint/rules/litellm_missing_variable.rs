//! ## What it does
//! Notes the first variable that a request has to bring.
//!
//! ## What differs
//! LiteLLM prints a missing variable as nothing, and requires none, whatever the schema says. Promptgate answers 400
//! `missing_variable`, unless the plugin configuration sets `missing_variables: empty`; that does not soften a schema.
//!
//! ## Example
//! ```text
//! User: {{ question }}        without question
//! LiteLLM:     an empty message, or none
//! Promptgate:  400 missing_variable
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Ok(prompt) = &subject.prompt else { return Vec::new() };
    let has_default = |name: &str| prompt.front_matter.input.defaults.iter().any(|(known, _)| known == name);
    let needed =
        subject.reads().find(|read| !read.guarded && !read.called && !has_default(&read.name)).into_iter();
    needed
        .map(|read| {
            let message = format!(
                "LiteLLM prints nothing for `{}` if it is missing; here that is answered with 400",
                read.name
            );
            Finding::new(read.place, message)
        })
        .collect()
}
