//! Text to tree: JSON or YAML.

use std::fmt;
use std::rc::Rc;
use std::str::Utf8Error;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::error::ConfigError;
use super::node::{Node, is_set};
use super::read::quoted;
use crate::json::Cursor;
use crate::prompt::yaml;

const WHOLE: &str = "configuration";
/// How many brackets may be left open: a configuration holds the texts of prompts, whose brackets
/// count like those of YAML. So many take milliseconds.
const MAX_OPEN: usize = 5_000;
/// How much of the YAML reader's message an error shows.
const MAX_MESSAGE: usize = 200;

/// The text of a configuration as a tree.
pub(super) struct Parsed {
    /// All of it but for the bundle, if that was read by itself.
    pub(super) settings: Value,
    pub(super) bundle: Option<Node>,
}

/// Parses the text of a configuration as [`read`] does. If it is JSON the texts of its bundle stay where
/// they are.
pub(super) fn parse(text: &Rc<String>) -> Result<Parsed, ConfigError> {
    match parse_json(text) {
        Some(parsed) => Ok(parsed),
        // Something is unusual: the other reader knows what.
        None => Ok(Parsed { settings: read(text.as_bytes())?, bundle: None }),
    }
}

fn parse_json(text: &Rc<String>) -> Option<Parsed> {
    let mut cursor = Cursor::new(text);
    let mut settings = Vec::new();
    let mut bundle = None;
    cursor.object(|cursor, key| {
        if key == "bundle" {
            return bundle.replace(Node::read(cursor, text, 0)?).is_none().then_some(());
        }
        let value = read_json(text.get(cursor.value()?)?).ok()?;
        settings.push((key.into_owned(), value));
        Some(())
    })?;
    let whole = cursor.is_at_end() && is_set(&settings);
    whole.then(|| Parsed { settings: Value::Object(settings.into_iter().collect()), bundle })
}

/// Parses JSON to a tree. If it is an object the texts in it stay where they are. Keys that occur twice
/// are refused.
pub(super) fn node(text: &[u8]) -> Result<Node, ConfigError> {
    let text = Rc::new(utf8(text)?.to_owned());
    let mut cursor = Cursor::new(&text);
    match Node::read(&mut cursor, &text, 0).filter(|_| cursor.is_at_end()) {
        Some(node) => Ok(node),
        None => read_json(&text).map(Node::from),
    }
}

/// Parses the text of a configuration to a tree, without looking at what it means: JSON if its first
/// character is `{`, else YAML. Keys that occur twice are refused.
pub fn read(text: &[u8]) -> Result<Value, ConfigError> {
    let text = utf8(text)?;
    match text.trim_start().chars().next() {
        None => Err(ConfigError::new(
            WHOLE,
            "is empty, expected JSON or YAML with a `bundle` of prompts ({} if no prompts are meant)",
        )),
        Some('{') => read_json(text),
        Some(_) => read_yaml(text),
    }
}

/// The text, without a byte order mark.
fn utf8(text: &[u8]) -> Result<&str, ConfigError> {
    let text = std::str::from_utf8(text).map_err(not_utf8)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// An error for a text that is none.
pub(super) fn not_utf8(error: Utf8Error) -> ConfigError {
    let at = error.valid_up_to();
    let message = "Envoy hands it over as text only from a google.protobuf.StringValue";
    ConfigError::new(WHOLE, format!("is not UTF-8 at byte {at}; {message}"))
}

fn read_json(text: &str) -> Result<Value, ConfigError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    Tree.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value)).map_err(|error| {
        let position = format!("line {}, column {}", error.line(), error.column());
        let suffix = format!(" at line {} column {}", error.line(), error.column());
        let message = error.to_string();
        ConfigError::new(position, message.strip_suffix(&suffix).unwrap_or(&message))
    })
}

fn read_yaml(text: &str) -> Result<Value, ConfigError> {
    yaml::guard(text, 1, MAX_OPEN).and_then(|()| yaml::parse(text, 1)).map_err(|error| {
        let yaml::Position { line, column } = error.position;
        ConfigError::new(format!("line {line}, column {column}"), one_line(&error.message))
    })
}

/// An error is one line in a log, also where it quotes a key that is long or holds line breaks.
fn one_line(message: &str) -> String {
    message.chars().take(MAX_MESSAGE).map(|char| if char.is_control() { ' ' } else { char }).collect()
}

/// Builds a tree as serde_json does, but refuses a key that occurs twice: of two prompts with the
/// same id one would be lost without a word.
struct Tree;

impl<'de> DeserializeSeed<'de> for Tree {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Tree)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format_args!("key {} is there twice", quoted(&key))));
            }
            map.insert(key, members.next_value_seed(Tree)?);
        }
        Ok(Value::Object(map))
    }
}
