//! ## What it does
//! Finds file names that look like a version and are none: `hello.v02`, `hello.V2`, `hello.v0`, `hello-v2`.
//!
//! ## Why is this bad?
//! A version is written `.v` and a number without leading zeros. Anything else is part of the prompt's id: the file becomes a
//! prompt of its own.
//!
//! ## Example
//! ```text
//! hello.v02.prompt
//! ```
//!
//! Write instead:
//! ```text
//! hello.v2.prompt
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let name = subject.file.name.as_str();
    let last = name.rsplit('/').next().unwrap_or(name);
    let Some((id, digits)) = version_like(last) else { return Vec::new() };
    let help = match digits.trim_start_matches('0') {
        "" => format!("versions begin with 1: {id}.v1.prompt"),
        number => format!("call it {id}.v{number}.prompt, if it is version {number} of `{id}`"),
    };
    let message = format!("this file is a prompt called `{name}`, not a version of another one");
    vec![Finding::about_file(message).help(help)]
}

/// The id and the digits, if a name ends like a version that is not written as one.
fn version_like(name: &str) -> Option<(&str, &str)> {
    let stem = name.trim_end_matches(|character: char| character.is_ascii_digit());
    let digits = name.strip_prefix(stem).filter(|digits| !digits.is_empty())?;
    let (id, sign) = [".v", ".V", "-v", "_v", "-V", "_V"]
        .into_iter()
        .find_map(|sign| Some((stem.strip_suffix(sign)?, sign)))?;
    let is_version = sign == ".v" && !digits.starts_with('0');
    (!id.is_empty() && !is_version).then_some((id, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, expected) in [
            ("hello.v02", Some(("hello", "02"))),
            ("hello.v0", Some(("hello", "0"))),
            ("hello.V2", Some(("hello", "2"))),
            ("hello_v2", Some(("hello", "2"))),
            ("hello.v2", None),
            ("hello2", None),
            ("hello", None),
            ("dev2", None),
            (".v02", None),
        ] {
            assert_eq!(version_like(name), expected, "{name}");
        }
    }
}
