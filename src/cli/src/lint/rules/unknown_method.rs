//! ## What it does
//! Finds calls of methods that no value has, and of those that would change a list or a mapping.
//!
//! ## Why is this bad?
//! Rendering fails: 422. Strings, lists, mappings and numbers have the methods that they have in Python; lists and mappings
//! can't be changed in a template.
//!
//! ## Example
//! ```text
//! User: {{ name.uppercase() }}
//! ```
//!
//! Write instead:
//! ```text
//! User: {{ name.upper() }}
//! ```

use crate::lint::rule::Finding;
use crate::lint::subject::Subject;
use crate::words::did_you_mean;

/// The methods of strings, lists, mappings, numbers, `loop` and `cycler`.
const METHODS: &[&str] = &[
    "as_integer_ratio",
    "bit_count",
    "bit_length",
    "capitalize",
    "casefold",
    "center",
    "changed",
    "conjugate",
    "copy",
    "count",
    "cycle",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "fromkeys",
    "get",
    "hex",
    "index",
    "is_integer",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "items",
    "join",
    "keys",
    "ljust",
    "lower",
    "lstrip",
    "maketrans",
    "next",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "reset",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "values",
    "zfill",
];

/// Methods that would change what they are called on.
const CHANGING: &[&str] = &[
    "append",
    "clear",
    "extend",
    "insert",
    "pop",
    "popitem",
    "remove",
    "reverse",
    "setdefault",
    "sort",
    "update",
];

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    // A macro can be put into a mapping and called from there.
    if subject.may_define_macros {
        return Vec::new();
    }
    let called = subject.template.methods.iter().chain(subject.model.iter().flat_map(|model| &model.methods));
    called
        .filter(|method| !METHODS.contains(&method.name.as_str()))
        .map(|method| {
            let name = method.name.as_str();
            if CHANGING.contains(&name) {
                let message = format!("`{name}` would change a list or a mapping, which templates can't");
                return Finding::new(method.place, message)
                    .help("make a new one: [1, 2] + [3], dict(old, key=1)");
            }
            let help = did_you_mean(
                name,
                METHODS.iter().copied(),
                "methods are those of Python's str, list, dict, int and float",
            );
            Finding::new(method.place, format!("no value has a method `{name}`")).help(help)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use promptgate_core::template::{Options, Template};
    use promptgate_core::value::Value;

    use super::*;

    /// Whether any type has it, called without arguments: whatever else is wrong then.
    fn exists(name: &str) -> bool {
        let receivers = ["s", "l", "d", "i", "f", "c", "loop"];
        receivers.into_iter().any(|receiver| {
            let source = format!(
                "{{% set c = cycler(1) %}}{{% for x in l %}}{{{{ {receiver}.{name}() }}}}{{% endfor %}}"
            );
            let variables =
                Value::from_json(r#"{"s": "a", "l": [1], "d": {"k": 1}, "i": 1, "f": 1.5}"#).unwrap();
            let rendered = Template::compile(&source, 1)
                .unwrap()
                .render(variables.as_dict().unwrap(), &Options::default());
            rendered.err().is_none_or(|error| !error.to_string().starts_with("unknown method"))
        })
    }

    #[test]
    fn the_list_is_the_engines() {
        for name in METHODS.iter().chain(CHANGING) {
            assert!(exists(name), "{name}");
        }
        for name in ["uppercase", "push", "encode", "__class__"] {
            assert!(!exists(name), "{name}");
        }
    }
}
