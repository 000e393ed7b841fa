//! Lists of messages: the client's, and the prompt's before them.

use super::Turns;
use crate::exchange::replies;
use crate::json::{Object, Piece, array_items, write_string};
use crate::reply::LocalReply;
use crate::template::{Content, Message};

/// What a message takes beside its text.
const FRAME: usize = 40;

/// The client's messages in a member that has to be a list.
pub(super) fn turns<'a>(object: &Object<'a>, name: &str) -> Result<Turns<'a>, LocalReply> {
    match object.given(name).map(array_items) {
        None => Ok(Turns::Absent),
        Some(Some(b"")) => Ok(Turns::Empty),
        Some(Some(items)) => Ok(Turns::Items(items)),
        Some(None) => {
            let message = format!("`{name}` has to be a list of messages, or null.");
            Err(replies::invalid_messages(name, &message))
        }
    }
}

/// The prompt's messages and then the client's, as a list. A text of the client's is the user's.
pub(super) fn before<'a>(messages: &[&Message], client: &Turns<'a>) -> Vec<Piece<'a>> {
    let size = |message: &&Message| match &message.content {
        Content::Text(text) => text.len() + FRAME,
        Content::Part(part) => part.json.len() + FRAME,
    };
    let mut list = Vec::with_capacity(messages.iter().map(size).sum::<usize>() + FRAME);
    list.push(b'[');
    for (position, message) in messages.iter().enumerate() {
        if position > 0 {
            list.push(b',');
        }
        write(&mut list, message);
    }
    let (kept, end): (&[u8], &[u8]) = match client {
        Turns::Absent | Turns::Empty => {
            list.push(b']');
            return vec![Piece::New(list)];
        }
        Turns::Items(items) => (items, b"]"),
        Turns::Text(literal) => (literal, b"}]"),
    };
    if !messages.is_empty() {
        list.push(b',');
    }
    if matches!(client, Turns::Text(_)) {
        list.extend_from_slice(br#"{"role":"user","content":"#);
    }
    vec![Piece::New(list), Piece::Keep(kept), Piece::New(end.to_vec())]
}

fn write(list: &mut Vec<u8>, message: &Message) {
    list.extend_from_slice(b"{\"role\":\"");
    list.extend_from_slice(message.role.as_str().as_bytes());
    list.extend_from_slice(b"\",\"content\":");
    match &message.content {
        Content::Text(text) => write_string(list, text),
        Content::Part(part) => {
            list.push(b'[');
            list.extend_from_slice(part.json.as_bytes());
            list.push(b']');
        }
    }
    list.push(b'}');
}
