//! The engine against the records of the real Jinja2 in `tests/fixtures/jinja`.

// A test says what it expects by panicking, and reads its records from files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use promptgate_core::prompt::Prompt;
use promptgate_core::template::{Error, Options, Role};
use promptgate_core::value::Value;
use serde::Deserialize;

/// What Jinja2 made of one template.
#[derive(Deserialize)]
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
}

#[test]
fn templates_render_as_in_jinja2() {
    let known: BTreeMap<String, String> = read(&fixtures().join("differences.json"));
    let mut differing = Vec::new();
    let mut report = String::new();
    let mut cases = 0;
    for path in files() {
        let subject = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for case in read::<Vec<Case>>(&path) {
            cases += 1;
            let name = format!("{subject}/{}", case.name);
            let outcome = run(&case);
            if agrees(&case, &outcome) {
                continue;
            }
            if !known.contains_key(&name) {
                let expected = case.expect.as_ref().or(case.error.as_ref());
                report +=
                    &format!("{name}: {:?}\n  expected {expected:?}\n  got {outcome:?}\n", case.template);
            }
            differing.push(name);
        }
    }
    assert!(cases > 3000, "only {cases} cases in {}", fixtures().display());
    assert!(report.is_empty(), "these differ from Jinja2:\n{report}");
    let settled: Vec<_> = known.keys().filter(|name| !differing.contains(name)).collect();
    assert!(settled.is_empty(), "these no longer differ, or are gone: {settled:?}");
}

fn agrees(case: &Case, outcome: &Outcome) -> bool {
    match (&case.expect, case.error.as_deref(), outcome) {
        (Some(expected), _, Outcome::Text(text)) => text == expected,
        (None, Some("undefined"), Outcome::Missing(path)) => {
            case.variable.as_ref().is_none_or(|variable| variable == path)
        }
        (None, Some("author"), Outcome::Author(_)) => true,
        (None, Some("any"), Outcome::Author(_) | Outcome::Missing(_)) => true,
        _ => false,
    }
}

fn run(case: &Case) -> Outcome {
    match Prompt::parse("case", &case.template) {
        Ok(prompt) => render(&prompt, &case.variables),
        Err(error) => Outcome::Author(error.to_string()),
    }
}

fn render(prompt: &Prompt, variables: &serde_json::Value) -> Outcome {
    let variables = Value::from_json(&variables.to_string()).unwrap();
    match prompt.template.render(variables.as_dict().unwrap(), &Options::default()) {
        Ok(messages) => {
            let [message] = messages.as_slice() else { panic!("one message, not {messages:?}") };
            assert_eq!(message.role, Role::User);
            Outcome::Text(message.content.clone())
        }
        Err(error) => blame(&error),
    }
}

fn blame(error: &Error) -> Outcome {
    match error.missing_variable() {
        Some(path) => Outcome::Missing(path.to_owned()),
        None => Outcome::Author(error.to_string()),
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/jinja")
}

/// The recorded subjects.
fn files() -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .filter(|path| !path.ends_with("differences.json"))
        .collect();
    files.sort();
    files
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
