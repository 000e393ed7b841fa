//! ## What it does
//! Finds variables that the schema or the defaults name and the template never reads.
//!
//! ## Why is this bad?
//! Clients are asked for a value that changes nothing. Often the template reads it under another name.
//!
//! ## Example
//! ```text
//! ---
//! input:
//!   schema:
//!     name: string
//!     tone?: string
//! ---
//! User: Greet {{ name }}
//! ```
//!
//! Write instead:
//! ```text
//! ---
//! input:
//!   schema:
//!     name: string
//!     tone?: string
//! ---
//! User: Greet {{ name }}{% if tone %} in a {{ tone }} tone{% endif %}
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let (Ok(prompt), Some(front)) = (&subject.prompt, &subject.front) else { return Vec::new() };
    let input = &prompt.front_matter.input;
    let mut findings = Vec::new();
    let mut declared = Vec::new();
    for property in input.schema.iter().flat_map(|schema| schema.properties()) {
        declared.push(property.name);
        if let (false, Some((place, ..))) =
            (subject.reads_variable(property.name), front.variable(property.name))
        {
            findings.push(unused(place, property.name));
        }
    }
    for (name, _) in &input.defaults {
        if !declared.contains(&name.as_str()) && !subject.reads_variable(name) {
            findings.push(unused(front.key(&["input", "default", name]), name));
        }
    }
    findings
}

fn unused(place: promptgate_core::prompt::yaml::Position, name: &str) -> Finding {
    Finding::new(place, format!("the template never reads the variable `{name}`"))
        .help(format!("use it as {{{{ {name} }}}}, or remove it"))
}
