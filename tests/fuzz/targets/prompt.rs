//! The parser of `.prompt` files: whatever the file, a prompt or an error that says where.

#![no_main]

use libfuzzer_sys::fuzz_target;
use promptgate_core::prompt::{ErrorKind, Prompt};

fuzz_target!(|text: &str| {
    if let Err(error) = Prompt::parse("folder/name", text) {
        assert!(error.line() >= 1 && error.column() >= 1);
        // Within a quoted or folded YAML value, which only a model's template can be, a place is an
        // estimate: escapes and line folding shift what follows them.
        if error.kind() != ErrorKind::Template || !text.contains("model") {
            let lines = text.split(['\n', '\r']).count();
            let longest = text.split(['\n', '\r']).map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(error.line() as usize <= lines, "line {} of {lines}", error.line());
            assert!(error.column() as usize <= longest + 1, "column {} of {longest}", error.column());
        }
        // What goes into replies and logs is one line of our own words.
        assert!(error.public_message().chars().all(|c| !c.is_control()));
        assert!(!error.to_string().is_empty());
    }
});
