//! The shapes of requests. A dialect is one file that describes itself, and one line in a table.

mod chat;
mod messages;
mod responses;
mod text;

use crate::json::{Object, Piece, Speaker, write_string};
use crate::prompt::FrontMatter;
use crate::reply::{Code, Envelope, LocalReply};
use crate::template::{Content, Message, Part};

use super::parameters::Parameters;

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
    /// Further members that it reads or writes where a prompt applies.
    pub(super) reads: &'static [&'static str],
    /// What policy has to say about a speaker.
    pub(super) role: for<'a> fn(Speaker<'a>) -> Voice<'a>,
    /// The `type`s of objects that are content parts.
    pub(super) parts: &'static [&'static str],
    /// The form of errors.
    pub(super) envelope: Envelope,
    /// Checks the client's own messages, where they are kept.
    pub(super) check: fn(&Object<'_>) -> Result<(), LocalReply>,
    /// Places the template's messages.
    pub(super) place: Place,
    /// What a prompt's parameters are called.
    pub(super) parameters: fn(&FrontMatter) -> Parameters<'_>,
}

/// Whose voice a speaker is.
pub(super) enum Voice<'a> {
    /// That of a role.
    Role(&'a str),
    /// Nobody's beside what else is said of the element.
    Silent,
    /// Nobody knows whose.
    Unknown,
}

/// A member by which clients speak as the system.
pub(super) struct System {
    pub(super) name: &'static str,
    /// The roles that policy may know it by; one that is allowed is enough.
    pub(super) roles: &'static [&'static str],
}

/// From a checked request and the template's messages to the members that change. The flag says
/// whether the client's own messages are kept.
type Place = for<'a> fn(&Object<'a>, &[Message], bool) -> Result<Vec<Placed<'a>>, NotText>;

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
    /// Whether it writes the prompt's messages into this member.
    pub(super) fn writes_messages_to(&self, name: &str) -> bool {
        name == self.messages || self.system.as_ref().is_some_and(|system| system.name == name)
    }

    /// The members that may stand there only once where a prompt applies.
    pub(super) fn own_members(&self) -> impl Iterator<Item = &'static str> {
        let system = self.system.as_ref().map(|system| system.name);
        std::iter::once(self.messages).chain(system).chain(self.reads.iter().copied())
    }
}

/// The role of an element is all that counts.
fn plain_role(speaker: Speaker<'_>) -> Voice<'_> {
    match speaker {
        Speaker::Role(role) => Voice::Role(role),
        Speaker::Type { beside_role: true, .. } => Voice::Silent,
        Speaker::Type { .. } | Speaker::Unknown => Voice::Unknown,
    }
}

/// The text of a member that is there and not null.
fn given<'a>(object: &Object<'a>, name: &str) -> Option<&'a str> {
    object.get(name).map(|member| member.raw()).filter(|raw| *raw != "null")
}

fn invalid(param: &'static str, message: &str) -> LocalReply {
    LocalReply::on(Code::InvalidMessages, param, message)
}

/// Writes messages as elements of a list, without the brackets.
fn write_messages<'m>(list: &mut Vec<u8>, messages: impl IntoIterator<Item = &'m Message>) {
    for (position, message) in messages.into_iter().enumerate() {
        if position > 0 {
            list.push(b',');
        }
        list.extend_from_slice(b"{\"role\":\"");
        list.extend_from_slice(message.role.as_str().as_bytes());
        list.extend_from_slice(b"\",\"content\":");
        match &message.content {
            Content::Text(text) => write_string(list, text),
            Content::Part(Part { json, .. }) => {
                list.push(b'[');
                list.extend_from_slice(json.as_bytes());
                list.push(b']');
            }
        }
        list.push(b'}');
    }
}

/// A list of the prompt's messages, then the client's, which are the elements of a list as text.
fn list_before<'a>(messages: &[&Message], client: &'a str) -> Vec<Piece<'a>> {
    let size = |message: &&Message| match &message.content {
        Content::Text(text) => text.len() + 40,
        Content::Part(part) => part.json.len() + 40,
    };
    let mut list = Vec::with_capacity(messages.iter().map(size).sum());
    list.push(b'[');
    write_messages(&mut list, messages.iter().copied());
    if client.is_empty() {
        list.push(b']');
        return vec![Piece::New(list)];
    }
    if !messages.is_empty() {
        list.push(b',');
    }
    vec![Piece::New(list), Piece::Keep(client), Piece::New(b"]".to_vec())]
}
