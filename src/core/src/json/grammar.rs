//! The grammar of RFC 8259, read without recursion.
//!
//! Functions of an offset that return the offset behind what they read, so that positions stay in registers.
//! What may stand in literals is [`Literals`]' business, and so is whether the text is UTF-8.

use std::ops::Range;

use super::literals::Literals;
use super::nesting::{Container, Nesting};

/// An offset in the text; none if it is not JSON.
pub(super) type Offset = Option<usize>;

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

/// Whether nothing but white space is left.
pub(super) fn is_end(text: &[u8], at: usize) -> bool {
    white_space(text, at).1.is_none()
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
pub(super) fn next(text: &[u8], at: usize, close: u8) -> Option<Next> {
    match white_space(text, at) {
        (at, Some(b',')) => Some(Next::Comma(at)),
        (at, Some(byte)) if byte == close => Some(Next::Close(at)),
        _ => None,
    }
}

/// Reads white space, a key, its colon and white space: the key with its quotes, and where the value
/// begins.
#[inline(always)]
pub(super) fn key(literals: &mut Literals<'_>, at: usize) -> Option<(Range<usize>, usize)> {
    let text = literals.text();
    let (start, first) = white_space(text, at);
    if first != Some(b'"') {
        return None;
    }
    let end = string(literals, start)?;
    match white_space(text, end) {
        (colon, Some(b':')) => Some((start..end, white_space(text, colon + 1).0)),
        _ => None,
    }
}

/// Reads white space and a value, however deep it nests.
pub(super) fn value(literals: &mut Literals<'_>, mut at: usize) -> Offset {
    let text = literals.text();
    let mut nesting = Nesting::default();
    loop {
        // A value begins.
        let (start, first) = white_space(text, at);
        at = match first {
            Some(b'"') => string(literals, start)?,
            Some(b'{') => match white_space(text, start + 1) {
                (end, Some(b'}')) => end + 1,
                (inside, _) => {
                    nesting.push(Container::Object);
                    (_, at) = key(literals, inside)?;
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
            _ => return None,
        };
        // A value has ended, and perhaps those around it.
        loop {
            let Some(container) = nesting.innermost() else { return Some(at) };
            let (next, byte) = white_space(text, at);
            at = next + 1;
            match (byte, container) {
                (Some(b','), Container::Array) => break,
                (Some(b','), Container::Object) => {
                    (_, at) = key(literals, at)?;
                    break;
                }
                (Some(b']'), Container::Array) | (Some(b'}'), Container::Object) => nesting.pop(),
                _ => return None,
            }
        }
    }
}

/// Reads a value that stands right here. Most members are strings, which need no stack of brackets.
#[inline(always)]
pub(super) fn value_here(literals: &mut Literals<'_>, at: usize) -> Offset {
    if literals.text().get(at) == Some(&b'"') { string(literals, at) } else { value(literals, at) }
}

/// Reads a string, from its opening quote on.
#[inline(always)]
fn string(literals: &mut Literals<'_>, quote: usize) -> Offset {
    Some(literals.closing_quote(quote + 1)? + 1)
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
    Some(at)
}

/// Reads at least one digit.
fn digits(text: &[u8], at: usize) -> Offset {
    let rest = text.get(at..).unwrap_or_default();
    match rest.iter().take_while(|byte| byte.is_ascii_digit()).count() {
        0 => None,
        count => Some(at + count),
    }
}

fn word(text: &[u8], at: usize, word: &[u8]) -> Offset {
    let rest = text.get(at..).unwrap_or_default();
    rest.starts_with(word).then_some(at + word.len())
}
