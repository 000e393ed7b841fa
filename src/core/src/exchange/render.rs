//! From a resolved prompt and a client's variables to messages and a model.

use std::rc::Rc;

use crate::catalog::Resolved;
use crate::config::{self, Config, MAX_MODEL, MissingVariables, Policy};
use crate::prompt::{Input, Model, Prompt};
use crate::reply::{Code, LocalReply};
use crate::schema::Violation;
use crate::template::{self, Limits, Message, Options, Undefined};
use crate::value::{Dict, JsonError, JsonErrorKind, Key, TooDeep, Value};

use super::dialect::Dialect;
use super::named::Names;
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
        let failed = |error: template::Error| failed(resolved, names, &error);
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
                    return Err(unrendered(resolved, &what));
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

/// The reply to a content part that stands where only text can.
pub(super) fn not_text(resolved: &Resolved<'_>, names: &Names, variable: Option<&str>) -> LocalReply {
    let Some(variable) = variable else {
        return unrendered(resolved, "a content part stands where only text can");
    };
    LocalReply::on(
        Code::InvalidVariable,
        format!("{}.{variable}", names.variables),
        format!(
            "The variable `{variable}` is a content part, and the prompt uses it as text: send a string, \
             or use it as the whole of a message."
        ),
    )
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
        let message =
            "The variables choose a model that can't be one: its name is too long, or not one line.";
        return Err(LocalReply::on(Code::ModelNotAllowed, "model", message));
    }
    match policy.allows_model(name) {
        Some(false) => Err(LocalReply::on(
            Code::ModelNotAllowed,
            "model",
            "The variables choose a model that this gateway does not allow.",
        )),
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
    let unreadable = |error| unreadable(names, error);
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
        schema.validate(&variables, limits.fuel).map_err(|violation| refused(names, violation))?;
    }
    Ok(variables)
}

fn refused(names: &Names, violation: Violation) -> LocalReply {
    let Violation { path, expected, actual, missing } = violation;
    // Without a path it is the variables as a whole, such as too few of them.
    let (param, what) = if path.is_empty() {
        (names.variables.to_owned(), format!("`{}`", names.variables))
    } else {
        (format!("{}.{path}", names.variables), format!("The variable `{path}`"))
    };
    if missing {
        LocalReply::on(
            Code::MissingVariable,
            param,
            format!("{what} is missing: the prompt expects {expected}."),
        )
    } else {
        LocalReply::on(
            Code::InvalidVariable,
            param,
            format!("{what} is of the wrong kind: the prompt expects {expected}, not {actual}."),
        )
    }
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

fn unreadable(names: &Names, error: JsonError) -> LocalReply {
    let (code, what) = match error.kind {
        JsonErrorKind::DuplicateKey => (Code::DuplicateField, "has a name that occurs twice"),
        JsonErrorKind::TooDeep => (Code::InvalidVariable, "nests deeper than 64 levels"),
        JsonErrorKind::IntegerTooLarge => (Code::InvalidVariable, "has an integer beyond 128 bits"),
        JsonErrorKind::TooLarge => {
            (Code::InvalidVariable, "takes more memory than variables may (limits.memory)")
        }
        JsonErrorKind::Syntax => {
            (Code::InvalidVariable, "has text that is not Unicode: half of a surrogate pair")
        }
    };
    let field = names.variables;
    match error.member {
        Some(name) => {
            let name: String = name.chars().take(100).collect();
            LocalReply::on(code, format!("{field}.{name}"), format!("The variable `{name}` {what}."))
        }
        None => LocalReply::on(code, field, format!("`{field}` {what}.")),
    }
}

fn failed(resolved: &Resolved<'_>, names: &Names, error: &template::Error) -> LocalReply {
    let field = names.variables;
    if let Some(path) = error.missing_variable() {
        let message = format!("The prompt needs the variable `{path}`: add it to `{field}`.");
        return LocalReply::on(Code::MissingVariable, format!("{field}.{path}"), message);
    }
    match error.part_in_text() {
        Some(path) => not_text(resolved, names, Some(path)),
        None => unrendered(resolved, &error.public_message()),
    }
}

fn unrendered(resolved: &Resolved<'_>, what: &str) -> LocalReply {
    let (id, version) = (resolved.id, resolved.version);
    let message = format!("The prompt `{id}` (version {version}) could not be rendered: {what}.");
    LocalReply::new(Code::PromptRenderFailed, message)
}
