//! What the YAML deserializer is asked to build: a JSON tree.

use std::fmt;

use serde::de::{self, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value as Json};

use super::ErrorKind;
use super::key::Key;
use super::merge::Merge;
use super::state::State;

/// Builds a JSON value.
#[derive(Clone, Copy)]
pub(super) struct Tree<'s> {
    pub(super) state: &'s State,
}

impl<'s> Tree<'s> {
    pub(super) fn new(state: &'s State) -> Tree<'s> {
        Tree { state }
    }

    pub(super) fn number<E: de::Error>(self) -> E {
        self.state.fail(ErrorKind::Number, ErrorKind::Number.describe())
    }

    pub(super) fn tag<'de, A: EnumAccess<'de>>(self, access: A) -> A::Error {
        match access.variant::<String>() {
            Ok((tag, _)) => self.state.fail(
                ErrorKind::Tag,
                format!("the YAML tag `!{}` is not supported", tag.trim_start_matches('!')),
            ),
            Err(error) => error,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Json;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_none<E: de::Error>(self) -> Result<Json, E> {
        self.visit_unit()
    }

    fn visit_unit<E: de::Error>(self) -> Result<Json, E> {
        self.state.charge(0)?;
        Ok(Json::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Json, E> {
        self.state.charge(0)?;
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Json, E> {
        self.state.charge(0)?;
        Ok(Json::from(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Json, E> {
        self.state.charge(0)?;
        Ok(Json::from(value))
    }

    fn visit_i128<E: de::Error>(self, _: i128) -> Result<Json, E> {
        Err(self.number())
    }

    fn visit_u128<E: de::Error>(self, _: u128) -> Result<Json, E> {
        Err(self.number())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Json, E> {
        // An integer beyond 128 bits arrives as a float; so large a float is taken for one.
        if value.abs() >= u64::MAX as f64 {
            return Err(self.number());
        }
        self.state.charge(0)?;
        Number::from_f64(value).map(Json::Number).ok_or_else(|| self.number())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Json, E> {
        self.state.charge(text.len())?;
        Ok(Json::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        self.state.charge(0)?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        self.state.charge(0)?;
        let mut members = Map::new();
        let mut merged = None;
        loop {
            let key = Key { tree: self, seen: &members, merged: merged.is_some() };
            let Some(key) = access.next_key_seed(key)? else {
                break;
            };
            if key == "<<" {
                merged = Some(access.next_value_seed(Merge { tree: self, list: true })?);
            } else {
                let value = access.next_value_seed(self)?;
                members.insert(key, value);
            }
        }
        // What is written out wins over what is merged in, wherever `<<` stands.
        for (key, value) in merged.into_iter().flatten() {
            members.entry(key).or_insert(value);
        }
        Ok(Json::Object(members))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Json, A::Error> {
        Err(self.tag(access))
    }
}
