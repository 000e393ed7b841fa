//! The grammar of RFC 8259, read without recursion.

use std::ops::Range;

use super::nesting::{Container, Nesting};
use super::string::find_special;

/// The text is not JSON from this offset on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Invalid(pub(super) usize);

type Result<T> = std::result::Result<T, Invalid>;

/// A position in a text. Every method that succeeds leaves it after what it read; offsets in
/// results are absolute. Whether the text is UTF-8 is not its business.
pub(super) struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

/// A member of an object: its key with the quotes, and its value.
pub(super) struct Entry {
    pub(super) key: Range<usize>,
    pub(super) value: Range<usize>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Cursor { text, at: 0 }
    }

    pub(super) fn offset(&self) -> usize {
        self.at
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'a [u8] {
        self.text.get(range).unwrap_or_default()
    }

    /// The next byte that is not white space.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                next => return next.copied(),
            }
        }
    }

    /// Reads `byte` if it comes next after white space.
    #[inline]
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<()> {
        if self.eat(byte) { Ok(()) } else { self.fail() }
    }

    fn fail<T>(&self) -> Result<T> {
        Err(Invalid(self.at))
    }

    /// Reads white space up to the end of the text.
    pub(super) fn end(&mut self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => self.fail(),
        }
    }

    /// Reads `"key": value`.
    pub(super) fn entry(&mut self) -> Result<Entry> {
        let Some(b'"') = self.peek() else {
            return self.fail();
        };
        let start = self.at;
        self.string()?;
        let key = start..self.at;
        self.expect(b':')?;
        Ok(Entry {
            key,
            value: self.value()?,
        })
    }

    /// Reads a value, however deep it nests.
    pub(super) fn value(&mut self) -> Result<Range<usize>> {
        let mut nesting = Nesting::default();
        let first = self.peek();
        let start = self.at;
        let mut next = first;
        loop {
            // A value begins.
            match next {
                Some(b'"') => self.string()?,
                Some(b'{') => {
                    self.at += 1;
                    if !self.eat(b'}') {
                        nesting.push(Container::Object);
                        self.key()?;
                        next = self.peek();
                        continue;
                    }
                }
                Some(b'[') => {
                    self.at += 1;
                    if !self.eat(b']') {
                        nesting.push(Container::Array);
                        next = self.peek();
                        continue;
                    }
                }
                Some(b'-' | b'0'..=b'9') => self.number()?,
                Some(b't') => self.literal(b"true")?,
                Some(b'f') => self.literal(b"false")?,
                Some(b'n') => self.literal(b"null")?,
                _ => return self.fail(),
            }
            // A value has ended, and perhaps those around it.
            loop {
                let Some(container) = nesting.innermost() else {
                    return Ok(start..self.at);
                };
                match (self.peek(), container) {
                    (Some(b','), Container::Array) => {
                        self.at += 1;
                        break;
                    }
                    (Some(b','), Container::Object) => {
                        self.at += 1;
                        self.key()?;
                        break;
                    }
                    (Some(b']'), Container::Array) | (Some(b'}'), Container::Object) => {
                        self.at += 1;
                        nesting.pop();
                    }
                    _ => return self.fail(),
                }
            }
            next = self.peek();
        }
    }

    /// Reads a key and its colon.
    #[inline]
    fn key(&mut self) -> Result<()> {
        let Some(b'"') = self.peek() else {
            return self.fail();
        };
        self.string()?;
        self.expect(b':')
    }

    /// Reads a string, from its opening quote on.
    #[inline]
    fn string(&mut self) -> Result<()> {
        self.at += 1;
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(found) = find_special(rest) else {
                self.at = self.text.len();
                return self.fail();
            };
            self.at += found;
            match self.text.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                _ => return self.fail(),
            }
        }
    }

    fn escape(&mut self) -> Result<()> {
        match self.text.get(self.at..).unwrap_or_default() {
            [
                _,
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't',
                ..,
            ] => self.at += 2,
            [_, b'u', digits @ ..] => match digits.first_chunk::<4>() {
                Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => self.at += 6,
                _ => return self.fail(),
            },
            _ => return self.fail(),
        }
        Ok(())
    }

    fn number(&mut self) -> Result<()> {
        self.skip(b"-");
        // A leading zero stands alone.
        if !self.skip(b"0") {
            self.digits()?;
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            self.digits()?;
        }
        Ok(())
    }

    /// Reads one byte if it is among `bytes`.
    #[inline]
    fn skip(&mut self, bytes: &[u8]) -> bool {
        let found = self
            .text
            .get(self.at)
            .is_some_and(|byte| bytes.contains(byte));
        self.at += usize::from(found);
        found
    }

    /// Reads at least one digit.
    fn digits(&mut self) -> Result<()> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        match rest.iter().take_while(|byte| byte.is_ascii_digit()).count() {
            0 => self.fail(),
            count => {
                self.at += count;
                Ok(())
            }
        }
    }

    fn literal(&mut self, word: &[u8]) -> Result<()> {
        if self
            .text
            .get(self.at..)
            .unwrap_or_default()
            .starts_with(word)
        {
            self.at += word.len();
            Ok(())
        } else {
            self.fail()
        }
    }
}
