//! OpenAI's Responses: leading system messages are `instructions`, which a chained response does not
//! inherit; everything else is `input`, which it does.
//! <https://platform.openai.com/docs/api-reference/responses>

mod parameters;

use super::{Client, Dialect, History, NotText, Placed, System, Turns, Voice, list, text};
use crate::exchange::replies;
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
    voice,
    parts: &["input_text", "input_image", "input_file"],
    envelope: Envelope::OpenAi,
    read,
    place,
    parameters: parameters::named,
};

/// An item speaks in its role, and in that of whoever makes items of its type.
fn voice(speaker: Speaker<'_>) -> Voice<'_> {
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

fn read<'a>(object: &Object<'a>) -> Result<Client<'a>, LocalReply> {
    let turns = match object.given(INPUT) {
        None => Turns::Absent,
        Some(b"\"\"") => Turns::Empty,
        Some(raw) if raw.starts_with(b"\"") => Turns::Text(raw),
        Some(raw) => match array_items(raw) {
            Some(b"") => Turns::Empty,
            Some(items) => Turns::Items(items),
            None => {
                let message = "`input` has to be a string, a list of items, or null.";
                return Err(replies::invalid_messages(INPUT, message));
            }
        },
    };
    let system = object.given(INSTRUCTIONS);
    if system.is_some_and(|raw| !raw.starts_with(b"\"")) {
        let message = "`instructions` has to be a string, or null.";
        return Err(replies::invalid_messages(INSTRUCTIONS, message));
    }
    let history = match (object.given(PREVIOUS), object.given(CONVERSATION)) {
        (Some(id), _) if id.starts_with(b"\"") && id != b"\"\"" => History::Turns,
        (_, Some(_)) => History::Conversation,
        _ => History::None,
    };
    Ok(Client { system, turns, history })
}

fn place<'a>(messages: &[Message], client: Option<Client<'a>>) -> Result<Vec<Placed<'a>>, NotText> {
    let is_system = |message: &&Message| matches!(message.role, Role::System | Role::Developer);
    let leading = messages.iter().take_while(is_system).count();
    let (system, others) = messages.split_at_checked(leading).unwrap_or_default();
    let said = system.iter().filter(|message| !message.content.is_empty());
    let texts = said.map(text::of).collect::<Result<Vec<_>, _>>()?;
    let others: Vec<&Message> = others.iter().collect();
    let mut placed = Vec::with_capacity(2);
    if !texts.is_empty() {
        let client = client.as_ref().and_then(|client| client.system);
        placed.push((INSTRUCTIONS, Some(text::joined(&texts, client))));
    } else if client.is_none() {
        placed.push((INSTRUCTIONS, None));
    }
    let input = match client {
        None => Some(list::before(&others, &Turns::Absent)),
        Some(client) => new_input(&others, &client, !texts.is_empty()),
    };
    placed.extend(input.map(|input| (INPUT, Some(input))));
    Ok(placed)
}

/// The new `input`; none if the client's stays as it is. The flag says that the prompt has
/// instructions.
fn new_input<'a>(messages: &[&Message], client: &Client<'a>, instructed: bool) -> Option<Vec<Piece<'a>>> {
    let says_something = matches!(client.turns, Turns::Text(_) | Turns::Items(_));
    // The first turn stored the prompt's messages, and a turn with an input of its own adds only that.
    // Without instructions nothing else would tell that there is a prompt.
    let stored = client.history == History::Turns && says_something && instructed;
    if messages.is_empty() || stored {
        // The API wants an input where it has nothing to go on with.
        let lacks = matches!(client.turns, Turns::Absent) && client.history == History::None;
        return lacks.then(|| list::before(&[], &Turns::Absent));
    }
    Some(list::before(messages, &client.turns))
}
