//! `promptgate lint` on the templates that are recorded from Jinja2: it stays calm, and what it says is
//! so.

// What tests have in common says what it expects by panicking, as they do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::collections::HashSet;
use std::fs;

use promptgate_core::prompt::Prompt;
use promptgate_core::template::Options;
use promptgate_core::value::Value as Variables;
use serde_json::Value;

use support::{folder, repository, run, write};

/// The recorded cases, in any order.
fn cases() -> Vec<Value> {
    let files = fs::read_dir(repository().join("tests/fixtures/jinja")).unwrap();
    let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let trees = texts.map(|text| serde_json::from_str::<Value>(&text).unwrap());
    // A file is a list of cases, or holds one beside other things.
    let lists = trees.map(|tree| tree.get("cases").unwrap_or(&tree).as_array().cloned().unwrap_or_default());
    lists.flatten().filter(|case| case.get("template").is_some()).collect()
}

/// The numbers of the cases of which lint says something of that severity, by another rule than `except`.
fn found(test: &str, arguments: &[&str], severity: &str, except: &str) -> HashSet<usize> {
    let folder = folder(&format!("jinja-{test}"));
    for (number, case) in cases().iter().enumerate() {
        write(&folder, &[(&format!("{number}.prompt"), case["template"].as_str().unwrap())]);
    }
    let answer = run(&folder, &[&["lint", ".", "--format", "json"], arguments].concat());
    let findings: Vec<Value> = serde_json::from_str(&answer.stdout).unwrap();
    let number = |finding: &Value| {
        let name = finding["file"].as_str()?.strip_prefix("./")?.strip_suffix(".prompt")?;
        (finding["severity"] == severity && finding["rule"] != except).then(|| name.parse().unwrap())
    };
    findings.iter().filter_map(number).collect()
}

/// Whether the engine renders a case.
fn renders(case: &Value) -> bool {
    let Ok(prompt) = Prompt::parse("p", case["template"].as_str().unwrap()) else { return false };
    let variables = Variables::from_json(&case["variables"].to_string()).unwrap();
    prompt.template.render(variables.as_dict().unwrap(), &Options::default()).is_ok()
}

#[test]
fn what_is_called_an_error_does_not_render() {
    let cases = cases();
    assert!(cases.len() > 3_000);
    // A function that nobody defines is a mistake even where it stands in a branch that is not taken.
    let errors = found("errors", &[], "error", "unknown-function");
    let wrong: Vec<&Value> =
        errors.iter().map(|number| &cases[*number]).filter(|case| renders(case)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_misses_a_variable_is_found() {
    let missing = found("missing", &["--select", "litellm-missing-variable"], "note", "");
    let errors = found("missing", &[], "error", "");
    let is_missed = |(number, case): &(usize, Value)| {
        case["error"] == "undefined" && !missing.contains(number) && !errors.contains(number)
    };
    let missed: Vec<_> = cases().into_iter().enumerate().filter(is_missed).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}
