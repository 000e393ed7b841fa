use std::fmt;

use serde::de::{self, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use super::ErrorKind;
use super::tree::Tree;

/// What serde's own errors end in where `<<` has another value.
pub(super) const MERGEABLE: &str = "a mapping or mappings to merge";

/// The value of `<<`: a mapping, or a list of mappings of which the first has precedence.
pub(super) struct Merge<'s> {
    pub(super) tree: Tree<'s>,
    pub(super) list: bool,
}

impl<'de> DeserializeSeed<'de> for Merge<'_> {
    type Value = Map<String, Json>;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Merge<'_> {
    type Value = Map<String, Json>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MERGEABLE)
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        match self.tree.visit_map(access)? {
            Json::Object(members) => Ok(members),
            _ => Ok(Map::new()),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        if !self.list {
            return Err(self.tree.state.fail(ErrorKind::Merge, ErrorKind::Merge.describe()));
        }
        let mut all = Map::new();
        while let Some(members) = access.next_element_seed(Merge { tree: self.tree, list: false })? {
            for (key, value) in members {
                all.entry(key).or_insert(value);
            }
        }
        Ok(all)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        Err(self.tree.tag(access))
    }
}
