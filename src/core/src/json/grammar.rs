//! The grammar of RFC 8259, read without recursion.
//!
//! Functions of a text and an offset that return the offset behind what they read: positions stay in
//! registers, which makes this a fifth faster than a reader that keeps its position in a field.
//! Whether the text is UTF-8 is not their business.

use std::ops::Range;

use super::nesting::{Container, Nesting};
use super::special::{self, BLOCK, Found};
use super::string::find_special;

/// The text is not JSON from this offset on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Invalid(pub(super) usize);

pub(super) type Offset = Result<usize, Invalid>;

/// Skips white space: the offset behind it, and what stands there.
#[inline(always)]
pub(super) fn white_space(text: &[u8], mut at: usize) -> (usize, Option<u8>) {
    loop {
        match text.get(at) {
            Some(b' ' | b'\t' | b'\n' | b'\r') => at += 1,
            next => return (at, next.copied()),
        }
    }
}

/// Reads white space up to the end of the text.
pub(super) fn end(text: &[u8], at: usize) -> Result<(), Invalid> {
    match white_space(text, at) {
        (_, None) => Ok(()),
        (other, _) => Err(Invalid(other)),
    }
}

/// What follows an element of an array or a member of an object.
pub(super) enum Next {
    /// A comma, at this offset.
    Comma(usize),
    /// The closing bracket, at this offset.
    Close(usize),
}

/// Reads white space and a comma, or the bracket `close`.
#[inline(always)]
pub(super) fn next(text: &[u8], at: usize, close: u8) -> Result<Next, Invalid> {
    match white_space(text, at) {
        (at, Some(b',')) => Ok(Next::Comma(at)),
        (at, Some(byte)) if byte == close => Ok(Next::Close(at)),
        (at, _) => Err(Invalid(at)),
    }
}

/// Reads white space, a key, its colon and white space: the key with its quotes, and where the value
/// begins.
#[inline(always)]
pub(super) fn key(text: &[u8], at: usize) -> Result<(Range<usize>, usize), Invalid> {
    let (start, first) = white_space(text, at);
    if first != Some(b'"') {
        return Err(Invalid(start));
    }
    let end = string(text, start)?;
    match white_space(text, end) {
        (colon, Some(b':')) => Ok((start..end, white_space(text, colon + 1).0)),
        (other, _) => Err(Invalid(other)),
    }
}

/// Reads white space and a value, however deep it nests.
pub(super) fn value(text: &[u8], mut at: usize) -> Offset {
    let mut nesting = Nesting::default();
    loop {
        // A value begins.
        let (start, first) = white_space(text, at);
        at = match first {
            Some(b'"') => string(text, start)?,
            Some(b'{') => match white_space(text, start + 1) {
                (end, Some(b'}')) => end + 1,
                (inside, _) => {
                    nesting.push(Container::Object);
                    (_, at) = key(text, inside)?;
                    continue;
                }
            },
            Some(b'[') => match white_space(text, start + 1) {
                (end, Some(b']')) => end + 1,
                (inside, _) => {
                    nesting.push(Container::Array);
                    at = inside;
                    continue;
                }
            },
            Some(b'-' | b'0'..=b'9') => number(text, start)?,
            Some(b't') => word(text, start, b"true")?,
            Some(b'f') => word(text, start, b"false")?,
            Some(b'n') => word(text, start, b"null")?,
            _ => return Err(Invalid(start)),
        };
        // A value has ended, and perhaps those around it.
        loop {
            let Some(container) = nesting.innermost() else { return Ok(at) };
            let (next, byte) = white_space(text, at);
            at = next + 1;
            match (byte, container) {
                (Some(b','), Container::Array) => break,
                (Some(b','), Container::Object) => {
                    (_, at) = key(text, at)?;
                    break;
                }
                (Some(b']'), Container::Array) | (Some(b'}'), Container::Object) => nesting.pop(),
                _ => return Err(Invalid(next)),
            }
        }
    }
}

/// Reads a value that stands right here. Most members are strings, which need no stack of brackets.
#[inline(always)]
pub(super) fn value_here(text: &[u8], at: usize) -> Offset {
    if text.get(at) == Some(&b'"') { string(text, at) } else { value(text, at) }
}

