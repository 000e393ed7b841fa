//! From a resolved prompt and a client's variables to messages and a model.

use std::rc::Rc;

use crate::catalog::Resolved;
use crate::config::{self, Config, MAX_MODEL, MissingVariables, Policy};
use crate::prompt::{Input, Model, Prompt};
use crate::reply::LocalReply;
use crate::template::{self, Limits, Message, Options, Undefined};
use crate::value::{Dict, JsonError, JsonErrorKind, Key, TooDeep, Value};

use super::dialect::Dialect;
use super::named::Names;
use super::replies;
use super::request::Ask;

/// What rendering a model may use, within `limits`: bytes and steps.
const MODEL_MEMORY: u64 = 1 << 20;
const MODEL_FUEL: u64 = 10_000;

/// What a prompt came to.
pub(super) struct Rendered {
    pub(super) messages: Vec<Message>,
    pub(super) model: Option<RenderedModel>,
}

/// The model of a front matter.
pub(super) struct RenderedModel {
    pub(super) name: String,
    /// Whether the route may depend on it: it is the author's, or one that policy names.
    pub(super) routable: bool,
}

/// What a prompt is rendered with.
pub(super) struct Inputs<'i> {
    pub(super) config: &'i Config,
    pub(super) policy: &'i Policy,
    pub(super) dialect: &'i Dialect,
    pub(super) ask: &'i Ask<'i, 'i>,
}

impl Inputs<'_> {
    /// Renders `prompt`, which `resolved` found.
    pub(super) fn render(&self, resolved: &Resolved<'_>, prompt: &Prompt) -> Result<Rendered, LocalReply> {
        let names = self.ask.names;
        let variables =
            read_variables(&prompt.front_matter.input, self.ask.variables, &self.config.limits, names)?;
        let options = self.options();
        let failed = |error: template::Error| replies::failed(resolved, names, &error);
        let messages = prompt.template.render(&variables, &options).map_err(failed)?;
        let model = match &prompt.front_matter.model {
            None => None,
            Some(Model::Fixed(name)) => Some(RenderedModel { name: name.clone(), routable: true }),
            Some(Model::Template(template)) => {
                let name = template.render_text(&variables, &for_model(options)).map_err(failed)?;
                let name = name.trim();
                if name.is_empty() {
                    let (line, column) = template.position();
                    let what = format!("the model rendered to nothing (line {line}, column {column})");
                    return Err(replies::unrendered(resolved, &what));
                }
                Some(chosen_model(self.policy, name)?)
            }
        };
        Ok(Rendered { messages, model })
    }

    fn options(&self) -> Options {
        let limits = &self.config.limits;
        Options {
            undefined: match self.config.missing_variables {
                MissingVariables::Error => Undefined::Error,
                MissingVariables::Empty => Undefined::Empty,
            },
            limits: Limits {
                rendered: limits.rendered as u64,
                memory: limits.memory as u64,
                fuel: limits.fuel,
            },
            parts: self.dialect.parts,
        }
    }
}

/// A model's name is short, and it comes after the messages, which had all the budgets.
fn for_model(options: Options) -> Options {
    let Limits { rendered, memory, fuel } = options.limits;
    let limits = Limits { rendered, memory: memory.min(MODEL_MEMORY), fuel: fuel.min(MODEL_FUEL) };
    Options { limits, ..options }
}

/// A model that came out of a template is a client's choice.
fn chosen_model(policy: &Policy, name: &str) -> Result<RenderedModel, LocalReply> {
    if name.len() > MAX_MODEL || name.chars().any(char::is_control) {
        return Err(replies::model_not_allowed("can't be one: its name is too long, or not one line"));
    }
    match policy.allows_model(name) {
        Some(false) => Err(replies::model_not_allowed("this gateway does not allow")),
        allowed => Ok(RenderedModel { name: name.to_owned(), routable: allowed == Some(true) }),
    }
}

/// The client's variables over the prompt's defaults, checked against its schema.
fn read_variables(
    input: &Input,
    raw: Option<&str>,
    limits: &config::Limits,
    names: &Names,
) -> Result<Rc<Dict>, LocalReply> {
    let unreadable = |error| replies::unreadable(names, error);
    let sent = raw.map(|raw| Value::from_json_within(raw, limits.memory)).transpose().map_err(unreadable)?;
    let sent = match sent {
        Some(Value::Dict(dict)) => dict,
        _ => Rc::default(),
    };
    let variables = if input.defaults.is_empty() {
        sent
    } else {
        let too_deep = |_| unreadable(JsonError { kind: JsonErrorKind::TooDeep, member: None });
        Rc::new(with_defaults(input, &sent).map_err(too_deep)?)
    };
    if let Some(schema) = &input.schema {
        schema.validate(&variables, limits.fuel).map_err(|violation| replies::refused(names, violation))?;
    }
    Ok(variables)
}

fn with_defaults(input: &Input, sent: &Dict) -> Result<Dict, TooDeep> {
    let mut variables = Dict::new();
    for (name, value) in &input.defaults {
        variables.insert(Key::from(name.as_str()), value.clone())?;
    }
    for (name, value) in sent.iter() {
        if let Value::Str(name) = name {
            variables.insert(Key::from(name.clone()), value.clone())?;
        }
    }
    Ok(variables)
}
