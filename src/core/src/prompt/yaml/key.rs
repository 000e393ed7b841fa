use std::fmt;

use serde::de::{self, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use super::ErrorKind;
use super::tree::Tree;

/// The key of a mapping, as text.
pub(super) struct Key<'s, 'm> {
    pub(super) tree: Tree<'s>,
    /// What the mapping holds so far.
    pub(super) seen: &'m Map<String, Json>,
    /// Whether it had a `<<`.
    pub(super) merged: bool,
}

impl Key<'_, '_> {
    fn take<E: de::Error>(self, key: String) -> Result<String, E> {
        // Checked here and not once the value is read, so that the error points at the key.
        if self.seen.contains_key(&key) || (self.merged && key == "<<") {
            let message = format!("the key `{key}` occurs twice");
            return Err(self.tree.state.fail(ErrorKind::DuplicateKey, message));
        }
        self.tree.state.charge(key.len())?;
        Ok(key)
    }

    fn complex<E: de::Error>(self) -> E {
        self.tree.state.fail(ErrorKind::ComplexKey, ErrorKind::ComplexKey.describe())
    }
}

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = String;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Key<'_, '_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_none<E: de::Error>(self) -> Result<String, E> {
        self.take("null".to_owned())
    }

    fn visit_unit<E: de::Error>(self) -> Result<String, E> {
        self.take("null".to_owned())
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<String, E> {
        self.take(value.to_string())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<String, E> {
        self.take(value.to_string())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<String, E> {
        self.take(value.to_string())
    }

    fn visit_i128<E: de::Error>(self, _: i128) -> Result<String, E> {
        Err(self.tree.number())
    }

    fn visit_u128<E: de::Error>(self, _: u128) -> Result<String, E> {
        Err(self.tree.number())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<String, E> {
        match self.tree.visit_f64::<E>(value)? {
            Json::Number(number) => self.take(number.to_string()),
            _ => Err(self.tree.number()),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        self.take(text.to_owned())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<String, A::Error> {
        Err(self.complex())
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<String, A::Error> {
        Err(self.complex())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<String, A::Error> {
        Err(self.tree.tag(access))
    }
}
