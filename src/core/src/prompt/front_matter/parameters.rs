use serde_json::{Map, Value as Json};

use super::block::{Block, kind};
use super::{PARAMETERS_BLOCK, RESERVED, is_refused};
use crate::prompt::error::{ErrorKind, PromptError};

/// The request fields of a front matter: what stands at the top wins over what stands in `config:`,
/// and null is as good as absent.
pub(super) fn collect(
    block: &Block<'_>,
    members: Map<String, Json>,
) -> Result<Vec<(String, Json)>, PromptError> {
    let mut parameters: Vec<(String, Json)> = Vec::new();
    let mut inner = Map::new();
    if let Some(config) = members.get(PARAMETERS_BLOCK) {
        inner = unpack(block, config, &members)?;
    }
    for (key, value) in members {
        if key == PARAMETERS_BLOCK {
            parameters.extend(std::mem::take(&mut inner));
        } else if !RESERVED.contains(&key.as_str()) && !value.is_null() {
            parameters.push((key, value));
        }
    }
    Ok(parameters)
}

/// The members of `config:` that are parameters and not set at the top.
fn unpack(
    block: &Block<'_>,
    config: &Json,
    top: &Map<String, Json>,
) -> Result<Map<String, Json>, PromptError> {
    let members = match config {
        Json::Null => return Ok(Map::new()),
        Json::Object(members) => members,
        other => {
            let message = format!("`{PARAMETERS_BLOCK}` is a mapping of parameters, not {}", kind(other));
            return Err(block.at_value(ErrorKind::InvalidValue, &[PARAMETERS_BLOCK], message));
        }
    };
    for key in members.keys() {
        let path = [PARAMETERS_BLOCK, key];
        if key == "model" {
            let message = "`model` is no parameter; it stands at the top of the front matter";
            return Err(block.at_key(ErrorKind::RefusedKey, &path, message));
        }
        // `input` is what the Responses API calls the messages.
        if key == "input" || is_refused(key) {
            let message = format!("`{key}` belongs to the caller; a prompt can't set it");
            return Err(block.at_key(ErrorKind::RefusedKey, &path, message));
        }
    }
    let is_set_at_top = |key: &str| top.get(key).is_some_and(|value| !value.is_null());
    Ok(members
        .iter()
        .filter(|(key, value)| !value.is_null() && !is_set_at_top(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect())
}
