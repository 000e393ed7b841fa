//! ## What it does
//! Finds calls of functions that do not exist.
//!
//! ## Why is this bad?
//! A name that nobody defines is a variable. Without it the request is answered with 400, and with it with 422, because a
//! variable can't be called. There are `range`, `dict`, `namespace`, `cycler`, `joiner`, and the
//! macros of the template itself.
//!
//! ## Example
//! ```text
//! User: {{ now() }}
//! ```
//!
//! Write instead:
//! ```text
//! User: {{ now }}
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;
use crate::words::did_you_mean;

const FUNCTIONS: [&str; 5] = ["range", "dict", "namespace", "cycler", "joiner"];

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let defined = subject.template.defined.iter().map(|name| name.name.as_str());
    let known: Vec<&str> = FUNCTIONS.into_iter().chain(defined).collect();
    // What is defined in some other place, such as a branch, may be there.
    let unknown = subject.reads().filter(|read| read.called && !known.contains(&read.name.as_str()));
    unknown
        .map(|read| {
            let or = "send what it should return as a variable";
            Finding::new(read.place, format!("there is no function `{}`", read.name)).help(did_you_mean(
                &read.name,
                known.iter().copied(),
                or,
            ))
        })
        .collect()
}
