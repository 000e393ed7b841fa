//! Locating and splicing, with serde_json as the oracle.
//!
//! Input: a byte of changes, a byte of inserts, a JSON text.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../../src/core/tests/splice/oracle.rs"]
mod oracle;

use oracle::Change;

fuzz_target!(|data: &[u8]| {
    let [changes, inserts, text @ ..] = data else { return };
    oracle::check_scan(text);
    let Ok(members) = oracle::members(text) else { return };
    // Beyond this the scan does not remember every member.
    if members.len() > promptgate_core::json::MAX_MEMBERS {
        return;
    }
    let change = |index: usize| match (usize::from(*changes) >> (index % 7)) & 3 {
        0 | 3 => Change::Keep,
        1 => Change::Remove,
        _ => Change::Replace,
    };
    let keys: Vec<String> = (0..inserts % 4).map(|index| format!("new \"{index}\"\n")).collect();
    oracle::check_edit(text, change, &keys);
});
