use serde_json::{Map, Value as Json};

use super::block::{Block, kind};
use crate::prompt::error::{ErrorKind, PromptError};
use crate::schema::{Schema, SchemaError};
use crate::value::{Dict, Key, Value};

/// What a prompt says about its variables.
#[derive(Debug, Default)]
pub struct Input {
    /// What they have to look like. Variables with a default are optional in it.
    pub schema: Option<Schema>,
    /// What they are if the request does not bring them, in the order of the file.
    pub defaults: Vec<(String, Value)>,
}

const KEYS: [&str; 2] = ["schema", "default"];

pub(super) fn parse(block: &Block<'_>, value: &Json) -> Result<Input, PromptError> {
    let Json::Object(members) = value else {
        let message = format!("`input` is a mapping with `schema` and `default`, not {}", kind(value));
        return Err(block.at_value(ErrorKind::InvalidValue, &["input"], message));
    };
    if let Some(key) = members.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(block.unknown_key(&["input", key], &KEYS));
    }
    let mut schema = match members.get("schema") {
        None | Some(Json::Null) => None,
        Some(source) => Some(
            Schema::compile(source).map_err(|error| invalid_schema(block, &["input", "schema"], &error))?,
        ),
    };
    let defaults = match members.get("default") {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::Object(defaults)) => values(block, defaults)?,
        Some(other) => {
            let message = format!("`default` is a mapping of variables to values, not {}", kind(other));
            return Err(block.at_value(ErrorKind::InvalidValue, &["input", "default"], message));
        }
    };
    let variables = variables(block, &defaults)?;
    if let Some(schema) = &mut schema {
        schema.set_defaults(defaults.iter().map(|(name, _)| name.as_str()));
        check(block, schema, &variables)?;
    }
    Ok(Input { schema, defaults })
}

/// An error in a schema that stands under `path`.
pub(super) fn invalid_schema(block: &Block<'_>, path: &[&str], error: &SchemaError) -> PromptError {
    let path: Vec<&str> = path.iter().copied().chain(error.path()).collect();
    block.at_value(ErrorKind::InvalidSchema, &path, error.message())
}

fn values(block: &Block<'_>, defaults: &Map<String, Json>) -> Result<Vec<(String, Value)>, PromptError> {
    let value = |(name, default): (&String, &Json)| match Value::from_tree(default) {
        Ok(value) => Ok((name.clone(), value)),
        Err(_) => Err(too_deep(block, name)),
    };
    defaults.iter().map(value).collect()
}

fn too_deep(block: &Block<'_>, name: &str) -> PromptError {
    let message = format!("the default of `{name}` nests too deep");
    block.at_key(ErrorKind::InvalidDefault, &["input", "default", name], message)
}

/// The defaults as the variables that they may become; one level is for the variables themselves.
fn variables(block: &Block<'_>, defaults: &[(String, Value)]) -> Result<Dict, PromptError> {
    let mut variables = Dict::new();
    for (name, value) in defaults {
        variables.insert(Key::from(name.as_str()), value.clone()).map_err(|_| too_deep(block, name))?;
    }
    Ok(variables)
}

/// A default that its schema refuses would be answered to every client as an error of its own.
fn check(block: &Block<'_>, schema: &Schema, variables: &Dict) -> Result<(), PromptError> {
    schema.validate_present(variables).map_err(|violation| {
        let path: Vec<&str> = ["input", "default"].into_iter().chain(violation.path.split('.')).collect();
        let message = format!("the default does not fit the schema: {violation}");
        block.at_value(ErrorKind::InvalidDefault, &path, message)
    })
}
