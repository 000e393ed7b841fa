//! Messages in the forms that OpenAI's APIs have for them.

use promptgate_core::template::Role;
use serde_json::{Map, Value};

use super::super::draft::Draft;
use super::recognise::{add, text};

/// A piece of a message.
enum Piece {
    Text(String),
    /// A variable that is an image or a file.
    Variable(String),
}

/// Adds the messages in a value: text, or a list of items. `values` are those of the prompt's variables,
/// where they are known.
pub(super) fn collect(draft: &mut Draft, value: &Value, role: Role, values: Option<&Map<String, Value>>) {
    match value {
        Value::String(content) => add(draft, role, content.clone()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                self::item(draft, index + 1, item, values);
            }
        }
        Value::Null => {}
        _ => draft.lost("what stands where messages should be is neither text nor a list"),
    }
}

fn item(draft: &mut Draft, number: usize, item: &Value, values: Option<&Map<String, Value>>) {
    let Some(members) = item.as_object() else {
        draft.lost(format!("item {number} is no message"));
        return;
    };
    let Some(role) = text(members, "role") else {
        let kind = word(text(members, "type"));
        draft.lost(format!("item {number} is no message, but {kind}: it belongs to a conversation"));
        return;
    };
    let Some(role) = Role::ALL.into_iter().find(|known| known.as_str() == role) else {
        let role = word(Some(role));
        draft.lost(format!("message {number} has the role {role}, which no prompt file has"));
        return;
    };
    if members.get("tool_calls").and_then(Value::as_array).is_some_and(|calls| !calls.is_empty()) {
        draft.lost(format!("message {number} calls tools; a prompt file holds its text only"));
    }
    let pieces = match members.get("content") {
        Some(Value::String(content)) => vec![Piece::Text(content.clone())],
        Some(Value::Array(parts)) => {
            parts.iter().filter_map(|part| piece(draft, number, part, values)).collect()
        }
        _ => Vec::new(),
    };
    add_pieces(draft, number, role, pieces);
}

/// A part of a message; none, and a note, where no prompt file can hold it.
fn piece(
    draft: &mut Draft,
    number: usize,
    part: &Value,
    values: Option<&Map<String, Value>>,
) -> Option<Piece> {
    if let Some(content) = part.as_str() {
        return Some(Piece::Text(content.to_owned()));
    }
    let members = part.as_object()?;
    let content = match members.get("text") {
        Some(Value::Object(inner)) => text(inner, "value"),
        other => other.and_then(Value::as_str),
    };
    match (text(members, "type"), content) {
        (None | Some("text" | "input_text" | "output_text"), Some(content)) => {
            Some(Piece::Text(content.to_owned()))
        }
        (kind, _) => {
            let of_variable = values.into_iter().flatten().find(|(_, value)| is_same_part(value, members));
            if let Some((name, _)) = of_variable {
                return Some(Piece::Variable(name.clone()));
            }
            draft.lost(format!(
                "message {number} holds {}: a prompt file holds text; send it as a variable",
                word(kind)
            ));
            None
        }
    }
}

/// Whether a part is the value of a variable. The API fills in members that the caller left out.
fn is_same_part(value: &Value, part: &Map<String, Value>) -> bool {
    let Some(members) = value.as_object() else { return false };
    let names = ["type", "file_id", "file_url", "image_url", "file_data"];
    members.get("type").is_some_and(Value::is_string)
        && names.iter().all(|name| {
            let (one, other) = (members.get(*name), part.get(*name));
            one.unwrap_or(&Value::Null) == other.unwrap_or(&Value::Null)
        })
}

/// Text becomes one message. A variable that is no text needs one of its own, so that it divides text.
fn add_pieces(draft: &mut Draft, number: usize, role: Role, pieces: Vec<Piece>) {
    let texts = pieces.iter().filter(|piece| matches!(piece, Piece::Text(_))).count();
    let is_mixed = texts > 0 && texts < pieces.len();
    if texts > 1 {
        draft.check(format!("message {number} has {texts} parts of text; blank lines divide them now"));
    }
    if is_mixed {
        draft.check(format!("message {number} holds text and an image or file; it became several messages"));
    }
    let mut content = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                content.push_str(if content.is_empty() { "" } else { "\n\n" });
                content.push_str(&text);
            }
            Piece::Variable(name) => {
                if matches!(role, Role::System | Role::Developer) {
                    draft.check(format!(
                        "`{name}` is no text, which a {} message needs: move it to a user message",
                        role.as_str()
                    ));
                }
                add(draft, role, std::mem::take(&mut content));
                add(draft, role, format!("{{{{{name}}}}}"));
            }
        }
    }
    add(draft, role, content);
}

/// A word of an API's vocabulary, for a report. Anything else might be content.
pub(super) fn word(text: Option<&str>) -> String {
    let is_word = |text: &&str| {
        text.len() <= 40
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
    };
    match text.filter(is_word) {
        Some(text) => format!("`{text}`"),
        None => "something unknown".to_owned(),
    }
}
