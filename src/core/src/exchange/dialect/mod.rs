//! The shapes of requests. A dialect is one file that describes itself, and one line in a table.

mod chat;

use crate::json::{Object, Piece};
use crate::reply::LocalReply;
use crate::template::Message;

/// How one API writes what all of them have.
pub struct Dialect {
    /// What a path ends in, once it is normalized.
    pub(super) suffix: &'static str,
    /// The member with the client's messages; its roles are what policy looks at.
    pub(super) messages: &'static str,
    /// Checks the client's own messages, where they are kept.
    pub(super) check: fn(&Object<'_>) -> Result<(), LocalReply>,
    /// Places the template's messages.
    pub(super) place: Place,
}

/// From a checked request and the template's messages to the members that change. The flag says
/// whether the client's own messages are kept.
type Place = for<'a> fn(&Object<'a>, &[Message], bool) -> Vec<Placed<'a>>;

/// A member's name and its new value.
pub(super) type Placed<'a> = (&'a str, Vec<Piece<'a>>);

/// All dialects.
const DIALECTS: &[Dialect] = &[chat::DIALECT];

/// The dialect of a normalized path.
pub(super) fn of(path: &str) -> Option<&'static Dialect> {
    DIALECTS.iter().find(|dialect| path.ends_with(dialect.suffix))
}
