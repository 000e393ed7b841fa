//! From a resolved prompt and a client's variables to messages and a model.

use std::rc::Rc;

use crate::catalog::Resolved;
use crate::config::{self, Config, MAX_MODEL, MissingVariables, Policy};
use crate::prompt::{Input, Model, Prompt};
use crate::reply::{Code, LocalReply};
use crate::schema::Violation;
use crate::template::{self, Limits, Message, Options, Undefined};
use crate::value::{Dict, JsonError, JsonErrorKind, Key, Value};

use super::request::VARIABLES;

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

/// Renders `prompt`, which `resolved` found.
pub(super) fn render(
    config: &Config,
    policy: &Policy,
    resolved: &Resolved<'_>,
    prompt: &Prompt,
    variables: Option<&str>,
) -> Result<Rendered, LocalReply> {
    let variables = read_variables(&prompt.front_matter.input, variables, &config.limits)?;
    let options = options(config);
    let messages = prompt.template.render(&variables, &options).map_err(|error| failed(resolved, &error))?;
    let model = match &prompt.front_matter.model {
        None => None,
        Some(Model::Fixed(name)) => Some(RenderedModel { name: name.clone(), routable: true }),
        Some(Model::Template(template)) => {
            let name = template
                .render_text(&variables, &for_model(options))
                .map_err(|error| failed(resolved, &error))?;
            let name = name.trim();
            if name.is_empty() {
                let (line, column) = template.position();
                let what = format!("the model rendered to nothing (line {line}, column {column})");
                return Err(unrendered(resolved, &what));
            }
            Some(chosen_model(policy, name)?)
        }
    };
    Ok(Rendered { messages, model })
}

fn options(config: &Config) -> Options {
    Options {
        undefined: match config.missing_variables {
            MissingVariables::Error => Undefined::Error,
            MissingVariables::Empty => Undefined::Empty,
        },
        limits: Limits {
            rendered: config.limits.rendered as u64,
            memory: config.limits.memory as u64,
            fuel: config.limits.fuel,
        },
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
fn read_variables(input: &Input, raw: Option<&str>, limits: &config::Limits) -> Result<Rc<Dict>, LocalReply> {
    let sent =
        match raw.map(|raw| Value::from_json_within(raw, limits.memory)).transpose().map_err(unreadable)? {
            Some(Value::Dict(dict)) => dict,
            _ => Rc::default(),
        };
    let variables = if input.defaults.is_empty() { sent } else { Rc::new(with_defaults(input, &sent)?) };
    if let Some(schema) = &input.schema {
        schema.validate(&variables, limits.fuel).map_err(refused)?;
    }
    Ok(variables)
}

fn refused(violation: Violation) -> LocalReply {
    let Violation { path, expected, actual, missing } = violation;
    // Without a path it is the variables as a whole, such as too few of them.
    let (param, what) = if path.is_empty() {
        (VARIABLES.to_owned(), format!("`{VARIABLES}`"))
    } else {
        (format!("{VARIABLES}.{path}"), format!("The variable `{path}`"))
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

fn with_defaults(input: &Input, sent: &Dict) -> Result<Dict, LocalReply> {
    let mut variables = Dict::new();
    let mut set = |key: Key, value: &Value| {
        variables
            .insert(key, value.clone())
            .map_err(|_| unreadable(JsonError { kind: JsonErrorKind::TooDeep, member: None }))
    };
    for (name, value) in &input.defaults {
        set(Key::from(name.as_str()), value)?;
    }
    for (name, value) in sent.iter() {
        if let Value::Str(name) = name {
            set(Key::from(name.clone()), value)?;
        }
    }
    Ok(variables)
}

fn unreadable(error: JsonError) -> LocalReply {
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
    match error.member {
        Some(name) => {
            let name: String = name.chars().take(100).collect();
            LocalReply::on(code, format!("{VARIABLES}.{name}"), format!("The variable `{name}` {what}."))
        }
        None => LocalReply::on(code, VARIABLES, format!("`{VARIABLES}` {what}.")),
    }
}

fn failed(resolved: &Resolved<'_>, error: &template::Error) -> LocalReply {
    match error.missing_variable() {
        Some(path) => LocalReply::on(
            Code::MissingVariable,
            format!("{VARIABLES}.{path}"),
            format!("The prompt needs the variable `{path}`: add it to `{VARIABLES}`."),
        ),
        None => unrendered(resolved, &error.public_message()),
    }
}

fn unrendered(resolved: &Resolved<'_>, what: &str) -> LocalReply {
    let (id, version) = (resolved.id, resolved.version);
    let message = format!("The prompt `{id}` (version {version}) could not be rendered: {what}.");
    LocalReply::new(Code::PromptRenderFailed, message)
}
