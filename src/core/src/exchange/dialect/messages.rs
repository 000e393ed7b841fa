//! Anthropic's Messages: the system speaks in a field of its own.
//!
//! Consecutive turns of one role are the API's own affair, which combines them. It takes no message
//! without content, so an empty one of the prompt's is left out.
//! <https://docs.anthropic.com/en/api/messages>

use serde_json::json;

use super::{Client, Dialect, History, NotText, Placed, System, Turns, list, plain_voice, text};
use crate::exchange::parameters::Parameters;
use crate::exchange::replies;
use crate::json::{Object, Piece, array_items, write_string};
use crate::prompt::FrontMatter;
use crate::reply::{Envelope, LocalReply};
use crate::template::{Message, Role};

const MESSAGES: &str = "messages";
const SYSTEM: &str = "system";

pub(super) const DIALECT: Dialect = Dialect {
    suffix: "/messages",
    messages: MESSAGES,
    system: Some(System { name: SYSTEM, roles: &["system"] }),
    prompt_object: None,
    reads: &[],
    voice: plain_voice,
    parts: &[],
    envelope: Envelope::Anthropic,
    read,
    place,
    parameters,
};

fn read<'a>(object: &Object<'a>) -> Result<Client<'a>, LocalReply> {
    let turns = list::turns(object, MESSAGES)?;
    match object.given(SYSTEM) {
        Some(raw) if !matches!(raw.first(), Some(b'"' | b'[')) => {
            Err(replies::invalid_messages(SYSTEM, "`system` has to be a string or a list of text blocks."))
        }
        system => Ok(Client { system, turns, history: History::None }),
    }
}

fn place<'a>(messages: &[Message], client: Option<Client<'a>>) -> Result<Vec<Placed<'a>>, NotText> {
    let (system, turns): (Vec<&Message>, Vec<&Message>) = messages
        .iter()
        .filter(|message| !message.content.is_empty())
        .partition(|message| matches!(message.role, Role::System | Role::Developer));
    let texts = system.into_iter().map(text::of).collect::<Result<Vec<_>, _>>()?;
    let mut placed = Vec::with_capacity(2);
    if !texts.is_empty() {
        let client = client.as_ref().and_then(|client| client.system);
        placed.push((SYSTEM, Some(system_before(&texts, client))));
    } else if client.is_none() {
        placed.push((SYSTEM, None));
    }
    let client = client.map_or(Turns::Absent, |client| client.turns);
    placed.push((MESSAGES, Some(list::before(&turns, &client))));
    Ok(placed)
}

/// The prompt's texts before what the client says as the system: one string, or blocks before blocks.
fn system_before<'a>(texts: &[&str], client: Option<&'a [u8]>) -> Vec<Piece<'a>> {
    let Some(blocks) = client.and_then(array_items) else { return text::joined(texts, client) };
    let mut list = vec![b'['];
    for (position, text) in texts.iter().enumerate() {
        if position > 0 {
            list.push(b',');
        }
        list.extend_from_slice(br#"{"type":"text","text":"#);
        write_string(&mut list, text);
        list.push(b'}');
    }
    if blocks.is_empty() {
        list.push(b']');
        return vec![Piece::New(list)];
    }
    list.push(b',');
    vec![Piece::New(list), Piece::Keep(blocks), Piece::New(b"]".to_vec())]
}

/// As written; only what `output:` stands for has another place here. The API has no form for JSON
/// without a schema.
fn parameters(front_matter: &FrontMatter) -> Parameters<'_> {
    let mut parameters = Parameters::written(front_matter);
    let format = front_matter.response_format.as_ref();
    if let Some(schema) = format.and_then(|format| format.pointer("/json_schema/schema")) {
        let format = json!({"type": "json_schema", "schema": schema});
        parameters.nest("output_config", "format", format);
    }
    parameters.merge("output_config");
    parameters
}
