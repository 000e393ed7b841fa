//! ## What it does
//! Finds models that variables choose, where nothing says which ones they may choose.
//!
//! ## Why is this bad?
//! A model written as a template is the client's choice. Without `policy.models` in the plugin configuration any model is
//! asked for, and it changes the body only, never the route. An `enum` in the schema restricts it as well. A comment or a
//! description that mentions `policy.models` says that somebody thought of it.
//!
//! ## Example
//! ```text
//! ---
//! model: "{{ preferred_model }}"
//! ---
//! User: hi
//! ```
//!
//! Write instead:
//! ```text
//! ---
//! model: "{{ preferred_model }}"
//! input:
//!   schema:
//!     preferred_model(enum): [gpt-4o, gpt-4o-mini]
//! ---
//! User: hi
//! ```

use serde_json::Value;

use crate::lint::rule::Finding;
use crate::lint::subject::{Front, Subject};

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let (Some(model), Some(front)) = (&subject.model, &subject.front) else { return Vec::new() };
    if subject.text.contains("policy.models") {
        return Vec::new();
    }
    let free = model.reads.iter().filter(|read| !is_enumerated(front, &read.name));
    free.map(|read| {
        Finding::new(
            read.place,
            format!("the client chooses the model by `{}`, from all that there are", read.name),
        )
        .help("list the models in the schema as an enum, or set `policy.models` and say so in a comment")
    })
    .take(1)
    .collect()
}

/// Whether the schema lists the values of a variable.
fn is_enumerated(front: &Front, name: &str) -> bool {
    front.variable(name).is_some_and(|(_, key, schema)| {
        key.contains("(enum")
            || ["enum", "const"]
                .iter()
                .any(|word| schema.get(word).is_some_and(|listed| *listed != Value::Null))
    })
}
