//! Templates: what the real Jinja2 rendered, recorded by `tests/jinja`.

use std::collections::BTreeMap;

use promptgate_core::prompt::Prompt;
use promptgate_core::template::{Content, Error, Message, Options, Role};
use promptgate_core::value::Value;
use serde::Deserialize;

/// What Jinja2 made of one template.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    template: String,
    variables: serde_json::Value,
    expect: Option<String>,
    /// Whose error it is: `undefined` (a client's variable is missing), `author`, or `any` of them.
    error: Option<String>,
    /// The path of the variable that is missing.
    variable: Option<String>,
}

/// What the engine makes of it.
#[derive(Debug, PartialEq)]
enum Outcome {
    Text(String),
    Missing(String),
    Author(String),
    /// No case may come to this.
    Odd(Vec<Message>),
}

/// Runs the cases of a subject. `differences` is a JSON object of the cases that differ on purpose,
/// named `subject/case`, with the reasons; each of them has to differ still.
pub fn check(subject: &str, cases: &str, differences: &str) -> Result<(), String> {
    let cases: Vec<Case> = serde_json::from_str(cases).map_err(|error| format!("{subject}: {error}"))?;
    let known: BTreeMap<String, String> =
        serde_json::from_str(differences).map_err(|error| error.to_string())?;
    let prefix = format!("{subject}/");
    let mut settled: Vec<&str> = known.keys().filter_map(|name| name.strip_prefix(&prefix)).collect();
    let mut report = String::new();
    for case in &cases {
        let outcome = case.run()?;
        if case.agrees(&outcome) {
            continue;
        }
        match settled.iter().position(|name| *name == case.name) {
            Some(position) => {
                settled.swap_remove(position);
            }
            None => {
                let expected = case.expect.as_ref().or(case.error.as_ref());
                let (name, template) = (&case.name, &case.template);
                report += &format!("{name}: {template:?}\n  expected {expected:?}\n  got {outcome:?}\n");
            }
        }
    }
    if !report.is_empty() {
        return Err(format!("{subject}: these differ from Jinja2\n{report}"));
    }
    if !settled.is_empty() {
        return Err(format!("{subject}: these no longer differ, or are gone: {settled:?}"));
    }
    if cases.is_empty() { Err(format!("{subject}: no cases")) } else { Ok(()) }
}

impl Case {
    fn run(&self) -> Result<Outcome, String> {
        let prompt = match Prompt::parse("case", &self.template) {
            Ok(prompt) => prompt,
            Err(error) => return Ok(Outcome::Author(error.to_string())),
        };
        let variables = Value::from_json(&self.variables.to_string());
        let Ok(Value::Dict(variables)) = variables else {
            return Err(format!("{}: variables are an object", self.name));
        };
        Ok(match prompt.template.render(&variables, &Options::default()) {
            Ok(messages) => match messages.as_slice() {
                [Message { role: Role::User, content: Content::Text(text) }] => Outcome::Text(text.clone()),
                _ => Outcome::Odd(messages),
            },
            Err(error) => blame(&error),
        })
    }

    fn agrees(&self, outcome: &Outcome) -> bool {
        match (&self.expect, self.error.as_deref(), outcome) {
            (Some(expected), _, Outcome::Text(text)) => text == expected,
            (None, Some("undefined"), Outcome::Missing(path)) => {
                self.variable.as_ref().is_none_or(|variable| variable == path)
            }
            (None, Some("author"), Outcome::Author(_)) => true,
            (None, Some("any"), Outcome::Author(_) | Outcome::Missing(_)) => true,
            _ => false,
        }
    }
}

fn blame(error: &Error) -> Outcome {
    match error.missing_variable() {
        Some(path) => Outcome::Missing(path.to_owned()),
        None => Outcome::Author(error.to_string()),
    }
}
