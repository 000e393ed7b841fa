//! JSON strings, which WebAssembly reads sixteen bytes at once and other machines do not: both find what serde_json
//! finds, wherever in a block something stands.

use promptgate_core::json::Object;
use serde_json::value::RawValue;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const PIECES: &[&str] = &[
    "\"", "\\\"", "\\\\", "\\\\\"", "\\\\\\\"", "\\n", "\\/", "\\u00e9", "\\ud83d", "\\u12", "\\u12g4",
    "\\x", "\\", "\\\u{1}", "\n", "\u{1f}", "\u{7f}", "é", "🙂", "/", "u", "\u{0}",
];

/// Whether both readers see the same in `{"k":"…"}`.
fn check(content: &str) {
    let text = format!("{{\"k\":\"{content}\"}}");
    let expected = serde_json::from_str::<&RawValue>(&text).is_ok();
    let found = Object::scan(text.as_bytes(), &[]);
    assert_eq!(found.is_ok(), expected, "{text:?}");
    if let Ok(object) = found {
        let values: Vec<&str> = object.members().iter().map(|member| member.raw()).collect();
        assert_eq!(values, [format!("\"{content}\"")], "{text:?}");
    }
}

#[test]
fn one_piece_at_every_offset() {
    for piece in PIECES {
        for before in 0..140 {
            for after in [0, 1, 5, 70] {
                check(&format!("{}{piece}{}", "a".repeat(before), "b".repeat(after)));
            }
        }
    }
}

#[test]
fn two_pieces_at_every_distance() {
    for first in PIECES {
        for second in PIECES {
            for before in [0, 57, 61, 62, 63, 64] {
                for between in 0..4 {
                    let (before, between) = ("a".repeat(before), "b".repeat(between));
                    check(&format!("{before}{first}{between}{second}{}", "c".repeat(66)));
                }
            }
        }
    }
}
