//! OpenAI's Responses: leading system messages are `instructions`, which a chained response does not
//! inherit; everything else is `input`, which it does.
//! <https://platform.openai.com/docs/api-reference/responses>

mod parameters;

use super::{Dialect, NotText, Placed, System, Voice, given, invalid, list_before, text, write_messages};
use crate::json::{Object, Piece, Speaker, array_items};
use crate::reply::{Envelope, LocalReply};
use crate::template::{Message, Role};

const INPUT: &str = "input";
const INSTRUCTIONS: &str = "instructions";
const PREVIOUS: &str = "previous_response_id";
const CONVERSATION: &str = "conversation";

pub(super) const DIALECT: Dialect = Dialect {
    suffix: "/responses",
    messages: INPUT,
    system: Some(System { name: INSTRUCTIONS, roles: &["system", "developer"] }),
    prompt_object: Some("prompt"),
    reads: &[PREVIOUS, CONVERSATION],
    role,
    parts: &["input_text", "input_image", "input_file"],
    envelope: Envelope::OpenAi,
    check,
    place,
    parameters: parameters::named,
};

/// What the client says in `input`.
enum Input<'a> {
    /// Nothing.
    Absent,
    /// One user message, as a string literal.
    Text(&'a str),
    /// The elements of a list.
    Items(&'a str),
}

impl<'a> Input<'a> {
    /// None where it is neither.
    fn of(object: &Object<'a>) -> Option<Input<'a>> {
        match given(object, INPUT) {
            None | Some("\"\"") => Some(Input::Absent),
            Some(raw) if raw.starts_with('"') => Some(Input::Text(raw)),
            Some(raw) => array_items(raw).map(|items| match items {
                "" => Input::Absent,
                items => Input::Items(items),
            }),
        }
    }
}

/// An item speaks in its role, and in that of whoever makes items of its type.
fn role(speaker: Speaker<'_>) -> Voice<'_> {
    match speaker {
        Speaker::Role(role) => Voice::Role(role),
        Speaker::Type { name: "message", beside_role: true } => Voice::Silent,
        // It may stand for a message of any role; a message has to have one.
        Speaker::Type { name: "item_reference" | "message", .. } | Speaker::Unknown => Voice::Unknown,
        Speaker::Type { name, .. } if name.ends_with("_output") || name == "mcp_approval_response" => {
            Voice::Role("tool")
        }
        Speaker::Type { .. } => Voice::Role("assistant"),
    }
}

fn check(object: &Object<'_>) -> Result<(), LocalReply> {
    if Input::of(object).is_none() {
        return Err(invalid(INPUT, "`input` has to be a string, a list of items, or null."));
    }
    match given(object, INSTRUCTIONS) {
        Some(raw) if !raw.starts_with('"') => {
            Err(invalid(INSTRUCTIONS, "`instructions` has to be a string, or null."))
        }
        _ => Ok(()),
    }
}

fn place<'a>(
    object: &Object<'a>,
    messages: &[Message],
    keep_client: bool,
) -> Result<Vec<Placed<'a>>, NotText> {
    let leading =
        messages.iter().take_while(|message| matches!(message.role, Role::System | Role::Developer)).count();
    let (system, others) = messages.split_at_checked(leading).unwrap_or_default();
    let said = system.iter().filter(|message| !message.content.is_empty());
    let texts = said.map(text::of).collect::<Result<Vec<_>, _>>()?;
    let mut placed = Vec::with_capacity(2);
    if !texts.is_empty() {
        let client = given(object, INSTRUCTIONS).filter(|_| keep_client);
        placed.push((INSTRUCTIONS, Some(text::joined(&texts, client))));
    } else if !keep_client {
        placed.push((INSTRUCTIONS, None));
    }
    let client = if keep_client { Input::of(object).unwrap_or(Input::Absent) } else { Input::Absent };
    if let Some(input) = input_behind(object, others, client, keep_client) {
        placed.push((INPUT, Some(input)));
    }
    Ok(placed)
}

/// The new `input`; none if the client's stays as it is.
fn input_behind<'a>(
    object: &Object<'a>,
    messages: &[Message],
    client: Input<'a>,
    keep_client: bool,
) -> Option<Vec<Piece<'a>>> {
    if messages.is_empty() {
        // The API wants an input, where it has nothing else to go on with.
        let continues = [PREVIOUS, CONVERSATION].iter().any(|name| given(object, name).is_some());
        let lacks = !continues && given(object, INPUT).is_none();
        return (!keep_client || lacks).then(|| vec![Piece::New(b"[]".to_vec())]);
    }
    // The first turn stored these messages, and a turn that has an input of its own adds nothing but
    // that. Without one they are the turn's input.
    if given(object, PREVIOUS).is_some() && !matches!(client, Input::Absent) {
        return None;
    }
    let messages: Vec<&Message> = messages.iter().collect();
    Some(match client {
        Input::Absent => list_before(&messages, ""),
        Input::Items(items) => list_before(&messages, items),
        Input::Text(literal) => {
            let mut list = vec![b'['];
            write_messages(&mut list, messages);
            list.extend_from_slice(br#",{"role":"user","content":"#);
            vec![Piece::New(list), Piece::Keep(literal), Piece::New(b"}]".to_vec())]
        }
    })
}
