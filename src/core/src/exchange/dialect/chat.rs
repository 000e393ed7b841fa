//! OpenAI's Chat Completions: everything is a message.

use std::borrow::Cow;

use super::{Client, Dialect, History, NotText, Placed, Turns, list, plain_voice};
use crate::exchange::parameters::Parameters;
use crate::json::Object;
use crate::prompt::{FrontMatter, RESPONSE_FORMAT};
use crate::reply::{Envelope, LocalReply};
use crate::template::Message;

const MESSAGES: &str = "messages";

pub(super) const DIALECT: Dialect = Dialect {
    suffix: "/chat/completions",
    messages: MESSAGES,
    system: None,
    prompt_object: None,
    reads: &[],
    voice: plain_voice,
    parts: &[],
    envelope: Envelope::OpenAi,
    read,
    place,
    parameters,
};

fn read<'a>(object: &Object<'a>) -> Result<Client<'a>, LocalReply> {
    Ok(Client { system: None, turns: list::turns(object, MESSAGES)?, history: History::None })
}

fn place<'a>(messages: &[Message], client: Option<Client<'a>>) -> Result<Vec<Placed<'a>>, NotText> {
    let messages: Vec<&Message> = messages.iter().collect();
    let turns = client.map_or(Turns::Absent, |client| client.turns);
    Ok(vec![(MESSAGES, Some(list::before(&messages, &turns)))])
}

fn parameters(front_matter: &FrontMatter) -> Parameters<'_> {
    let mut parameters = Parameters::written(front_matter);
    if let Some(format) = &front_matter.response_format {
        parameters.set(RESPONSE_FORMAT, Cow::Borrowed(format));
    }
    parameters
}
