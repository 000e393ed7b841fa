//! A prompt's text until it is compiled.

use std::ops::Range;
use std::rc::Rc;

use memchr::memmem;

use super::digest::Hasher;

/// A prompt's text. One of a large bundle stays where it came from, because most are never asked for:
/// 10,000 texts are then held once, and loading them copies none.
#[derive(Clone)]
pub struct Text(Kind);

#[derive(Clone)]
enum Kind {
    Plain(String),
    /// A string literal in a JSON text, quotes included.
    Json(Rc<String>, Range<usize>),
}

impl Text {
    /// The string literal that stands in `source` at `at`, where a [`Cursor`](crate::json::Cursor) has passed it. None
    /// if it writes half of a surrogate pair, which is no text.
    pub(crate) fn in_json(source: &Rc<String>, at: Range<usize>) -> Option<Text> {
        let literal = source.get(at.clone())?;
        // The cursor sees to all but that.
        if may_hold_surrogates(literal.as_bytes()) {
            return serde_json::from_str(literal).ok().map(|text| Text(Kind::Plain(text)));
        }
        Some(Text(Kind::Json(source.clone(), at)))
    }

    /// The text itself.
    pub(crate) fn read(self) -> String {
        match self.0 {
            Kind::Plain(text) => text,
            Kind::Json(source, at) => decode(&source, at),
        }
    }

    /// About how many bytes it has.
    pub(super) fn len(&self) -> usize {
        match &self.0 {
            Kind::Plain(text) => text.len(),
            Kind::Json(_, at) => at.len(),
        }
    }

    /// Adds it to a digest, as JSON.
    pub(crate) fn hash(&self, hasher: &mut Hasher) {
        match &self.0 {
            Kind::Plain(text) => hasher.string(text),
            Kind::Json(source, at) => hasher.string(&decode(source, at.clone())),
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Text(Kind::Plain(String::new()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text(Kind::Plain(text))
    }
}

/// Whether an escape such as `\ud83d` may stand in a literal.
fn may_hold_surrogates(literal: &[u8]) -> bool {
    let mut escapes = memmem::find_iter(literal, b"\\u");
    escapes.any(|at| matches!(literal.get(at + 2), Some(b'd' | b'D')))
}

fn decode(source: &str, at: Range<usize>) -> String {
    source.get(at).and_then(|literal| serde_json::from_str(literal).ok()).unwrap_or_default()
}
