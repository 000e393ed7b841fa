//! The parser of `.prompt` files: whatever the file, a prompt or an error that says where.

#![no_main]

use libfuzzer_sys::fuzz_target;
use promptgate_core::prompt::Prompt;

fuzz_target!(|text: &str| {
    if let Err(error) = Prompt::parse("folder/name", text) {
        let lines = text.split(['\n', '\r']).count() as u32;
        assert!((1..=lines).contains(&error.line()), "line {} of {lines}", error.line());
        let longest = text.split(['\n', '\r']).map(|line| line.chars().count()).max().unwrap_or(0);
        assert!((1..=longest as u32 + 1).contains(&error.column()), "column {}", error.column());
        // What goes into replies and logs is one line of our own words.
        assert!(error.public_message().chars().all(|c| !c.is_control()));
        assert!(!error.to_string().is_empty());
    }
});
