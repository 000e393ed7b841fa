//! JSON strings, which WebAssembly reads sixteen bytes at once and other machines do not: both find what serde_json
//! finds, wherever in a block something stands.

use promptgate_core::json::Object;
use serde_json::value::RawValue;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const PIECES: &[&[u8]] = &[
    b"\"",
    b"\\\"",
    b"\\\\",
    b"\\\\\"",
    b"\\\\\\\"",
    b"\\n",
    b"\\/",
    b"\\u00e9",
    b"\\ud83d",
    b"\\u12",
    b"\\u12g4",
    b"\\x",
    b"\\",
    b"\\\x01",
    b"\n",
    b"\x1f",
    b"\x7f",
    b"/",
    b"u",
    b"\0",
    "é".as_bytes(),
    "€".as_bytes(),
    "한".as_bytes(),
    "🙂".as_bytes(),
    b"\xc3",
    b"\xa9",
    b"\xc0\x80",
    b"\xe0\x9f\xbf",
    b"\xed\xa0\x80",
    b"\xf0\x8f\xbf\xbf",
    b"\xf4\x90\x80\x80",
    b"\xff",
];

/// The scan looks so many bytes ahead.
const AHEAD: usize = 8 << 10;

/// Whether both readers see the same in `{"k":"…"}`.
fn check(content: &[&[u8]]) {
    let literal = [&b"\""[..], &content.concat(), b"\""].concat();
    let text = [&b"{\"k\":"[..], &literal, b"}"].concat();
    let expected = serde_json::from_slice::<&RawValue>(&text).is_ok();
    let found = Object::scan(&text, &[]);
    assert_eq!(found.is_ok(), expected, "{}", String::from_utf8_lossy(&text));
    if let Ok(object) = found {
        let values: Vec<&[u8]> = object.members().iter().map(|member| member.raw()).collect();
        assert_eq!(values, [literal]);
    }
}

#[test]
fn one_piece_at_every_offset() {
    for piece in PIECES {
        for before in (0..140).chain(AHEAD - 16..AHEAD) {
            for after in [0, 1, 5, 70] {
                check(&[&b"a".repeat(before), piece, &b"b".repeat(after)]);
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
                    let (before, between) = (b"a".repeat(before), b"b".repeat(between));
                    check(&[&before, first, &between, second, &b"c".repeat(66)]);
                }
            }
        }
    }
}
