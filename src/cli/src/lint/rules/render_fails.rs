//! ## What it does
//! Renders templates that read no variables, and finds those that fail.
//!
//! ## Why is this bad?
//! Every request for the prompt is answered with 422, because nothing that a client sends changes the result.
//!
//! ## Example
//! ```text
//! User: {{ "a" | int / 0 }}
//! ```

use promptgate_core::template::Options;
use promptgate_core::value::Dict;

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Ok(prompt) = &subject.prompt else { return Vec::new() };
    // What renders no message has a rule of its own.
    if subject.reads().next().is_some() || subject.template.renders_nothing {
        return Vec::new();
    }
    match prompt.template.render(&Dict::new(), &Options::default()) {
        Ok(_) => Vec::new(),
        Err(error) => {
            let message = format!("the template does not render: {error}");
            vec![Finding::new((error.line(), error.column()), message)]
        }
    }
}
