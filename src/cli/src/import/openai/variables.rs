//! From the values of a past call back to its variables.

use promptgate_core::prompt::compose::{Part, parts, variables};
use serde_json::{Map, Value};

use super::super::draft::Draft;
use super::recognise::text;

/// A value shorter than this stands anywhere, in characters.
const MIN_LENGTH: usize = 3;

/// A variable and the text that it had.
struct Known<'a> {
    name: &'a str,
    text: &'a str,
}

/// Where a value stands in a message, in bytes, and whose it is.
struct Found {
    start: usize,
    end: usize,
    variable: usize,
}

/// Puts variables where their values stand. One that was sent as its own name in braces is in its place
/// already. Each of the others is a guess, and noted; where two could be meant, neither is made.
pub(super) fn restore(draft: &mut Draft, values: &Map<String, Value>) {
    let mut known: Vec<Known<'_>> = Vec::new();
    for (name, value) in values {
        match content(value) {
            Some(text) if is_placeholder(text, name) => check_use(draft, name),
            Some(text) => known.push(Known { name, text }),
            // An image or a file; it was found among the parts of the messages.
            None => check_use(draft, name),
        }
    }
    let used = variables(&draft.messages);
    let strangers = used.iter().filter(|variable| !values.contains_key(variable.name));
    let strangers: Vec<String> = strangers.map(|variable| variable.name.to_owned()).collect();
    for name in strangers {
        draft.check(format!(
            "`{name}` stands in braces, and was no variable of the call; in the file it is one: where it \
             is meant literally, write {{{{ \"{{{{\" }}}} for the braces"
        ));
    }
    let candidates: Vec<Known<'_>> = known.iter().filter_map(|one| candidate(draft, one, &known)).collect();
    replace(draft, &candidates);
}

/// The text of a value that is text.
fn content(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(part) if text(part, "type") == Some("input_text") => text(part, "text"),
        _ => None,
    }
}

fn is_placeholder(text: &str, name: &str) -> bool {
    let inner = text.trim().strip_prefix("{{").and_then(|text| text.strip_suffix("}}"));
    inner.is_some_and(|inner| inner.trim() == name)
}

fn check_use(draft: &mut Draft, name: &str) {
    let is_used = draft.messages.iter().any(|message| {
        parts(&message.content).any(|part| matches!(part, Part::Variable { name: used, .. } if used == name))
    });
    if !is_used {
        draft.check(missing(name, "it was sent, and stands in no message"));
    }
}

