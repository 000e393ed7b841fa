use serde_json::Value as Json;

use super::block::{Block, kind};
use crate::prompt::error::{ErrorKind, PromptError};
use crate::template::Template;

/// The model that a prompt asks for.
#[derive(Debug)]
pub enum Model {
    /// A name as it stands.
    Fixed(String),
    /// A name that the variables decide.
    Template(Template),
}

const PATH: [&str; 1] = ["model"];

pub(super) fn parse(block: &Block<'_>, value: &Json) -> Result<Model, PromptError> {
    let Json::String(text) = value else {
        let message = format!("`model` is text, not {}; put it in quotes", kind(value));
        return Err(block.at_value(ErrorKind::InvalidValue, &PATH, message));
    };
    if ["{{", "{%", "{#"].iter().any(|tag| text.contains(tag)) {
        let place = block.text_position(&PATH);
        let template = if block.holds(place, text) {
            Template::compile_inline(text, place.line, place.column)
        } else {
            Template::compile_elsewhere(text, place.line, place.column)
        };
        return Ok(Model::Template(template?));
    }
    let name = text.trim();
    // A model may become a header's value.
    if name.is_empty() || name.chars().any(char::is_control) {
        let message = "`model` is the name of a model, in one line; leave it out to keep the request's";
        return Err(block.at_value(ErrorKind::InvalidValue, &PATH, message));
    }
    Ok(Model::Fixed(name.to_owned()))
}
