//! JSON read once, from its beginning to its end, by somebody who knows what should stand there.

use std::borrow::Cow;
use std::ops::Range;

use super::grammar::{self, Next, white_space};
use super::literals::Literals;
use super::string::decode;

/// A place in a JSON text. Whoever moves it learns only whether the text is as expected: what is wrong
/// with it is for a reader to say that explains. Nothing that was passed counts before
/// [`is_at_end`](Self::is_at_end) says so.
pub(crate) struct Cursor<'a> {
    literals: Literals<'a>,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Before the only value of a text.
    pub(crate) fn new(text: &'a str) -> Self {
        Cursor { literals: Literals::new(text.as_bytes()), at: white_space(text.as_bytes(), 0).0 }
    }

    /// The first byte of the value that comes.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.literals.text().get(self.at).copied()
    }

    /// Passes a value, and says where it stands.
    pub(crate) fn value(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        self.at = grammar::value_here(&mut self.literals, start)?;
        Some(start..self.at)
    }

    /// Passes an object; `member` passes the value of each key.
    pub(crate) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Cow<'a, str>) -> Option<()>,
    ) -> Option<()> {
        let text = self.literals.text();
        if self.peek()? != b'{' {
            return None;
        }
        let (inside, first) = white_space(text, self.at + 1);
        if first == Some(b'}') {
            self.at = inside + 1;
            return Some(());
        }
        self.at = inside;
        loop {
            let (key, value) = grammar::key(&mut self.literals, self.at)?;
            let key = match decode(text.get(key)?) {
                Cow::Borrowed(key) => Cow::Borrowed(str::from_utf8(key).ok()?),
                Cow::Owned(key) => Cow::Owned(String::from_utf8(key).ok()?),
            };
            self.at = value;
            member(self, key)?;
            match grammar::next(text, self.at, b'}')? {
                Next::Comma(comma) => self.at = comma + 1,
                Next::Close(brace) => {
                    self.at = brace + 1;
                    return Some(());
                }
            }
        }
    }

    /// Whether nothing but white space is left, and all that was passed is JSON.
    pub(crate) fn is_at_end(&self) -> bool {
        grammar::is_end(self.literals.text(), self.at) && self.literals.are_valid()
    }
}
