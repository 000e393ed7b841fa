//! What a prompt's variables have to look like, and what its answer will.
//!
//! Two notations, one compiled form: Picoschema (`tone?: string, how to say it`) and JSON Schema.
//! Of JSON Schema this knows a subset; an assertion outside of it is an error when the prompt is
//! loaded, because a schema that silently checks less than it says is worse than none.

mod compile;
mod error;
mod keywords;
mod node;
mod number;
mod picoschema;
mod property;
mod types;
mod validate;
mod view;
mod violation;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value as Json;

use crate::value::Dict;

pub use error::SchemaError;
pub use property::Property;
pub use violation::Violation;

use node::Node;
use picoschema::Extra;

/// How deep schemas may nest, so that walking one never exhausts the stack.
pub const MAX_DEPTH: usize = 64;

/// How many steps the check of an author's own defaults may take.
const MAX_STEPS: u64 = 1_000_000;

/// The schema of a prompt's variables.
#[derive(Clone)]
pub struct Schema {
    root: Node,
}

impl Schema {
    /// Compiles Picoschema or JSON Schema that describes an object.
    pub fn compile(source: &Json) -> Result<Schema, SchemaError> {
        let root = if is_json_schema(source) {
            compile::compile(source)?
        } else {
            compile::compile(&picoschema::convert(source, Extra::Allowed)?)?
        };
        if !root.types.contains(types::Types::OBJECT) {
            return Err(SchemaError::new(
                "the schema of the variables has to describe an object: write a name and a type for each",
            ));
        }
        Ok(Schema { root })
    }

    /// Makes variables optional that have a default.
    pub fn set_defaults<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        let names: BTreeSet<&str> = names.into_iter().collect();
        self.root.required.retain(|required| !names.contains(&**required));
    }

    /// Checks variables within `fuel` steps: a node of the schema, an alternative or a listed value
    /// takes one. Of several violations the one with the shortest path is returned, what is
    /// missing before what is wrong.
    pub fn validate(&self, variables: &Dict, fuel: u64) -> Result<(), Violation> {
        validate::check(&self.root, variables, false, fuel)
    }

    /// Checks only those variables that are there, such as an author's defaults.
    pub fn validate_present(&self, variables: &Dict) -> Result<(), Violation> {
        validate::check(&self.root, variables, true, MAX_STEPS)
    }

    /// The variables that the schema names, in its order.
    pub fn properties(&self) -> impl Iterator<Item = Property<'_>> {
        self.root.properties.iter().map(|(name, node)| Property::new(&self.root, name, node))
    }
}

/// Shows names only: a schema is part of a prompt, and prompts belong into no log.
impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.root.properties.iter().map(|(name, _)| name)).finish()
    }
}

/// The JSON Schema that `source` stands for, as a provider wants it for structured output.
///
/// JSON Schema stays as it is: what it asserts is for the provider to keep. Picoschema is
/// translated, with objects closed against keys that it does not name, as providers ask for.
pub fn to_json_schema(source: &Json) -> Result<Json, SchemaError> {
    if is_json_schema(source) { Ok(source.clone()) } else { picoschema::convert(source, Extra::Refused) }
}

/// A mapping with `$schema`, or with `type: object` and `properties`; else it is Picoschema, in
/// which `type` and `properties` may well be the names of variables.
fn is_json_schema(source: &Json) -> bool {
    let Some(members) = source.as_object() else {
        return false;
    };
    members.contains_key("$schema")
        || (members.get("type").and_then(Json::as_str) == Some("object")
            && members.get("properties").is_some_and(Json::is_object))
}

#[cfg(test)]
mod tests;
