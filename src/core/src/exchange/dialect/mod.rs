//! The shapes of requests. A dialect is one file that describes itself, and one line in a table.

mod chat;
mod list;
mod messages;
mod responses;
mod text;

use crate::json::{Object, Piece, Speaker};
use crate::prompt::FrontMatter;
use crate::reply::{Envelope, LocalReply};
use crate::template::Message;

use super::named::OURS;
use super::parameters::Parameters;
use super::request::MODEL;

/// How one API writes what all of them have.
pub(super) struct Dialect {
    /// What a path ends in, once it is normalized.
    pub(super) suffix: &'static str,
    /// The member with the client's messages; its speakers are what policy looks at.
    pub(super) messages: &'static str,
    /// The member with what the client says as the system.
    pub(super) system: Option<System>,
    /// The member that names a prompt by an object of its own.
    pub(super) prompt_object: Option<&'static str>,
    /// Further members that it looks at where a prompt applies.
    pub(super) reads: &'static [&'static str],
    /// What policy has to say about a speaker.
    pub(super) voice: for<'a> fn(Speaker<'a>) -> Voice<'a>,
    /// The `type`s of objects that are content parts.
    pub(super) parts: &'static [&'static str],
    /// The form of errors.
    pub(super) envelope: Envelope,
    /// Reads what the client says, where that is kept.
    pub(super) read: for<'a> fn(&Object<'a>) -> Result<Client<'a>, LocalReply>,
    /// Places the prompt's messages beside what the client says; with none that is dropped.
    pub(super) place: Place,
    /// What a prompt's parameters are called.
    pub(super) parameters: fn(&FrontMatter) -> Parameters<'_>,
}

type Place = for<'a> fn(&[Message], Option<Client<'a>>) -> Result<Vec<Placed<'a>>, NotText>;

/// A member by which clients speak as the system.
pub(super) struct System {
    pub(super) name: &'static str,
    /// The roles that policy may know it by; one that is allowed is enough.
    pub(super) roles: &'static [&'static str],
}

/// Whose voice an element of the client's messages is.
pub(super) enum Voice<'a> {
    /// That of a role.
    Role(&'a str),
    /// It adds nothing to the role that the element has.
    Silent,
    /// Nobody knows whose.
    Unknown,
}

/// What a client says beside a prompt, as it stands in its request.
pub(super) struct Client<'a> {
    /// What it says as the system: a string literal or a list.
    pub(super) system: Option<&'a [u8]>,
    pub(super) turns: Turns<'a>,
    pub(super) history: History,
}

/// What the API has stored of a conversation before this request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum History {
    /// Nothing that the request speaks of.
    None,
    /// A conversation, which may still be empty.
    Conversation,
    /// At least one turn.
    Turns,
}

/// A client's messages.
pub(super) enum Turns<'a> {
    /// The member is not there, or null.
    Absent,
    /// There are none in it.
    Empty,
    /// One of the user's, as a string literal.
    Text(&'a [u8]),
    /// The elements of a list, without the brackets.
    Items(&'a [u8]),
}

/// A member's name and its new value; none removes it.
pub(super) type Placed<'a> = (&'a str, Option<Vec<Piece<'a>>>);

/// A content part where an API takes only text; the path of the client's variable that it is.
pub(super) struct NotText(pub(super) Option<String>);

/// All dialects.
const DIALECTS: &[Dialect] = &[chat::DIALECT, responses::DIALECT, messages::DIALECT];

/// The dialect of a normalized path.
pub(super) fn of(path: &str) -> Option<&'static Dialect> {
    DIALECTS.iter().find(|dialect| path.ends_with(dialect.suffix))
}

impl Dialect {
    /// The members that are ours, and removed.
    pub(super) fn ours(&self) -> impl Iterator<Item = &'static str> {
        OURS.into_iter().chain(self.prompt_object)
    }

    /// The members that are read whatever the request asks for: none may stand there twice.
    pub(super) fn always_read(&self) -> impl Iterator<Item = &'static str> {
        self.ours().chain([MODEL])
    }

    /// The members that may stand there only once where a prompt applies.
    pub(super) fn touched(&self) -> impl Iterator<Item = &'static str> {
        let system = self.system.as_ref().map(|system| system.name);
        std::iter::once(self.messages).chain(system).chain(self.reads.iter().copied())
    }

    /// Whether the prompt's messages go into this member.
    pub(super) fn holds_messages(&self, name: &str) -> bool {
        name == self.messages || self.system.as_ref().is_some_and(|system| system.name == name)
    }
}

/// The role of an element is all that counts.
fn plain_voice(speaker: Speaker<'_>) -> Voice<'_> {
    match speaker {
        Speaker::Role(role) => Voice::Role(role),
        Speaker::Type { beside_role: true, .. } => Voice::Silent,
        Speaker::Type { .. } | Speaker::Unknown => Voice::Unknown,
    }
}
