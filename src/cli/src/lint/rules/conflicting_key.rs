//! ## What it does
//! Finds front-matter keys under which one of the APIs has what the prompt's messages say: `instructions`, `system`.
//!
//! ## Why is this bad?
//! They are sent as parameters, and on the paths of that API they would stand where the prompt's own system messages go:
//! requests to `/responses` are answered with 422 where `instructions` is set, requests to `/messages` where `system` is.
//!
//! ## Example
//! ```text
//! ---
//! instructions: Be brief.
//! ---
//! User: {{ question }}
//! ```
//!
//! Write instead:
//! ```text
//! System: Be brief.
//!
//! User: {{ question }}
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

/// Keys, and the end of the paths on which they are refused.
const KEYS: [(&str, &str); 2] = [("instructions", "/responses"), ("system", "/messages")];

/// Whether it is one of the keys that this rule is about.
pub(super) fn is_meant(name: &str) -> bool {
    KEYS.iter().any(|(key, _)| *key == name)
}

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let (Ok(prompt), Some(front)) = (&subject.prompt, &subject.front) else { return Vec::new() };
    let is_set = |key: &str| prompt.front_matter.parameters.iter().any(|(name, _)| name == key);
    KEYS.iter()
        .filter(|(key, _)| is_set(key))
        .map(|(key, path)| {
            let message = format!(
                "`{key}` is where the prompt's system messages go on {path}: requests there answer 422"
            );
            Finding::new(front.parameter(key), message).help("write a message `System:` instead")
        })
        .collect()
}
