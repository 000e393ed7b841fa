//! ## What it does
//! Finds variables that the template reads and the schema does not name.
//!
//! ## Why is this bad?
//! It is most likely a typing error; then the prompt answers 400 to every client that follows the schema. If it is not, the
//! schema tells clients less than they need to know.
//!
//! ## Example
//! ```text
//! ---
//! input:
//!   schema:
//!     user_message: string
//! ---
//! User: {{ user_mesage }}
//! ```
//!
//! Write instead:
//! ```text
//! ---
//! input:
//!   schema:
//!     user_message: string
//! ---
//! User: {{ user_message }}
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;
use crate::words::did_you_mean;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Ok(prompt) = &subject.prompt else { return Vec::new() };
    let input = &prompt.front_matter.input;
    let Some(schema) = &input.schema else { return Vec::new() };
    let mut known: Vec<&str> = schema.properties().map(|property| property.name).collect();
    known.extend(input.defaults.iter().map(|(name, _)| name.as_str()));
    let mut findings: Vec<(&str, Finding)> = Vec::new();
    for read in subject.reads().filter(|read| !read.called && !known.contains(&read.name.as_str())) {
        if findings.iter().all(|(name, _)| *name != read.name) {
            let or = format!("add `{}` to `input.schema`", read.name);
            let finding =
                Finding::new(read.place, format!("the schema does not name the variable `{}`", read.name))
                    .help(did_you_mean(&read.name, known.iter().copied(), &or));
            findings.push((&read.name, finding));
        }
    }
    findings.into_iter().map(|(_, finding)| finding).collect()
}
