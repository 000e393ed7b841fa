//! ## What it does
//! Finds optional variables that the template prints without asking whether they are there.
//!
//! ## Why is this bad?
//! A client that leaves it out, as the schema allows, is answered with 400 `missing_variable`.
//!
//! ## Example
//! ```text
//! ---
//! input:
//!   schema:
//!     tone?: string
//! ---
//! User: Answer in a {{ tone }} tone.
//! ```
//!
//! Write instead:
//! ```text
//! ---
//! input:
//!   schema:
//!     tone?: string
//!   default:
//!     tone: friendly
//! ---
//! User: Answer in a {{ tone }} tone.
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Ok(prompt) = &subject.prompt else { return Vec::new() };
    let input = &prompt.front_matter.input;
    let has_default = |name: &str| input.defaults.iter().any(|(known, _)| known == name);
    let optional = input.schema.iter().flat_map(|schema| schema.properties());
    optional
        .filter(|property| !property.required && !has_default(property.name))
        .filter_map(|property| {
            let read = subject.reads().find(|read| read.name == property.name && !read.guarded && !read.called)?;
            let name = property.name;
            let message = format!("`{name}` is optional, but a request without it is answered with 400 here");
            let help = format!(
                "write {{% if {name} %}}…{{% endif %}} or {{{{ {name} | default(\"…\") }}}}, give it a value in `input.default`, \
                 or make it required"
            );
            Some(Finding::new(read.place, message).help(help))
        })
        .collect()
}
