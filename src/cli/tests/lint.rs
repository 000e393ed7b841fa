//! `promptgate lint` on the folder of each rule: `tests/lint/<rule>/`.
//!
//! `output.txt` is what the rule says about the files there; those called `good…` it says nothing
//! about, and neither does any other error or warning. `SNAPSHOTS=overwrite cargo test` writes the files.

// What tests have in common says what it expects by panicking, as they do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use snapbox::{Data, assert_data_eq};

use support::{folder, repository, run, write};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint")
}

/// Every rule with its severity, as the program lists them.
fn rules() -> Vec<(String, String)> {
    let listed = run(&fixtures(), &["lint", "--rules"]);
    assert_eq!(listed.status, 0, "{listed:?}");
    let columns = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        (words.next().unwrap(), words.next().unwrap())
    };
    listed.stdout.lines().map(columns).collect()
}

fn findings(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let answer = run(folder, &[&["lint", ".", "--format", "json"], arguments].concat());
    serde_json::from_str(&answer.stdout).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}

#[test]
fn every_rule_says_what_it_finds() {
    for (rule, severity) in rules().iter().filter(|(rule, _)| rule != "too-large") {
        let folder = fixtures().join(rule);
        let answer = run(&folder, &["lint", ".", "--select", rule]);
        assert_eq!(answer.status, i32::from(severity == "error"), "{rule}: {answer:?}");
        assert!(answer.stdout.contains(&format!("{severity}[{rule}]: ")), "{rule}: {answer:?}");
        assert_data_eq!(answer.stdout, Data::read_from(&folder.join("output.txt"), None).raw());
    }
}

#[test]
fn nothing_is_said_about_good_files() {
    for (rule, _) in rules() {
        let folder = fixtures().join(&rule);
        let selected = findings(&folder, &["--select", &rule]);
        for finding in selected.iter().chain(&findings(&folder, &[])) {
            let file = finding["file"].as_str().unwrap();
            assert!(!file.starts_with("./good") || finding["severity"] == "note", "{rule}: {finding}");
        }
        let has_good = |entry: std::io::Result<fs::DirEntry>| {
            entry.unwrap().file_name().to_string_lossy().starts_with("good")
        };
        assert!(fs::read_dir(&folder).unwrap().any(has_good), "{rule} has no good file");
    }
}

#[test]
fn every_folder_is_that_of_a_rule() {
    let folders: BTreeSet<String> = fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let rules: BTreeSet<String> = rules().into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(folders, rules);
}

#[test]
fn a_file_of_more_than_256_kib() {
    let folder = folder("lint-too-large");
    write(&folder, &[("a.prompt", &format!("User: {}", "x".repeat(256 * 1024)))]);
    let answer = run(&folder, &["lint", "."]);
    assert_eq!(answer.status, 1);
    assert!(answer.stdout.starts_with("error[too-large]: "), "{answer:?}");
    assert!(answer.stdout.len() < 1000, "the text is not an excerpt");
}

#[test]
fn json_is_for_programs() {
    let folder = folder("lint-json");
    write(
        &folder,
        &[("team/a.prompt", "---\ntemprature: 1\n---\nUser: {{ a | uper }}"), ("b.prompt", "User: b")],
    );
    assert_eq!(
        findings(&folder, &[]),
        [json!({
            "rule": "invalid-template",
            "severity": "error",
            "file": "./team/a.prompt",
            "line": 4,
            "column": 14,
            "message": "unknown filter `uper`",
            "help": "did you mean `upper`?",
        })]
    );
    fs::remove_dir_all(folder.join("team")).unwrap();
    let clean = run(&folder, &["lint", ".", "--format", "json"]);
    assert_eq!((clean.status, clean.stdout.as_str(), clean.stderr.as_str()), (0, "[]\n", ""));
}

#[test]
fn warnings_are_no_errors_and_can_be_turned_off() {
    let folder = folder("lint-allow");
    let bad = "temprature: 1\nstop: yes\n---\nUser: hi";
    write(&folder, &[("a.prompt", &format!("---\n{bad}"))]);
    let answer = run(&folder, &["lint", "."]);
    assert_eq!(answer.status, 0);
    assert!(answer.stderr.contains("1 file checked: 2 warnings"), "{answer:?}");
    write(
        &folder,
        &[("a.prompt", &format!("---\n# promptgate: allow(yaml-1-1-value, unknown-parameter)\n{bad}"))],
    );
    assert!(findings(&folder, &[]).is_empty());
}