/// A variable whose value can be looked for; else a note.
fn candidate<'a>(draft: &mut Draft, one: &Known<'a>, all: &[Known<'a>]) -> Option<Known<'a>> {
    let is_long = |one: &Known<'_>| one.text.chars().count() >= MIN_LENGTH;
    let mut others = all.iter().filter(|other| other.name != one.name && is_long(other));
    let alike = others.find(|other| other.text.contains(one.text) || one.text.contains(other.text));
    let problem = if !is_long(one) {
        "its value is too short to be found".to_owned()
    } else if let Some(other) = alike {
        format!("its value and that of `{}` are too much alike", other.name)
    } else {
        return Some(Known { ..*one });
    };
    draft.check(missing(one.name, &problem));
    None
}

fn replace(draft: &mut Draft, known: &[Known<'_>]) {
    let found: Vec<Vec<Found>> = draft.messages.iter().map(|message| find(&message.content, known)).collect();
    let mut is_ambiguous = vec![false; known.len()];
    for found in &found {
        for (one, next) in found.iter().zip(found.iter().skip(1)) {
            if next.start < one.end {
                for variable in [one.variable, next.variable] {
                    if let Some(flag) = is_ambiguous.get_mut(variable) {
                        *flag = true;
                    }
                }
            }
        }
    }
    let mut counts = vec![0usize; known.len()];
    for (message, found) in draft.messages.iter_mut().zip(&found) {
        // From the end, so that places stay what they are.
        for Found { start, end, variable } in found.iter().rev() {
            let (Some(false), Some(known), Some(count)) =
                (is_ambiguous.get(*variable), known.get(*variable), counts.get_mut(*variable))
            else {
                continue;
            };
            message.content.replace_range(*start..*end, &format!("{{{{{}}}}}", known.name));
            *count += 1;
        }
    }
    for ((known, count), ambiguous) in known.iter().zip(counts).zip(is_ambiguous) {
        let name = known.name;
        draft.check(match (count, ambiguous) {
            (_, true) => missing(name, "its value overlaps with another"),
            (0, _) => missing(name, "its value stands in no message"),
            (1, _) => format!("`{name}` stands where its value was found; look whether it belongs there"),
            (count, _) => format!("`{name}` stands where its value was found, {count} times; look at each"),
        });
    }
}

/// A variable that was sent and did not find its place.
fn missing(name: &str, why: &str) -> String {
    format!("`{name}` is not in the file: {why}; write {{{{ {name} }}}} where it belongs")
}

/// The places of all values, from the beginning. What stands inside of a word or of a variable is
/// something else.
fn find(content: &str, known: &[Known<'_>]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut offset = 0;
    for part in parts(content) {
        let length = match part {
            Part::Variable { source, .. } => source.len(),
            Part::Text(text) => {
                for (variable, known) in known.iter().enumerate() {
                    let places =
                        text.match_indices(known.text).filter(|(at, _)| stands_alone(text, *at, known.text));
                    found.extend(places.map(|(at, value)| Found {
                        start: offset + at,
                        end: offset + at + value.len(),
                        variable,
                    }));
                }
                text.len()
            }
        };
        offset += length;
    }
    found.sort_by_key(|found| found.start);
    found
}

/// Whether no word goes on at either end of a value.
fn stands_alone(text: &str, at: usize, value: &str) -> bool {
    let joined = |one: Option<char>, other: Option<char>| {
        one.is_some_and(char::is_alphanumeric) && other.is_some_and(char::is_alphanumeric)
    };
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    let after = text.get(at + value.len()..).and_then(|text| text.chars().next());
    !joined(before, value.chars().next()) && !joined(value.chars().next_back(), after)
}

#[cfg(test)]
mod tests {
    use promptgate_core::prompt::compose::Message;
    use promptgate_core::template::Role;
    use serde_json::json;

    use super::*;

    /// The message after its variables are put back, and how many guesses there were.
    fn restored(content: &str, values: Value) -> (String, usize) {
        let message = Message { role: Role::User, content: content.to_owned() };
        let mut draft = Draft { messages: vec![message], ..Draft::default() };
        restore(&mut draft, values.as_object().unwrap());
        (draft.messages.remove(0).content, draft.notes.len())
    }

    #[test]
    fn values_become_variables_where_that_is_unambiguous() {
        for (content, values, expected, notes) in [
            ("Hi {{ name }}!", json!({"name": "{{name}}"}), "Hi {{ name }}!", 0),
            ("Hi!", json!({"name": " {{ name }} "}), "Hi!", 1),
            ("Hi Jane Doe!", json!({"name": "Jane Doe"}), "Hi {{name}}!", 1),
            ("Jane, Jane", json!({"name": {"type": "input_text", "text": "Jane"}}), "{{name}}, {{name}}", 1),
            ("Hi {{customer}}", json!({"name": "{{customer}}"}), "Hi {{customer}}", 2),
            // Too short, in a word, absent.
            ("Hi Al", json!({"name": "Al"}), "Hi Al", 1),
            ("Hi Al", json!({"name": ""}), "Hi Al", 1),
            ("category cat", json!({"pet": "cat"}), "category {{pet}}", 1),
            ("Hi", json!({"name": "Jane"}), "Hi", 1),
            // Which one is it?
            ("Jane Doe", json!({"a": "Jane Doe", "b": "Jane"}), "Jane Doe", 2),
            ("Jane", json!({"a": "Jane", "b": "Jane"}), "Jane", 2),
            ("ab cd ef", json!({"a": "ab cd", "b": "cd ef"}), "ab cd ef", 2),
            // A short one takes nothing from another.
            ("Jane", json!({"a": "Jane", "b": "Ja"}), "{{a}}", 2),
            ("été: {{x}} été", json!({"a": "été", "x": "{{x}}"}), "{{a}}: {{x}} {{a}}", 1),
            ("été: {{x}} été", json!({"a": "été"}), "{{a}}: {{x}} {{a}}", 2),
        ] {
            assert_eq!(restored(content, values), (expected.to_owned(), notes), "{content}");
        }
    }
}
