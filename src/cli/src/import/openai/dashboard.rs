//! The JSON that the dashboard itself works with. It is documented nowhere, so that it is read with
//! tolerance: what is looked for may stand at the top, or in one of the objects that are called settings,
//! content, and the like.

use promptgate_core::template::Role;
use serde_json::{Map, Value};

use super::super::draft::Draft;
use super::messages;
use super::recognise::{add, prompt_id, text, version};
use super::settings::{self, Shape};

/// Objects in which the contents or the settings of a prompt may stand.
const LAYERS: [&str; 11] = [
    "config",
    "content",
    "data",
    "definition",
    "model_config",
    "model_settings",
    "parameters",
    "params",
    "prompt",
    "settings",
    "template",
];

/// What holds the text, if there are no messages.
const TEXTS: [&str; 4] = ["content", "template", "prompt", "prompt_text"];

/// What a version may call its number.
const NUMBERS: [&str; 4] = ["version", "version_number", "number", "id"];

/// How deep layers may nest.
const MAX_DEPTH: usize = 4;

/// Whether an object is a prompt, and neither a request nor a Response.
pub(super) fn is_prompt(members: &Map<String, Value>) -> bool {
    let has_id = text(members, "id").is_some_and(|id| prompt_id(id).is_some());
    let has_kind = text(members, "object").is_some_and(|kind| kind.contains("prompt"));
    let holds_messages = members.get("prompt").and_then(Value::as_object).is_some_and(|prompt| {
        ["messages", "instructions", "input", "versions"].iter().any(|name| prompt.contains_key(*name))
    });
    has_id
        || has_kind
        || holds_messages
        || members.get("versions").is_some_and(|versions| !versions.is_null())
}

/// One draft for each version.
pub(super) fn drafts(source: &str, members: &Map<String, Value>) -> Vec<Draft> {
    let whole = layers(members);
    let origin = whole
        .iter()
        .find_map(|layer| ["id", "prompt_id"].iter().find_map(|name| text(layer, name)).and_then(prompt_id));
    let versions = whole.iter().find_map(|layer| layer.get("versions"));
    let versions: Vec<(Option<u64>, &Map<String, Value>)> = match versions {
        Some(Value::Array(items)) => {
            items.iter().filter_map(Value::as_object).map(|one| (number(one), one)).collect()
        }
        Some(Value::Object(items)) => items
            .iter()
            .filter_map(|(name, one)| Some((version(&Value::from(name.as_str())), one.as_object()?)))
            .collect(),
        _ => vec![(whole.iter().find_map(|layer| number(layer)), members)],
    };
    let is_one = versions.len() == 1;
    versions
        .into_iter()
        .enumerate()
        .map(|(index, (version, one))| {
            let source = if is_one { source.to_owned() } else { format!("{source} #{}", index + 1) };
            let mut draft = Draft { source, origin: origin.clone(), version, ..Draft::default() };
            fill(&mut draft, one, members);
            draft
        })
        .collect()
}

fn number(members: &Map<String, Value>) -> Option<u64> {
    NUMBERS.iter().find_map(|name| version(members.get(*name)?))
}

/// An object, and those in it that are its layers.
fn layers<'m>(members: &'m Map<String, Value>) -> Vec<&'m Map<String, Value>> {
    let mut found = vec![members];
    let mut outer = vec![members];
    for _ in 0..MAX_DEPTH {
        let inner =
            |layer: &'m Map<String, Value>| LAYERS.iter().filter_map(|name| layer.get(*name)?.as_object());
        outer = outer.into_iter().flat_map(inner).collect();
        found.extend(outer.iter().copied());
    }
    found
}

/// Name, description, settings and messages of a version; what it does not say the prompt may.
fn fill(draft: &mut Draft, one: &Map<String, Value>, whole: &Map<String, Value>) {
    let layers = layers(one);
    for name in ["name", "description"] {
        if let Some(text) =
            text(one, name).or_else(|| text(whole, name)).filter(|text| !text.trim().is_empty())
        {
            draft.settings.insert(name.to_owned(), Value::from(text));
        }
    }
    let mut found = Map::new();
    for (name, value) in layers.iter().flat_map(|layer| layer.iter()).chain(whole) {
        let is_kept = settings::is_setting(name) && !value.is_null();
        if is_kept && !(name == "text" && value.is_string()) {
            found.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    // `model: {"id": …}`
    let named = found.get("model").and_then(Value::as_object);
    let named = named.and_then(|model| text(model, "id").or_else(|| text(model, "name"))).map(Value::from);
    if let Some(model) = named {
        found.insert("model".to_owned(), model);
    }
    settings::carry(draft, &found, Shape::Request);
    let lists = [("instructions", Role::Developer), ("messages", Role::User), ("input", Role::User)];
    for (name, role) in lists {
        if let Some(value) = layers.iter().find_map(|layer| layer.get(name)) {
            messages::collect(draft, value, role, None);
        }
    }
    if draft.messages.is_empty() {
        let content = layers.iter().find_map(|layer| TEXTS.iter().find_map(|name| layer.get(*name)));
        match content {
            Some(Value::String(content)) => add(draft, Role::Developer, content.clone()),
            Some(list @ Value::Array(_)) => messages::collect(draft, list, Role::Developer, None),
            _ => {}
        }
    }
    draft.check("the dashboard's own JSON is not documented: compare the file with what the dashboard shows");
}
