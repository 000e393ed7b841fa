//! OpenAI's Chat Completions: everything is a message.

use std::borrow::Cow;

use super::{Dialect, NotText, Placed, given, invalid, list_before, plain_role};
use crate::exchange::parameters::Parameters;
use crate::json::{Object, array_items};
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
    role: plain_role,
    parts: &[],
    envelope: Envelope::OpenAi,
    check,
    place,
    parameters,
};

/// The elements of the client's list; nothing where there is no list.
fn client_messages<'a>(object: &Object<'a>) -> Option<&'a str> {
    given(object, MESSAGES).map_or(Some(""), array_items)
}

fn check(object: &Object<'_>) -> Result<(), LocalReply> {
    match client_messages(object) {
        Some(_) => Ok(()),
        None => Err(invalid(MESSAGES, "`messages` has to be a list of messages, or null.")),
    }
}

fn place<'a>(
    object: &Object<'a>,
    messages: &[Message],
    keep_client: bool,
) -> Result<Vec<Placed<'a>>, NotText> {
    let client = if keep_client { client_messages(object).unwrap_or_default() } else { "" };
    let messages: Vec<&Message> = messages.iter().collect();
    Ok(vec![(MESSAGES, Some(list_before(&messages, client)))])
}

fn parameters(front_matter: &FrontMatter) -> Parameters<'_> {
    let mut parameters = Parameters::written(front_matter);
    if let Some(format) = &front_matter.response_format {
        parameters.set(RESPONSE_FORMAT, Cow::Borrowed(format));
    }
    parameters
}
