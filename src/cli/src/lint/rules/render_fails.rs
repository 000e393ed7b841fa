//! ## What it does
//! Renders templates that read no variables, and finds those that fail: the text, and a model that is a template.
//!
//! ## Why is this bad?
//! Every request for the prompt is answered with 422, because nothing that a client sends changes the result.
//!
//! ## Example
//! ```text
//! User: {{ "a" | int / 0 }}
//! ```

use promptgate_core::prompt::{Model, Prompt};
use promptgate_core::template::{Error, Options};
use promptgate_core::value::Dict;

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Ok(prompt) = &subject.prompt else { return Vec::new() };
    text(subject, prompt).into_iter().chain(model(subject, prompt)).collect()
}

fn text(subject: &Subject<'_>, prompt: &Prompt) -> Option<Finding> {
    // What renders no message has a rule of its own.
    if !subject.template.reads.is_empty() || subject.template.renders_nothing {
        return None;
    }
    let error = prompt.template.render(&Dict::new(), &Options::default()).err()?;
    Some(failed("the template", &error))
}

fn model(subject: &Subject<'_>, prompt: &Prompt) -> Option<Finding> {
    let (Some(Model::Template(template)), Some(inspection)) = (&prompt.front_matter.model, &subject.model)
    else {
        return None;
    };
    if !inspection.reads.is_empty() {
        return None;
    }
    match template.render_text(&Dict::new(), &Options::default()) {
        Err(error) => Some(failed("the model", &error)),
        Ok(name) if name.trim().is_empty() => {
            let place = subject.front.as_ref()?.value(&["model"]);
            Some(
                Finding::new(place, "the model renders to nothing")
                    .help("name a model, or leave `model` out"),
            )
        }
        Ok(_) => None,
    }
}

fn failed(what: &str, error: &Error) -> Finding {
    Finding::new((error.line(), error.column()), format!("{what} does not render: {error}"))
}
