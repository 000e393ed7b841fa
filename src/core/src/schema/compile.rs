//! JSON Schema to its compiled form.

use serde_json::{Map, Value as Json};

use super::MAX_DEPTH;
use super::error::SchemaError;
use super::keywords::{ANNOTATIONS, CHECKED, UNSUPPORTED};
use super::node::{Bound, Node, Values};
use super::number::Number;
use super::types::Types;
use crate::prompt::nearest;

pub(super) fn compile(source: &Json) -> Result<Node, SchemaError> {
    node(source, 1)
}

fn node(source: &Json, depth: usize) -> Result<Node, SchemaError> {
    if depth > MAX_DEPTH {
        return Err(SchemaError::new(format!("schemas may nest at most {MAX_DEPTH} deep")));
    }
    match source {
        Json::Bool(true) => Ok(Node::of_types(Types::ALL)),
        Json::Bool(false) => Ok(Node::of_types(Types::NONE)),
        Json::Object(members) => {
            let mut node = Node::of_types(Types::ALL);
            for (keyword, value) in members {
                assertion(&mut node, keyword, value, depth).map_err(|error| error.below(keyword))?;
            }
            if node.additional.is_some() {
                node.names = node.properties.iter().map(|(name, _)| name.clone()).collect();
            }
            Ok(node)
        }
        _ => Err(SchemaError::new("a schema is a mapping, `true` or `false`")),
    }
}

fn assertion(node: &mut Node, keyword: &str, value: &Json, depth: usize) -> Result<(), SchemaError> {
    match keyword {
        "type" => node.types = types(value)?,
        "enum" => node.values.push(Values::new(list(value)?)),
        "const" => node.values.push(Values::new(std::slice::from_ref(value))),
        "required" => node.required = names(value)?,
        "properties" => node.properties = properties(value, depth)?,
        "additionalProperties" => node.additional = Some(Box::new(self::node(value, depth + 1)?)),
        "items" => node.items = Some(Box::new(self::node(value, depth + 1)?)),
        "minimum" => node.bounds.push(Bound::Minimum(number(value)?)),
        "maximum" => node.bounds.push(Bound::Maximum(number(value)?)),
        "exclusiveMinimum" => node.bounds.push(Bound::Above(number(value)?)),
        "exclusiveMaximum" => node.bounds.push(Bound::Below(number(value)?)),
        "minLength" => node.bounds.push(Bound::MinLength(count(value)?)),
        "maxLength" => node.bounds.push(Bound::MaxLength(count(value)?)),
        "minItems" => node.bounds.push(Bound::MinItems(count(value)?)),
        "maxItems" => node.bounds.push(Bound::MaxItems(count(value)?)),
        "minProperties" => node.bounds.push(Bound::MinProperties(count(value)?)),
        "maxProperties" => node.bounds.push(Bound::MaxProperties(count(value)?)),
        "allOf" => node.all_of = alternatives(value, depth)?,
        "anyOf" => node.any_of = alternatives(value, depth)?,
        "oneOf" => node.one_of = alternatives(value, depth)?,
        "description" => match value {
            Json::String(text) => node.description = Some(text.as_str().into()),
            _ => return Err(SchemaError::new("a description is text")),
        },
        annotation if ANNOTATIONS.contains(&annotation) || annotation.starts_with("x-") => {}
        other => return Err(unknown(other)),
    }
    Ok(())
}

fn unknown(keyword: &str) -> SchemaError {
    if UNSUPPORTED.contains(&keyword) {
        return SchemaError::new(format!("the JSON Schema keyword `{keyword}` is not supported"));
    }
    let known = CHECKED.iter().chain(ANNOTATIONS).copied();
    SchemaError::new(match nearest::nearest(keyword, known) {
        Some(known) => format!("`{keyword}` is no keyword of JSON Schema; did you mean `{known}`?"),
        None => format!("`{keyword}` is no keyword of JSON Schema"),
    })
}

fn types(value: &Json) -> Result<Types, SchemaError> {
    match value {
        Json::Array(names) if !names.is_empty() => {
            names.iter().try_fold(Types::NONE, |types, name| Ok(types.union(type_named(name)?)))
        }
        Json::Array(_) => Err(SchemaError::new("the list of types is empty")),
        name => type_named(name),
    }
}

fn type_named(name: &Json) -> Result<Types, SchemaError> {
    let Json::String(name) = name else {
        return Err(SchemaError::new("a type is a name such as `string`, or a list of names"));
    };
    Types::named(name).ok_or_else(|| {
        let hint = match super::picoschema::standard_type(name) {
            Some(Some(standard)) => Some(standard),
            _ => nearest::nearest(name, Types::names()),
        };
        SchemaError::new(match hint {
            Some(known) => format!("`{name}` is no type of JSON Schema; did you mean `{known}`?"),
            None => format!("`{name}` is no type of JSON Schema"),
        })
    })
}

fn list(value: &Json) -> Result<&[Json], SchemaError> {
    match value {
        Json::Array(items) if !items.is_empty() => Ok(items),
        _ => Err(SchemaError::new("this takes a list of at least one item")),
    }
}

fn names(value: &Json) -> Result<Vec<Box<str>>, SchemaError> {
    let Json::Array(items) = value else {
        return Err(SchemaError::new("this takes a list of names"));
    };
    let name = |item: &Json| match item {
        Json::String(name) => Ok(name.as_str().into()),
        _ => Err(SchemaError::new("this takes a list of names")),
    };
    items.iter().map(name).collect()
}

fn properties(value: &Json, depth: usize) -> Result<Vec<(Box<str>, Node)>, SchemaError> {
    let members = mapping(value)?;
    members
        .iter()
        .map(|(name, schema)| match node(schema, depth + 1) {
            Ok(node) => Ok((name.as_str().into(), node)),
            Err(error) => Err(error.below(name)),
        })
        .collect()
}

fn mapping(value: &Json) -> Result<&Map<String, Json>, SchemaError> {
    value.as_object().ok_or_else(|| SchemaError::new("this takes a mapping of names to schemas"))
}

fn alternatives(value: &Json, depth: usize) -> Result<Vec<Node>, SchemaError> {
    list(value)?
        .iter()
        .enumerate()
        .map(|(index, schema)| node(schema, depth + 1).map_err(|error| error.below(&index.to_string())))
        .collect()
}

fn number(value: &Json) -> Result<Number, SchemaError> {
    match value {
        Json::Number(number) => Number::from_json(number),
        _ => None,
    }
    .ok_or_else(|| SchemaError::new("this takes a number"))
}

fn count(value: &Json) -> Result<u64, SchemaError> {
    let whole = |float: f64| (float.fract() == 0.0 && (0.0..1e15).contains(&float)).then_some(float as u64);
    value
        .as_u64()
        .or_else(|| value.as_f64().and_then(whole))
        .ok_or_else(|| SchemaError::new("this takes a whole number, zero or more"))
}
