//! The tree that a bundle is read from: a value of serde_json's, but for texts that stay where they are.

use std::collections::HashSet;
use std::rc::Rc;

use serde_json::Value;

use super::error::ConfigError;
use super::read::{Kind, Path, expected};
use crate::catalog::{Hasher, Text};
use crate::json::Cursor;

/// How deep a bundle nests: an object in each step of `prompts`, id, `versions`. What is deeper is wrong,
/// and read by a reader that says so.
const MAX_DEPTH: u8 = 6;

/// A part of a bundle.
pub(super) enum Node {
    Text(Text),
    Members(Vec<(String, Node)>),
    Other(Value),
}

impl Node {
    /// Reads the value that comes, without copying long texts. None if it is not what a bundle may be.
    pub(super) fn read(cursor: &mut Cursor<'_>, source: &Rc<String>, depth: u8) -> Option<Node> {
        match cursor.peek()? {
            b'"' => Text::in_json(source, cursor.value()?).map(Node::Text),
            b'{' if depth < MAX_DEPTH => {
                let mut members = Vec::new();
                cursor.object(|cursor, key| {
                    members.push((key.into_owned(), Node::read(cursor, source, depth + 1)?));
                    Some(())
                })?;
                is_set(&members).then_some(Node::Members(members))
            }
            b'{' | b'[' => None,
            _ => serde_json::from_str(source.get(cursor.value()?)?).ok().map(Node::Other),
        }
    }

    /// The members of a mapping.
    pub(super) fn members(self, path: &Path) -> Result<Vec<(String, Node)>, ConfigError> {
        match self {
            Node::Members(members) => Ok(members),
            other => Err(expected("a mapping", &other, path)),
        }
    }

    /// As a tree of serde_json's.
    pub(super) fn into_value(self) -> Value {
        match self {
            Node::Text(text) => Value::String(text.read()),
            Node::Members(members) => {
                Value::Object(members.into_iter().map(|(key, node)| (key, node.into_value())).collect())
            }
            Node::Other(value) => value,
        }
    }

    /// Adds it to a digest.
    pub(super) fn hash(&self, hasher: &mut Hasher) {
        match self {
            Node::Text(text) => text.hash(hasher),
            Node::Members(members) => {
                let members = members.iter().map(|(key, node)| (key, node)).collect();
                hasher.object(members, |hasher, node: &Node| node.hash(hasher));
            }
            Node::Other(value) => hasher.value(value),
        }
    }
}

/// Whether each key is there once.
pub(super) fn is_set<V>(members: &[(String, V)]) -> bool {
    let mut keys = HashSet::new();
    members.len() < 2 || members.iter().all(|(key, _)| keys.insert(key.as_str()))
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        match value {
            Value::String(text) => Node::Text(text.into()),
            Value::Object(map) => {
                Node::Members(map.into_iter().map(|(key, value)| (key, value.into())).collect())
            }
            other => Node::Other(other),
        }
    }
}

impl Kind for Node {
    fn kind(&self) -> &'static str {
        match self {
            Node::Text(_) => "a string",
            Node::Members(_) => "a mapping",
            Node::Other(value) => value.kind(),
        }
    }
}
