use serde_json::{Value as Json, json};

use super::block::{Block, kind};
use super::input::invalid_schema;
use crate::prompt::error::{ErrorKind, PromptError};
use crate::schema;

/// The longest name that a provider takes for a schema.
const MAX_NAME: usize = 64;
const KEYS: [&str; 2] = ["format", "schema"];

/// The `response_format` that `output:` stands for, if it stands for one.
pub(super) fn parse(block: &Block<'_>, id: &str, value: &Json) -> Result<Option<Json>, PromptError> {
    let Json::Object(members) = value else {
        let message = format!("`output` is a mapping with `format` and `schema`, not {}", kind(value));
        return Err(block.at_value(ErrorKind::InvalidValue, &["output"], message));
    };
    if let Some(key) = members.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(block.unknown_key(&["output", key], &KEYS));
    }
    let schema = match members.get("schema") {
        None | Some(Json::Null) => None,
        Some(source) => {
            let path = ["output", "schema"];
            Some(schema::to_json_schema(source).map_err(|error| invalid_schema(block, &path, &error))?)
        }
    };
    let format = members.get("format").unwrap_or(&Json::Null);
    match (format, format.as_str(), schema) {
        (_, Some("json"), None) => Ok(Some(json!({"type": "json_object"}))),
        (_, Some("json"), Some(schema)) => Ok(Some(json!({
            "type": "json_schema",
            "json_schema": {"name": schema_name(id), "schema": schema},
        }))),
        (Json::Null, ..) | (_, Some("text"), _) => Ok(None),
        _ => {
            let message = "`format` is `json` or `text`";
            Err(block.at_value(ErrorKind::InvalidValue, &["output", "format"], message))
        }
    }
}

/// The id with every other character than letters, digits, `_` and `-` replaced, cut to what
/// providers allow.
fn schema_name(id: &str) -> String {
    let allowed = |character: char| match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' => character,
        _ => '_',
    };
    id.chars().map(allowed).take(MAX_NAME).collect()
}
