use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::number::Number;
use super::types::Types;
use super::view::View;

/// A compiled schema.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// No type at all: the schema `false`, which no value fits.
    pub(super) types: Types,
    /// `enum`, and `const` as a list of one.
    pub(super) values: Vec<Values>,
    pub(super) bounds: Vec<Bound>,
    pub(super) required: Vec<Box<str>>,
    pub(super) properties: Vec<(Box<str>, Node)>,
    /// The properties' names, where `additional` asks whether a name is one.
    pub(super) names: BTreeSet<Box<str>>,
    /// Of what is not among the properties; none allows everything.
    pub(super) additional: Option<Box<Node>>,
    pub(super) items: Option<Box<Node>>,
    pub(super) all_of: Vec<Node>,
    pub(super) any_of: Vec<Node>,
    pub(super) one_of: Vec<Node>,
    pub(super) description: Option<Box<str>>,
}

/// What `enum` lists. Texts are looked up: a client may send as many as it likes.
#[derive(Clone, Debug)]
pub(super) struct Values {
    pub(super) texts: BTreeSet<Box<str>>,
    pub(super) others: Vec<Json>,
}

/// An upper or lower bound; each concerns values of one type only.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bound {
    Minimum(Number),
    Maximum(Number),
    Above(Number),
    Below(Number),
    MinLength(u64),
    MaxLength(u64),
    MinItems(u64),
    MaxItems(u64),
    MinProperties(u64),
    MaxProperties(u64),
}

impl Values {
    pub(super) fn new(listed: &[Json]) -> Values {
        let mut values = Values { texts: BTreeSet::new(), others: Vec::new() };
        for value in listed {
            match value {
                Json::String(text) => {
                    values.texts.insert(text.as_str().into());
                }
                other => values.others.push(other.clone()),
            }
        }
        values
    }

    /// How many steps [`Values::contain`] takes.
    pub(super) fn cost(&self, value: View<'_>) -> u64 {
        match value {
            View::Text(_) => 1,
            other => (self.others.len() * (1 + other.len())) as u64,
        }
    }

    pub(super) fn contain(&self, value: View<'_>) -> bool {
        match value {
            View::Text(text) => self.texts.contains(text),
            other => self.others.iter().any(|listed| other.equals(listed)),
        }
    }
}

impl Node {
    /// The schema that every value of these types fits.
    pub(super) fn of_types(types: Types) -> Node {
        Node {
            types,
            values: Vec::new(),
            bounds: Vec::new(),
            required: Vec::new(),
            properties: Vec::new(),
            names: BTreeSet::new(),
            additional: None,
            items: None,
            all_of: Vec::new(),
            any_of: Vec::new(),
            one_of: Vec::new(),
            description: None,
        }
    }

    /// The types that values of this schema can have, as far as its alternatives say.
    pub(super) fn possible_types(&self) -> Types {
        let mut types = self.types;
        for node in &self.all_of {
            types = types.intersection(node.possible_types());
        }
        for alternatives in [&self.any_of, &self.one_of] {
            if !alternatives.is_empty() {
                types = types.intersection(types_of_any(alternatives));
            }
        }
        types
    }
}

/// The types that at least one of the schemas admits.
pub(super) fn types_of_any(nodes: &[Node]) -> Types {
    nodes.iter().fold(Types::NONE, |types, node| types.union(node.possible_types()))
}
