//! Other ways to name a prompt: model bindings and aliases.

use std::fmt;

use serde_json::Value;

use super::error::ConfigError;
use super::prompts::Prompts;
use super::read::{Fields, Path, did_you_mean, expected, mapping, one_of, string, version};
use crate::catalog::{Catalog, NotFound, PromptId, Reference, ReferenceError, Selector, Table};
use crate::prompt::ClientMessages;

const KEYS: &[&str] = &["prompt_id", "prompt_version", "prompt_label", "model", "client_messages"];

/// The longest name of a model, in bytes.
pub const MAX_MODEL: usize = 256;

/// What a request gets that asks for a bound model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The prompt, by its own id. It is in the catalogue, and so is the version or label, unless there
    /// is a registry.
    pub reference: Reference,
    /// The model that upstream receives, unless the prompt names one.
    pub model: Option<Box<str>>,
    /// What becomes of the client's messages; `None` leaves it to the default, which is to ignore
    /// them.
    pub client_messages: Option<ClientMessages>,
}

/// Model bindings by the model that a request asks for.
#[derive(Clone, Default)]
pub struct Models(Table<Binding>);

/// Other names of prompts.
#[derive(Clone, Default)]
pub struct Aliases(Table<PromptId>);

impl Models {
    /// Whether no model is bound.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The binding of a model.
    pub fn get(&self, model: &str) -> Option<&Binding> {
        self.0.get(model)
    }

    /// The bound models, in no particular order.
    #[cfg(test)]
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|name| &**name)
    }
}

impl Aliases {
    /// The id of the prompt that is asked for by this name: an alias' prompt, else the name itself.
    pub fn resolve<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).map_or(name, PromptId::as_str)
    }

    /// The aliases, in no particular order.
    #[cfg(test)]
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|name| &**name)
    }
}

/// Reads `models`.
pub(super) fn read_models(
    value: Value,
    path: &Path,
    aliases: &Aliases,
    prompts: Prompts<'_>,
) -> Result<Models, ConfigError> {
    let map = mapping(value, path)?;
    let mut models = Table::default();
    models.reserve(map.len());
    for (name, value) in map {
        let path = path.key(&name);
        check_model(&name, &path)?;
        let binding = read_binding(value, &path, aliases, prompts)?;
        models.insert(name.into(), binding);
    }
    Ok(Models(models))
}

fn read_binding(
    value: Value,
    path: &Path,
    aliases: &Aliases,
    prompts: Prompts<'_>,
) -> Result<Binding, ConfigError> {
    let mut fields = Fields::new(value, path, KEYS)?;
    let id = fields.required("prompt_id", |value, path| string(value, path, "a prompt id"))?;
    let id_path = path.key("prompt_id");
    let mut selector = Selector::Default;
    let mut selector_path = id_path;
    if let Some((path, value)) = fields.take("prompt_version") {
        selector = version(&value).map_err(|error| path.error(error))?;
        selector_path = path;
    }
    if let Some((path, value)) = fields.take("prompt_label") {
        if selector != Selector::Default {
            return Err(path.error("may not stand beside `prompt_version`"));
        }
        let label = string(value, &path, "a label")?;
        selector = Selector::label(&label).map_err(|error| path.error(error))?;
        selector_path = path;
    }
    let mut reference = Reference::new(&id, selector).map_err(|error| match error {
        ReferenceError::Id(error) => id_path.error(error),
        other => selector_path.error(other),
    })?;
    if let Some(id) = aliases.0.get(reference.id.as_str()) {
        reference.id = id.clone();
    }
    match prompts.find(&reference) {
        Ok(()) => {}
        Err(NotFound::Prompt) => return Err(no_such_prompt(&id, &id_path, prompts.catalog)),
        Err(other) => return Err(selector_path.error(other)),
    }
    let model = fields.read("model", |value, path| {
        let model = string(value, path, "the name of a model")?;
        check_model(&model, path)?;
        Ok(model.into_boxed_str())
    })?;
    let client_messages = fields.read("client_messages", |value, path| {
        one_of(value, path, &[("append", ClientMessages::Append), ("ignore", ClientMessages::Ignore)])
    })?;
    Ok(Binding { reference, model, client_messages })
}

/// Reads `aliases`. They point at prompts, so there are no chains of them.
pub(super) fn read_aliases(value: Value, path: &Path, prompts: Prompts<'_>) -> Result<Aliases, ConfigError> {
    let map = mapping(value, path)?;
    let mut aliases: Table<PromptId> = Table::default();
    aliases.reserve(map.len());
    for (name, value) in &map {
        let path = path.key(name);
        let alias = PromptId::parse(name).map_err(|error| path.error(error))?;
        if alias.has_version_suffix() {
            return Err(path.error("an alias may not end in a version such as \".v2\""));
        }
        if prompts.catalog.contains(name) {
            return Err(path.error("a prompt of the bundle has this id already"));
        }
        let Value::String(target) = value else {
            return Err(expected("a prompt id", value, &path));
        };
        let id = PromptId::parse(target).map_err(|error| path.error(error))?;
        if id.has_version_suffix() {
            return Err(path.error("an alias names a prompt, not a version of it"));
        }
        if !prompts.catalog.contains(target) && map.contains_key(target) {
            return Err(path.error("an alias may not point at an alias"));
        }
        if !prompts.may_hold(target) {
            return Err(no_such_prompt(target, &path, prompts.catalog));
        }
        aliases.insert(alias.into(), id);
    }
    Ok(Aliases(aliases))
}

fn no_such_prompt(id: &str, path: &Path, catalog: &Catalog) -> ConfigError {
    // Sorted, so that the same mistake always gets the same answer.
    let mut ids: Vec<&str> = catalog.ids().collect();
    ids.sort_unstable();
    let guess = did_you_mean(id, ids.into_iter());
    path.error(format_args!("no such prompt in the bundle{guess}"))
}

fn check_model(name: &str, path: &Path) -> Result<(), ConfigError> {
    if name.trim().is_empty() {
        return Err(path.error("the name of a model may not be empty"));
    }
    if name.len() > MAX_MODEL {
        return Err(path.error(format_args!("the name of a model may not be longer than {MAX_MODEL} bytes")));
    }
    if name.chars().any(char::is_control) {
        return Err(path.error("the name of a model may not hold control characters"));
    }
    Ok(())
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.0).finish()
    }
}

impl fmt::Debug for Aliases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.0).finish()
    }
}