#[test]
fn one_mistake_is_one_finding() {
    let folder = folder("lint-once");
    for (text, rules) in [
        ("User: {{ 'a'.uppercase() }}", &["unknown-method"][..]),
        ("---\nmodel: \"{{ 'a'.uppercase() }}\"\n---\nUser: hi", &["unknown-method"]),
        ("User: {% for i in [1] %}{{ i.foo() }}{% endfor %}", &["unknown-method"]),
        ("User: {{ 1 / 0 }}", &["render-fails"]),
        ("User: {{ 1 / 0 }} {{ 'a'.uppercase() }}", &["render-fails", "unknown-method"]),
    ] {
        write(&folder, &[("a.prompt", text)]);
        let found = findings(&folder, &[]);
        let found: Vec<&str> = found.iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
        assert_eq!(found, rules, "{text}");
    }
    let selected = findings(&folder, &["--select", "render-fails"]);
    assert_eq!(selected.len(), 1, "{selected:?}");
}

#[test]
fn errors_can_not_be_turned_off() {
    let folder = folder("lint-allow-error");
    write(&folder, &[("a.prompt", "{# promptgate: allow(invalid-template) #}User: {{ a | uper }}")]);
    assert_eq!(run(&folder, &["lint", "."]).status, 1);
}

#[test]
fn lite_llm_is_asked_for() {
    let folder = folder("lint-litellm");
    write(&folder, &[("a.prompt", "Developer: {{ a }}")]);
    assert!(findings(&folder, &[]).is_empty());
    let rules = findings(&folder, &["--litellm"]);
    assert!(rules.iter().all(|finding| finding["rule"].as_str().unwrap().starts_with("litellm-")));
    assert!(rules.len() >= 3, "{rules:?}");
}

#[test]
fn the_sample_prompts_are_clean() {
    let answer = run(&repository(), &["lint"]);
    assert_eq!((answer.status, answer.stdout.as_str()), (0, ""), "{answer:?}");
}

/// A value for every variable of the folders' prompts.
const VARIABLES: &[&str] = &[
    "a=x",
    "count:=1",
    "model_name=gpt-4o",
    "name=x",
    "names:=[]",
    "now=x",
    "polite=x",
    "preferred_model=gpt-4o",
    "question=x",
    "rnge=x",
    "tone=dry",
    "user_mesage=x",
    "user_message=x",
    "zebra=x",
];

