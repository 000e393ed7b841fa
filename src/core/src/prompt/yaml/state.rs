//! What all that reads one YAML document shares: its budget, and what went wrong.

use std::cell::{Cell, RefCell};

use serde::de;

use super::merge::MERGEABLE;
use super::{Error, ErrorKind, Position};

/// What every node costs beside its text.
const NODE_COST: usize = 16;
/// What text without aliases can cost: a byte of it makes at most one node.
const COST_PER_BYTE: usize = NODE_COST + 1;
/// What aliases may add.
const ALIAS_COST: usize = 1 << 20;

/// What all seeds of one document share.
pub(super) struct State {
    left: Cell<usize>,
    /// The deserializer's error type carries text only, so what is wrong waits here for it to come
    /// back with the place.
    fault: RefCell<Option<(ErrorKind, String)>>,
}

impl State {
    pub(super) fn new(text_len: usize) -> State {
        let left = text_len.saturating_mul(COST_PER_BYTE).saturating_add(ALIAS_COST);
        State { left: Cell::new(left), fault: RefCell::new(None) }
    }

    pub(super) fn fail<E: de::Error>(&self, kind: ErrorKind, message: impl Into<String>) -> E {
        self.fault.replace(Some((kind, message.into())));
        E::custom("")
    }

    pub(super) fn charge<E: de::Error>(&self, bytes: usize) -> Result<(), E> {
        match self.left.get().checked_sub(bytes.saturating_add(NODE_COST)) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(self.fail(ErrorKind::TooComplex, ErrorKind::TooComplex.describe())),
        }
    }

    pub(super) fn error(&self, error: &serde_yaml::Error, text: &str, first_line: u32) -> Error {
        let index = error.location().map_or(text.len(), |location| location.index());
        let position = Position::of(text, index, first_line);
        if let Some((kind, message)) = self.fault.take() {
            return Error::new(kind, position, message);
        }
        let message = without_places(&error.to_string());
        let kind = if message.ends_with("limit exceeded") {
            ErrorKind::TooComplex
        } else if message.ends_with(MERGEABLE) {
            ErrorKind::Merge
        } else {
            return Error::new(ErrorKind::Syntax, position, message);
        };
        Error::new(kind, position, kind.describe())
    }
}

/// The parser's places count lines from the start of the block, not of the file.
fn without_places(message: &str) -> String {
    let mut parts = message.split(" at line ");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let place = |character: char| character.is_ascii_digit() || character == ' ';
        let rest = part.trim_start_matches(place);
        let rest = rest.strip_prefix("column").unwrap_or(rest);
        text.push_str(rest.trim_start_matches(place));
    }
    text
}
