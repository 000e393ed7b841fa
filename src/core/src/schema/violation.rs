use std::fmt;

/// What a schema refuses about variables: where, and which types; never a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The path to what is missing or wrong: `user.name`, `items.0`; empty for the variables as a
    /// whole.
    pub path: String,
    /// What would be accepted: `string`, `integer or null`, `a string of at most 20 characters`.
    pub expected: String,
    /// The type of what came, by JSON Schema's name; `nothing` if it is missing.
    pub actual: &'static str,
    /// Whether there is no value at all.
    pub missing: bool,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation { path, expected, actual, missing } = self;
        if path.is_empty() {
            write!(f, "the variables are of the wrong kind: expected {expected}, got {actual}")
        } else if *missing {
            write!(f, "`{path}` is missing: expected {expected}")
        } else {
            write!(f, "`{path}` is of the wrong kind: expected {expected}, got {actual}")
        }
    }
}
