//! YAML to JSON: YAML 1.2's core schema, read for what JSON can say.
//!
//! `yes` and `012` are text, `~` is null, other keys than strings become the text that YAML prints
//! for them, `<<` merges. What JSON can't say is refused: tags of one's own, `.inf` and `.nan`,
//! integers beyond 64 bits, lists as keys. So are duplicate keys and a second document, because one
//! of two readings would be lost. Every error knows its line and column.

mod error;
mod guard;
mod key;
mod locate;
mod merge;
mod state;
mod tree;

use std::fmt;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Visitor};
use serde_json::Value as Json;
use serde_yaml::Deserializer;

pub use error::{Error, ErrorKind, Position};
pub use guard::{MAX_OPEN, check as guard};
pub use locate::{locate_key, locate_value};

use state::State;
use tree::Tree;

/// Reads YAML text whose first line is line `first_line` of its file. Empty text is null.
///
/// Aliases may make the result at most a few times as large as the text. The parser's own work can
/// grow with the square of the text; see [`guard`] for texts that somebody else wrote.
pub fn parse(text: &str, first_line: u32) -> Result<Json, Error> {
    guard::check_characters(text, first_line)?;
    let state = State::new(text.len());
    let mut documents = Deserializer::from_str(text);
    let Some(document) = documents.next() else {
        return Ok(Json::Null);
    };
    let value =
        Tree::new(&state).deserialize(document).map_err(|error| state.error(&error, text, first_line))?;
    match documents.next() {
        None => Ok(value),
        Some(_) => Err(several_documents(text, first_line)),
    }
}

fn several_documents(text: &str, first_line: u32) -> Error {
    let second = Deserializer::from_str(text).nth(1);
    // Only an error knows its place, and no document is the one thing that this asks for.
    let place = second.and_then(|document| document.deserialize_any(Nothing).err());
    let index = place.and_then(|error| error.location()).map_or(text.len(), |place| place.index());
    let kind = ErrorKind::SeveralDocuments;
    Error::new(kind, Position::of(text, index, first_line), kind.describe())
}

/// Accepts nothing, so that whatever it meets becomes an error with a place.
struct Nothing;

impl Visitor<'_> for Nothing {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing")
    }
}

#[cfg(test)]
mod tests;
