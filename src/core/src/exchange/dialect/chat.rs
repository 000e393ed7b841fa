//! OpenAI's Chat Completions: everything is a message.

use super::{Dialect, Placed};
use crate::json::{Object, Piece, array_items, write_string};
use crate::reply::{Code, LocalReply};
use crate::template::Message;

const MESSAGES: &str = "messages";

pub(super) const DIALECT: Dialect = Dialect { suffix: "/chat/completions", messages: MESSAGES, check, place };

/// The elements of the client's list; nothing where there is no list.
fn client_messages<'a>(object: &Object<'a>) -> Option<&'a str> {
    match object.get(MESSAGES).map(|member| member.raw()) {
        None | Some("null") => Some(""),
        Some(raw) => array_items(raw),
    }
}

fn check(object: &Object<'_>) -> Result<(), LocalReply> {
    match client_messages(object) {
        Some(_) => Ok(()),
        None => Err(LocalReply::on(
            Code::InvalidMessages,
            MESSAGES,
            "`messages` has to be a list of messages, or null.",
        )),
    }
}

fn place<'a>(object: &Object<'a>, messages: &[Message], keep_client: bool) -> Vec<Placed<'a>> {
    let client = if keep_client { client_messages(object).unwrap_or_default() } else { "" };
    let mut list = Vec::with_capacity(messages.iter().map(|message| message.content.len() + 40).sum());
    list.push(b'[');
    for (position, message) in messages.iter().enumerate() {
        if position > 0 {
            list.push(b',');
        }
        list.extend_from_slice(b"{\"role\":\"");
        list.extend_from_slice(message.role.as_str().as_bytes());
        list.extend_from_slice(b"\",\"content\":");
        write_string(&mut list, &message.content);
        list.push(b'}');
    }
    let value = if client.is_empty() {
        list.push(b']');
        vec![Piece::New(list)]
    } else {
        list.push(b',');
        vec![Piece::New(list), Piece::Keep(client), Piece::New(b"]".to_vec())]
    };
    vec![(MESSAGES, value)]
}
