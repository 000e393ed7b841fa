//! Picoschema, the short notation of Google's dotprompt, to JSON Schema.
//!
//! ```yaml
//! tone?: string, how to say it
//! tags(array, what it is about): string
//! mood(enum): [GOOD, BAD]
//! user:
//!   name: string
//!   (*): any
//! ```

use serde_json::{Map, Value as Json, json};

use super::MAX_DEPTH;
use super::error::SchemaError;
use crate::prompt::nearest;

/// What becomes of members that an object's schema does not name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extra {
    Allowed,
    Refused,
}

/// The names of Picoschema's types.
const TYPES: [&str; 8] = ["string", "integer", "number", "boolean", "array", "object", "null", "any"];

/// The type of that name in JSON Schema: Picoschema's own names, and LiteLLM's, which are Python's.
/// `any` is no type there.
pub(super) fn standard_type(name: &str) -> Option<Option<&'static str>> {
    Some(Some(match name {
        "string" | "str" => "string",
        "integer" | "int" => "integer",
        "number" | "float" => "number",
        "boolean" | "bool" => "boolean",
        "array" | "list" => "array",
        "object" | "dict" => "object",
        "null" => "null",
        "any" => return Some(None),
        _ => return None,
    }))
}

/// Translates a whole schema.
pub(super) fn convert(source: &Json, extra: Extra) -> Result<Json, SchemaError> {
    schema(source, extra, 1)
}

fn schema(source: &Json, extra: Extra, depth: usize) -> Result<Json, SchemaError> {
    if depth > MAX_DEPTH {
        return Err(SchemaError::new(format!("schemas may nest at most {MAX_DEPTH} deep")));
    }
    match source {
        Json::String(text) => scalar(text),
        Json::Object(members) => object(members, extra, depth),
        Json::Null => Err(SchemaError::new("a type is missing; write `any`, or \"null\" in quotes")),
        _ => Err(SchemaError::new("a type is a name such as `string`, or a mapping of names to types")),
    }
}

/// `string, what the user asked`
fn scalar(text: &str) -> Result<Json, SchemaError> {
    let (name, description) = split_description(text);
    let Some(standard) = standard_type(name) else {
        return Err(SchemaError::new(match nearest::nearest(name, TYPES) {
            Some(known) => format!("`{name}` is no type; did you mean `{known}`?"),
            None => format!("`{name}` is no type; known are {}", TYPES.join(", ")),
        }));
    };
    let mut schema = Map::new();
    if let Some(standard) = standard {
        schema.insert("type".to_owned(), json!(standard));
    }
    Ok(described(schema, description))
}

fn object(members: &Map<String, Json>, extra: Extra, depth: usize) -> Result<Json, SchemaError> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut additional = (extra == Extra::Refused).then_some(Json::Bool(false));
    for (key, value) in members {
        if key.trim() == "(*)" {
            additional = Some(schema(value, extra, depth + 1).map_err(|error| error.below(key))?);
            continue;
        }
        let field = Field::parse(key).map_err(|error| error.below(key))?;
        let converted = field.schema(value, extra, depth + 1).map_err(|error| error.below(key))?;
        if properties.insert(field.name.to_owned(), converted).is_some() {
            let message = format!("`{}` occurs twice", field.name);
            return Err(SchemaError::new(message).below(key));
        }
        if !field.optional {
            required.push(json!(field.name));
        }
    }
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Json::Object(properties));
    if !required.is_empty() {
        schema.insert("required".to_owned(), Json::Array(required));
    }
    if let Some(additional) = additional {
        schema.insert("additionalProperties".to_owned(), additional);
    }
    Ok(Json::Object(schema))
}

/// The left side: `name`, `name?`, `name(array)`, `name?(enum, how it feels)`.
struct Field<'a> {
    name: &'a str,
    optional: bool,
    kind: Kind,
    description: Option<&'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Array,
    Object,
    Enum,
}

impl<'a> Field<'a> {
    fn parse(key: &'a str) -> Result<Field<'a>, SchemaError> {
        let (name, kind, description) = match key.split_once('(') {
            None => (key, Kind::Plain, None),
            Some((name, rest)) => {
                let Some(inner) = rest.trim_end().strip_suffix(')') else {
                    return Err(SchemaError::new("the bracket is not closed"));
                };
                let (kind, description) = split_description(inner);
                let kind = match kind {
                    "array" | "list" => Kind::Array,
                    "object" | "dict" => Kind::Object,
                    "enum" => Kind::Enum,
                    other => {
                        return Err(SchemaError::new(format!(
                            "in brackets stands `array`, `object` or `enum`, not `{other}`"
                        )));
                    }
                };
                (name, kind, description)
            }
        };
        let name = name.trim();
        let (name, optional) = match name.strip_suffix('?') {
            Some(name) => (name.trim_end(), true),
            None => (name, false),
        };
        if name.is_empty() {
            return Err(SchemaError::new("a name is missing"));
        }
        Ok(Field { name, optional, kind, description })
    }

    fn schema(&self, value: &Json, extra: Extra, depth: usize) -> Result<Json, SchemaError> {
        let mut schema = match self.kind {
            Kind::Plain => members(schema(value, extra, depth)?),
            Kind::Array => {
                let items = schema(value, extra, depth)?;
                Map::from_iter([("type".to_owned(), json!("array")), ("items".to_owned(), items)])
            }
            Kind::Object if value.is_object() => members(schema(value, extra, depth)?),
            Kind::Object => {
                return Err(SchemaError::new("an object is a mapping of names to types"));
            }
            Kind::Enum => Map::from_iter([("enum".to_owned(), values(value)?)]),
        };
        if self.optional {
            admit_null(&mut schema);
        }
        Ok(described(schema, self.description))
    }
}

fn members(schema: Json) -> Map<String, Json> {
    match schema {
        Json::Object(members) => members,
        _ => Map::new(),
    }
}

fn values(value: &Json) -> Result<Json, SchemaError> {
    let is_scalar = |value: &Json| !value.is_array() && !value.is_object();
    match value {
        Json::Array(values) if !values.is_empty() && values.iter().all(is_scalar) => Ok(value.clone()),
        _ => Err(SchemaError::new("an enum is a list of its values: [GOOD, BAD]")),
    }
}

/// An optional member may as well be null, as dotprompt has it.
fn admit_null(schema: &mut Map<String, Json>) {
    if let Some(kind) = schema.get_mut("type")
        && *kind != json!("null")
    {
        *kind = json!([kind.take(), "null"]);
    }
    if let Some(Json::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Json::Null)
    {
        values.push(Json::Null);
    }
}

fn described(mut schema: Map<String, Json>, description: Option<&str>) -> Json {
    if let Some(description) = description {
        schema.insert("description".to_owned(), json!(description));
    }
    Json::Object(schema)
}

/// What stands before the first comma, and what stands behind it.
fn split_description(text: &str) -> (&str, Option<&str>) {
    match text.split_once(',') {
        None => (text.trim(), None),
        Some((name, description)) => {
            let description = description.trim();
            (name.trim(), (!description.is_empty()).then_some(description))
        }
    }
}
