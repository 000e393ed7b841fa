//! String literals: decoding and writing them.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{Error, Visitor};

use super::block::{WIDTH, is_special, specials};

/// Where the first quote, backslash or control character stands.
#[inline(always)]
fn find_special(text: &[u8]) -> Option<usize> {
    let (parts, rest) = text.as_chunks::<WIDTH>();
    for (index, part) in parts.iter().enumerate() {
        let found = specials(part);
        if found != 0 {
            return Some(index * WIDTH + found.trailing_zeros() as usize);
        }
    }
    let found = rest.iter().position(|&byte| is_special(byte))?;
    Some(parts.len() * WIDTH + found)
}

/// Appends `text` as a JSON string literal. Escapes what RFC 8259 requires and nothing else.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some((plain, special, after)) = split_special(rest) {
        out.extend_from_slice(plain);
        write_escape(out, special);
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// The plain text before the first special byte, that byte, and what follows.
fn split_special(text: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let (plain, rest) = text.split_at_checked(find_special(text)?)?;
    let (&special, after) = rest.split_first()?;
    Some((plain, special, after))
}

fn write_escape(out: &mut Vec<u8>, byte: u8) {
    let short = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0c => b'f',
        b'\r' => b'r',
        _ => {
            // Only control characters come here, so two digits hold the value.
            let digit = |nibble: u8| {
                if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }
            };
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// The characters of a valid string literal, quotes included in `literal`. Lone surrogates, which
/// JSON can write and UTF-8 cannot, become the three bytes that WTF-8 gives them.
pub(super) fn decode(literal: &[u8]) -> Cow<'_, [u8]> {
    match literal {
        [b'"', plain @ .., b'"'] if memchr::memchr(b'\\', plain).is_none() => Cow::Borrowed(plain),
        _ => {
            let mut json = serde_json::Deserializer::from_slice(literal);
            Cow::Owned(json.deserialize_bytes(Bytes).unwrap_or_default())
        }
    }
}

/// Whether a valid string literal, quotes included, writes `text`. Rarely needs to decode it.
pub(super) fn is_literal_of(literal: &[u8], text: &str) -> bool {
    // An escape is longer than what it writes.
    match literal.len().cmp(&(text.len() + 2)) {
        Ordering::Less => false,
        Ordering::Equal => literal.get(1..=text.len()) == Some(text.as_bytes()),
        Ordering::Greater => memchr::memchr(b'\\', literal).is_some() && *decode(literal) == *text.as_bytes(),
    }
}

struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        write_string(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn finds_the_first_special_byte_at_every_offset() {
        for special in (0..=u8::MAX).filter(|&byte| is_special(byte)) {
            for length in 0..40 {
                for at in 0..length {
                    // Neighbours that borrow and carry bits into each other's bytes.
                    for plain in [b'a', b' ', b'!', b'#', b']', b'[', 0x7f, 0x80, 0xff] {
                        let mut text = vec![plain; length];
                        assert_eq!(find_special(&text), None);
                        text[at] = special;
                        assert_eq!(find_special(&text), Some(at), "{special} in {plain}");
                        text[length - 1] = special;
                        assert_eq!(find_special(&text), Some(at), "{special} in {plain}");
                    }
                }
            }
        }
    }

    #[test]
    fn writes_strings_as_serde_json_does() {
        let mut all: String = (0..0x300).filter_map(char::from_u32).collect();
        all.push_str("\u{7f}\u{2028}\u{2029}\u{ffff}\u{10ffff}😀/");
        for text in ["", "plain", "\"", "\\", "\0", "a\u{1f}b", "tab\tnewline\n", all.as_str()] {
            assert_eq!(written(text), serde_json::to_string(text).unwrap());
        }
    }

    #[test]
    fn decodes_escapes() {
        assert!(matches!(decode(br#""plain""#), Cow::Borrowed(b"plain")));
        assert_eq!(&*decode(br#""""#), b"");
        assert_eq!(&*decode(br#""prompt\u005fid""#), b"prompt_id");
        assert_eq!(&*decode(br#""\"\\\/\b\f\n\r\t\u0000""#), b"\"\\/\x08\x0c\n\r\t\0");
        assert_eq!(&*decode(br#""\ud83d\ude00""#), "😀".as_bytes());
        assert_eq!(&*decode(br#""\ud83d""#), b"\xed\xa0\xbd");
        assert_eq!(&*decode(br#""\ude00\ud83dx""#), b"\xed\xb8\x80\xed\xa0\xbdx");
    }
}
