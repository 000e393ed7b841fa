//! Where in the text a key or a value stands.
//!
//! The tree that [`super::parse`] builds carries no places, because hardly any is ever asked for.
//! When one is, for an error, the text is read again up to there.

use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_yaml::Deserializer;

use super::Position;

/// The place of the last key of `path`; of the nearest one above it, where that can't be found.
/// Items of lists go by their number: `["stop", "0"]`.
pub fn locate_key(text: &str, first_line: u32, path: &[&str]) -> Position {
    locate(text, first_line, path, true)
}

/// The place of the value under `path`; of the nearest key above it, where that can't be found.
pub fn locate_value(text: &str, first_line: u32, path: &[&str]) -> Position {
    locate(text, first_line, path, false)
}

fn locate(text: &str, first_line: u32, path: &[&str], key: bool) -> Position {
    let find = |path, key| {
        let found = Cell::new(false);
        let error = Deserializer::from_str(text)
            .next()
            .and_then(|document| Seek { path, key, found: &found }.deserialize(document).err())?;
        let place = error.location().filter(|_| found.get())?;
        Some(Position::of(text, place.index(), first_line))
    };
    if let Some(position) = find(path, key) {
        return position;
    }
    let mut path = path;
    while let Some((_, above)) = path.split_last() {
        if let Some(position) = find(path, true) {
            return position;
        }
        path = above;
    }
    Position { line: first_line, column: 1 }
}

/// Walks down `path` and fails where it ends, because only errors know their place.
#[derive(Clone, Copy)]
struct Seek<'a> {
    path: &'a [&'a str],
    key: bool,
    found: &'a Cell<bool>,
}

impl Seek<'_> {
    fn here<E: de::Error>(self) -> E {
        self.found.set(true);
        E::custom("")
    }
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            self.found.set(true);
        }
        f.write_str("the path")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Some((step, below)) = self.path.split_first() else {
            return Err(self.here());
        };
        let index: usize = step.parse().unwrap_or(usize::MAX);
        for _ in 0..index {
            if access.next_element::<IgnoredAny>()?.is_none() {
                return Ok(());
            }
        }
        // An item has no key of its own.
        access.next_element_seed(Seek { path: below, key: self.key && !below.is_empty(), ..self })?;
        while access.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Some((step, below)) = self.path.split_first() else {
            return Err(self.here());
        };
        let last = self.key && below.is_empty();
        while let Some(found) = access.next_key_seed(SeekKey { step, last, seek: self })? {
            if found {
                access.next_value_seed(Seek { path: below, ..self })?;
            } else {
                access.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Compares a key with a step of the path; fails at the key that is looked for.
struct SeekKey<'a> {
    step: &'a str,
    last: bool,
    seek: Seek<'a>,
}

impl SeekKey<'_> {
    fn compare<E: de::Error>(self, key: &str) -> Result<bool, E> {
        match key == self.step {
            true if self.last => Err(self.seek.here()),
            matches => Ok(matches),
        }
    }
}

impl<'de> DeserializeSeed<'de> for SeekKey<'_> {
    type Value = bool;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for SeekKey<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_unit<E: de::Error>(self) -> Result<bool, E> {
        self.compare("null")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<bool, E> {
        self.compare(if value { "true" } else { "false" })
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<bool, E> {
        self.compare(&value.to_string())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<bool, E> {
        self.compare(&value.to_string())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<bool, E> {
        self.compare(&serde_json::Value::from(value).to_string())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<bool, E> {
        self.compare(text)
    }
}
