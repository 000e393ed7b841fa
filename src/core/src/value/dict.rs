use std::hash::{Hash, Hasher};
use std::rc::Rc;

use indexmap::{Equivalent, IndexMap};

use super::{MAX_DEPTH, Missing, TooDeep, Value};

/// A dictionary with Python's notion of equal keys (`1`, `1.0` and `True` are one key), in order.
#[derive(Debug, Clone)]
pub struct Dict {
    entries: IndexMap<Key, Value>,
    depth: u8,
    /// At least what the entries weigh: a replaced value still counts.
    weight: usize,
    /// An undefined value was inserted; it may have been replaced since.
    may_miss: bool,
}

/// A value that can be a key: anything but lists, dictionaries and objects.
#[derive(Clone, Debug)]
pub struct Key(Value);

/// The weight of the largest tuple that can be a key.
const MAX_TUPLE: usize = 10_000;

/// Lists, dictionaries and objects can't be keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotHashable;

/// A key that is looked up by its text, without making a [`Value`] of it.
struct Text<'a>(&'a str);

impl Default for Dict {
    fn default() -> Dict {
        Dict::new()
    }
}

impl Dict {
    /// An empty dictionary.
    pub fn new() -> Dict {
        Dict { entries: IndexMap::new(), depth: 1, weight: 2, may_miss: false }
    }

    /// Sets `key`; a key that is there keeps its place.
    pub fn insert(&mut self, key: Key, value: Value) -> Result<(), TooDeep> {
        let inner = value.depth();
        if inner >= MAX_DEPTH {
            return Err(TooDeep);
        }
        self.depth = self.depth.max(inner + 1);
        let entry = key.0.weight().saturating_add(value.weight()).saturating_add(4);
        self.weight = self.weight.saturating_add(entry);
        self.may_miss = self.may_miss || value.missing_inside().is_some();
        self.entries.insert(key, value);
        Ok(())
    }

    /// The value under the text `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.get(&Text(key))
    }

    /// The value under `key`, whatever its type; none if it can't be a key at all.
    pub fn get_value(&self, key: &Value) -> Option<&Value> {
        match key {
            Value::Str(text) => self.get(text),
            other => self.entries.get(&Key::new(other.clone()).ok()?),
        }
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Value, &Value)> + ExactSizeIterator {
        self.entries.iter().map(|(key, value)| (&key.0, value))
    }

    /// Keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.entries.keys().map(|key| &key.0)
    }

    /// Values in order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.entries.values()
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn missing(&self) -> Option<&Rc<Missing>> {
        if self.may_miss { self.values().find_map(Value::missing_inside) } else { None }
    }

    pub(super) fn depth(&self) -> u8 {
        self.depth
    }

    pub(super) fn weight(&self) -> usize {
        self.weight
    }
}

impl Key {
    /// A key, if `value` can be one.
    pub fn new(value: Value) -> Result<Key, NotHashable> {
        match &value {
            Value::List(_) | Value::Dict(_) | Value::Object(_) | Value::Undefined(_) => Err(NotHashable),
            // Hashing walks a tuple, and tuples of tuples can be far larger than they look.
            Value::Tuple(items) if items.weight() > MAX_TUPLE => Err(NotHashable),
            Value::Tuple(items) => {
                for item in items.items() {
                    Key::new(item.clone())?;
                }
                Ok(Key(value))
            }
            _ => Ok(Key(value)),
        }
    }

    /// The value that is the key.
    pub fn value(&self) -> &Value {
        &self.0
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Key {
        Key(Value::from(text))
    }
}

impl From<Rc<str>> for Key {
    fn from(text: Rc<str>) -> Key {
        Key(Value::Str(text))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        same(&self.0, &other.0)
    }
}

impl Eq for Key {}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Str(left), Value::Str(right)) => left == right,
        (Value::None, Value::None) => true,
        (Value::Range(left), Value::Range(right)) => left == right,
        (Value::Tuple(left), Value::Tuple(right)) => {
            left.len() == right.len()
                && left.items().iter().zip(right.items()).all(|(left, right)| same(left, right))
        }
        (Value::Float(left), Value::Float(right)) => left == right || (left.is_nan() && right.is_nan()),
        _ => match (left.as_int(), right.as_int()) {
            (Some(left), Some(right)) => left == right,
            (Some(int), None) => whole(right) == Some(int),
            (None, Some(int)) => whole(left) == Some(int),
            (None, None) => false,
        },
    }
}

/// The integer that a float equals, so that both hash alike.
fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::Float(float) if float.fract() == 0.0 && float.abs() < 1e38 => Some(*float as i128),
        _ => None,
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(&self.0, state);
    }
}

fn hash<H: Hasher>(value: &Value, state: &mut H) {
    match value {
        Value::Str(text) => text.hash(state),
        Value::Float(float) => match whole(value) {
            Some(int) => int.hash(state),
            None => float.to_bits().hash(state),
        },
        Value::Tuple(items) => items.items().iter().for_each(|item| hash(item, state)),
        Value::Range(range) => (range.start, range.step, range.len).hash(state),
        other => match other.as_int() {
            Some(int) => int.hash(state),
            None => 0u8.hash(state),
        },
    }
}

impl Hash for Text<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Equivalent<Key> for Text<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        key.0.as_str() == Some(self.0)
    }
}