/// What lint calls an error answers 422, and what it does not call one is not at fault by itself.
#[test]
fn errors_are_what_the_gateway_refuses() {
    let in_bundle = ["not-utf8", "invalid-file-name", "duplicate-version", "duplicate-label", "too-large"];
    for (rule, severity) in rules().iter().filter(|(rule, _)| !in_bundle.contains(&rule.as_str())) {
        let folder = fixtures().join(rule);
        for entry in fs::read_dir(&folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let Some(id) = name.strip_suffix(".prompt") else { continue };
            let mut arguments = vec!["render", "--prompts", ".", id];
            VARIABLES.iter().for_each(|variable| arguments.extend(["-v", variable]));
            let answer = run(&folder, &arguments);
            let is_refused = answer.stdout.starts_with(r#"{"status":422,"#);
            let is_bad = severity == "error" && !id.starts_with("good");
            assert_eq!(is_refused, is_bad, "{rule}/{name}: {answer:?}");
        }
    }
}

/// What lint warns about as answering 422 on one path does so there, and is served elsewhere.
#[test]
fn conflicting_keys_are_refused_on_one_path() {
    let folder = folder("lint-conflicting");
    write(
        &folder,
        &[("a.prompt", "---\ninstructions: x\n---\nUser: a"), ("b.prompt", "---\nsystem: x\n---\nUser: b")],
    );
    for (id, path, status) in [
        ("a", "/v1/responses", 1),
        ("a", "/v1/messages", 0),
        ("a", "/v1/chat/completions", 0),
        ("b", "/v1/responses", 0),
        ("b", "/v1/messages", 1),
        ("b", "/v1/chat/completions", 0),
    ] {
        let answer = run(&folder, &["render", "--prompts", ".", id, "--path", path]);
        assert_eq!(answer.status, status, "{id} {path}: {answer:?}");
        assert_eq!(answer.stdout.starts_with(r#"{"status":422,"#), status == 1, "{id} {path}: {answer:?}");
    }
    let found = findings(&folder, &[]);
    let found: Vec<_> =
        found.iter().map(|finding| (&finding["file"], finding["rule"].as_str().unwrap())).collect();
    assert_eq!(found, [(&json!("./a.prompt"), "conflicting-key"), (&json!("./b.prompt"), "conflicting-key")]);
}

#[test]
fn rules_are_explained() {
    for (rule, severity) in rules() {
        let answer = run(&fixtures(), &["lint", "--explain", &rule]);
        assert!(
            answer.stdout.starts_with(&format!("{rule} ({severity})\n\n## What it does\n")),
            "{answer:?}"
        );
    }
    let answer = run(&fixtures(), &["lint", "--explain", "unused-variabel"]);
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("did you mean `unused-variable`?"), "{answer:?}");
}

#[test]
fn a_folder_that_is_not_there() {
    let answer = run(&folder("lint-missing"), &["lint", "nowhere"]);
    assert_eq!((answer.status, answer.stdout.as_str()), (2, ""));
    assert!(answer.stderr.contains("nowhere does not exist"), "{answer:?}");
}

#[test]
fn a_folder_without_prompts() {
    let folder = folder("lint-empty");
    write(&folder, &[("empty/README.md", "Nothing here."), ("full/a.prompt", "User: a")]);
    for arguments in [&["empty"][..], &["full", "empty"], &["empty", "--format", "json"]] {
        let answer = run(&folder, &[&["lint"], arguments].concat());
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{answer:?}");
        assert!(answer.stderr.contains("empty holds no .prompt files"), "{answer:?}");
    }
    let answer = run(&folder, &["lint", "empty/README.md"]);
    assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{answer:?}");
    assert!(answer.stderr.contains("empty/README.md is not a .prompt file"), "{answer:?}");
}

#[test]
fn single_files() {
    let folder = folder("lint-files");
    write(
        &folder,
        &[
            ("a/x.prompt", "User: {{ 1 / 0 }}"),
            ("a/x.v1.prompt", "User: x"),
            ("b/x.prompt", "User: x"),
            ("c.prompt", "User: {{ 1 / 0 }}"),
        ],
    );
    for (paths, files, expected) in [
        (&["b/x.prompt"][..], "1 file", &[][..]),
        (&["c.prompt", "b"], "2 files", &[("render-fails", "c.prompt")]),
        // The same name in two folders is no duplicate; in one it is.
        (&["a/x.prompt", "b/x.prompt"], "2 files", &[("render-fails", "a/x.prompt")]),
        (
            &["a/x.prompt", "a/x.v1.prompt"],
            "2 files",
            &[("render-fails", "a/x.prompt"), ("duplicate-version", "a/x.v1.prompt")],
        ),
        // Named twice, checked once.
        (&["b", "b/x.prompt", "./b"], "1 file", &[]),
    ] {
        let arguments = [&["lint", "--format", "json"], paths].concat();
        let found: Value = serde_json::from_str(&run(&folder, &arguments).stdout).unwrap();
        let found: Vec<_> = found.as_array().unwrap().iter().collect();
        let found: Vec<_> = found
            .into_iter()
            .map(|finding| (finding["rule"].as_str().unwrap(), finding["file"].as_str().unwrap()))
            .collect();
        assert_eq!(found, expected, "{paths:?}");
        let answer = run(&folder, &[&["lint"], paths].concat());
        assert!(answer.stderr.contains(&format!("{files} checked")), "{paths:?}: {answer:?}");
    }
}

#[test]
fn colours_are_for_terminals() {
    let answer = run(&fixtures().join("refused-key"), &["lint", "."]);
    assert!(!answer.stdout.contains('\u{1b}') && !answer.stderr.contains('\u{1b}'));
}
