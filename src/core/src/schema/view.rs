use std::cmp::Ordering;

use serde_json::Value as Json;

use super::number::Number;
use super::types::Types;
use crate::value::{Dict, Value};

/// A value as JSON Schema sees it.
#[derive(Clone, Copy)]
pub(super) enum View<'v> {
    Null,
    Bool(bool),
    Number(Number),
    Text(&'v str),
    Items(&'v [Value]),
    Dict(&'v Dict),
    /// Nothing that JSON can say.
    Other,
}

impl<'v> From<&'v Value> for View<'v> {
    fn from(value: &'v Value) -> View<'v> {
        match value {
            Value::None => View::Null,
            Value::Bool(value) => View::Bool(*value),
            Value::Int(int) => View::Number(Number::Int(*int)),
            Value::Float(float) => View::Number(Number::Float(*float)),
            Value::Str(text) => View::Text(text),
            Value::List(list) | Value::Tuple(list) => View::Items(list.items()),
            Value::Dict(dict) => View::Dict(dict),
            Value::Undefined(_) | Value::Range(_) | Value::Object(_) => View::Other,
        }
    }
}

impl View<'_> {
    /// The type; no type at all for what JSON can't say.
    pub(super) fn types(self) -> Types {
        match self {
            View::Null => Types::NULL,
            View::Bool(_) => Types::BOOLEAN,
            View::Number(number) if number.is_whole() => Types::INTEGER,
            View::Number(_) => Types::NUMBER,
            View::Text(_) => Types::STRING,
            View::Items(_) => Types::ARRAY,
            View::Dict(_) => Types::OBJECT,
            View::Other => Types::NONE,
        }
    }

    /// The type's name, for a violation.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            View::Null => "null",
            View::Bool(_) => "boolean",
            View::Number(number) if number.is_whole() => "integer",
            View::Number(_) => "number",
            View::Text(_) => "string",
            View::Items(_) => "array",
            View::Dict(_) => "object",
            View::Other => "nothing",
        }
    }

    /// How many bytes, items or members there are.
    pub(super) fn len(self) -> usize {
        match self {
            View::Text(text) => text.len(),
            View::Items(items) => items.len(),
            View::Dict(dict) => dict.len(),
            _ => 0,
        }
    }

    /// Whether this is the same as what a schema lists: `1` and `1.0` are, `1` and `true` are not.
    pub(super) fn equals(self, listed: &Json) -> bool {
        match (self, listed) {
            (View::Null, Json::Null) => true,
            (View::Bool(value), Json::Bool(listed)) => value == *listed,
            (View::Text(text), Json::String(listed)) => text == listed,
            (View::Number(number), Json::Number(listed)) => Number::from_json(listed)
                .is_some_and(|listed| number.compare(listed) == Some(Ordering::Equal)),
            (View::Items(items), Json::Array(listed)) => {
                items.len() == listed.len()
                    && items.iter().zip(listed).all(|(item, listed)| View::from(item).equals(listed))
            }
            (View::Dict(dict), Json::Object(listed)) => {
                dict.len() == listed.len()
                    && listed.iter().all(|(key, listed)| {
                        dict.get(key).is_some_and(|value| View::from(value).equals(listed))
                    })
            }
            _ => false,
        }
    }
}