/// Reads a string, from its opening quote on.
#[inline(always)]
fn string(text: &[u8], quote: usize) -> Offset {
    let start = quote + 1;
    // Most keys and roles are short.
    if let Some(few) = text.get(start..).and_then(<[u8]>::first_chunk) {
        let specials = special::few(few);
        let at = start + specials.trailing_zeros() as usize;
        if specials != 0 && text.get(at) == Some(&b'"') {
            return Ok(at + 1);
        }
    }
    long_string(text, start)
}

/// Reads on behind the opening quote of a string that may be long, and full of escapes.
fn long_string(text: &[u8], start: usize) -> Offset {
    let mut at = start;
    let mut carry = false;
    // One plain block often follows another, and one with escapes another of its kind.
    let mut plain = true;
    while let Some(block) = text.get(at..).and_then(<[u8]>::first_chunk) {
        if plain && !carry && special::is_plain(block) {
            at += BLOCK;
            continue;
        }
        let found = Found::of(block);
        plain = found.is_plain();
        let escaped = special::escaped(found.backslashes, &mut carry);
        let ends = found.ends & !escaped;
        if !are_escapes(text, at, block, escaped & special::below(ends)) {
            return string_by_parts(text, start);
        }
        if ends != 0 {
            let end = at + ends.trailing_zeros() as usize;
            return if text.get(end) == Some(&b'"') { Ok(end + 1) } else { Err(Invalid(end)) };
        }
        at += BLOCK;
    }
    // Only what is left, from the backslash on where one has been read.
    string_by_parts(text, at - usize::from(carry))
}

/// Whether the `escaped` bytes of a block, which stands at an offset of a text, may follow a backslash.
#[inline(always)]
fn are_escapes(text: &[u8], at: usize, block: &[u8; BLOCK], escaped: u64) -> bool {
    if escaped == 0 {
        return true;
    }
    let (wrong, mut unicode) = special::escapes(block, escaped);
    while unicode != 0 {
        let digits = at + unicode.trailing_zeros() as usize + 1;
        if !is_hexadecimal(text.get(digits..).unwrap_or_default()) {
            return false;
        }
        unicode &= unicode - 1;
    }
    wrong == 0
}

/// Whether a text begins with four hexadecimal digits.
fn is_hexadecimal(text: &[u8]) -> bool {
    text.first_chunk::<4>().is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

/// Reads on inside of a string, one special byte after the other. Says where it is wrong.
fn string_by_parts(text: &[u8], mut at: usize) -> Offset {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let Some(found) = find_special(rest) else { return Err(Invalid(text.len())) };
        at += found;
        match text.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at = escape(text, at)?,
            _ => return Err(Invalid(at)),
        }
    }
}

fn escape(text: &[u8], at: usize) -> Offset {
    match text.get(at..).unwrap_or_default() {
        [_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => Ok(at + 2),
        [_, b'u', digits @ ..] if is_hexadecimal(digits) => Ok(at + 6),
        _ => Err(Invalid(at)),
    }
}

fn number(text: &[u8], mut at: usize) -> Offset {
    let is = |at: usize, bytes: &[u8]| text.get(at).is_some_and(|byte| bytes.contains(byte));
    at += usize::from(is(at, b"-"));
    // A leading zero stands alone.
    at = if is(at, b"0") { at + 1 } else { digits(text, at)? };
    if is(at, b".") {
        at = digits(text, at + 1)?;
    }
    if is(at, b"eE") {
        at += 1;
        at += usize::from(is(at, b"+-"));
        at = digits(text, at)?;
    }
    Ok(at)
}

/// Reads at least one digit.
fn digits(text: &[u8], at: usize) -> Offset {
    let rest = text.get(at..).unwrap_or_default();
    match rest.iter().take_while(|byte| byte.is_ascii_digit()).count() {
        0 => Err(Invalid(at)),
        count => Ok(at + count),
    }
}

fn word(text: &[u8], at: usize, word: &[u8]) -> Offset {
    let rest = text.get(at..).unwrap_or_default();
    if rest.starts_with(word) { Ok(at + word.len()) } else { Err(Invalid(at)) }
}
