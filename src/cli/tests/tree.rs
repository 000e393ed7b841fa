//! `promptgate bundle --tree`: what a web server hands out as a registry.

// What tests have in common says what it expects by panicking, as they do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use support::server::{Server, reply};
use support::{folder, run, write};

/// All files below a folder with their contents as JSON.
fn tree(folder: &Path) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, serde_json::from_slice(&fs::read(&path).unwrap()).unwrap());
            }
        }
    }
    found
}

fn is_dir(folder: &Path, name: &str) -> bool {
    folder.join(name).is_dir()
}

#[test]
fn a_tree_follows_its_folder() {
    let folder = folder("tree-follows");
    write(
        &folder,
        &[
            ("p/a.prompt", "---\nlabels: [production]\n---\nUser: one"),
            ("p/a.v2.prompt", "User: two"),
            ("p/team/x/b.prompt", "User: b"),
            ("p/c.prompt", "User: c"),
            ("site/index.html", "\"mine\""),
            ("site/prompts/mine.json", "\"mine\""),
        ],
    );
    let words = ["bundle", "p", "--tree", "site"];
    let answer = run(&folder, &words);
    assert_eq!((answer.status, answer.stdout.as_str()), (0, ""), "{answer:?}");
    let found = tree(&folder.join("site"));
    let bundle = run(&folder, &["bundle", "p"]).stdout;
    assert_eq!(fs::read_to_string(folder.join("site/bundle.json")).unwrap(), bundle);
    let entry = json!({
        "labels": {"production": 1},
        "versions": {"1": "---\nlabels: [production]\n---\nUser: one", "2": "User: two"},
    });
    assert_eq!(found["prompts/a.json"], entry);
    assert_eq!(found["prompts/team/x/b.json"], "User: b");
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    let expected = ["bundle.json", "index.html", "prompts/a.json", "prompts/c.json", "prompts/mine.json"];
    assert_eq!(names, [&expected[..], &["prompts/team/x/b.json"]].concat());
    assert!(answer.stderr.starts_with("wrote site: 3 prompts in 4 versions, "), "{answer:?}");
    assert!(answer.stderr.ends_with("; 3 of its files written, 0 removed\n"), "{answer:?}");

    // What did not change is left alone, and what is gone goes.
    let before = fs::metadata(folder.join("site/prompts/a.json")).unwrap().modified().unwrap();
    fs::remove_dir_all(folder.join("p/team")).unwrap();
    write(&folder, &[("p/c.prompt", "User: new")]);
    let answer = run(&folder, &words);
    assert!(answer.stderr.ends_with("; 1 of its files written, 1 removed\n"), "{answer:?}");
    assert_eq!(fs::metadata(folder.join("site/prompts/a.json")).unwrap().modified().unwrap(), before);
    let found = tree(&folder.join("site"));
    assert_eq!(found.keys().map(String::as_str).collect::<Vec<_>>(), expected);
    assert_eq!(found["prompts/c.json"], "User: new");
    assert!(!is_dir(&folder, "site/prompts/team"));
    let answer = run(&folder, &words);
    assert!(answer.stderr.ends_with("; 0 of its files written, 0 removed\n"), "{answer:?}");
}

#[test]
fn a_gateway_reads_it() {
    let folder = folder("tree-served");
    write(&folder, &[("p/team/b.prompt", "User: b")]);
    assert_eq!(run(&folder, &["bundle", "p", "--tree", "site"]).status, 0);
    for missing in ["", "/bundle.json"] {
        let root = folder.join("site");
        let server = Server::start(move |asked| {
            let path = asked.target.trim_start_matches('/');
            match fs::read_to_string(root.join(path)) {
                Ok(text) if asked.target != missing => reply(200, &[], &text),
                _ => reply(404, &[], ""),
            }
        });
        let url = server.url();
        let words = ["render", "--registry", "promptgate", "--registry-url", &url, "team/b"];
        let answer = run(&folder, &words);
        assert_eq!(answer.status, 0, "{answer:?}");
        assert_eq!(serde_json::from_str::<Value>(&answer.stdout).unwrap()["messages"][0]["content"], "b");
    }
}

#[test]
fn other_things_are_not_touched() {
    let folder = folder("tree-other");
    write(
        &folder,
        &[
            ("prompts/a.prompt", "User: a"),
            ("taken/bundle.json", "{\"name\": \"something else\"}"),
            ("evil/bundle.json", "{\"prompts\": {\"../../keep\": \"x\", \"gone\": \"x\"}}"),
            ("evil/prompts/gone.json", "\"x\""),
            ("keep.json", "{}"),
        ],
    );
    for (root, expected) in
        [(".", "is where the prompts come from"), ("taken", "taken/bundle.json is no bundle")]
    {
        let answer = run(&folder, &["bundle", "prompts", "--tree", root]);
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{answer:?}");
        assert!(answer.stderr.contains(expected), "{answer:?}");
    }
    assert_eq!(tree(&folder.join("taken")).len(), 1);
    assert_eq!(run(&folder, &["bundle", "prompts", "--tree", "evil"]).status, 0);
    assert!(folder.join("keep.json").exists());
    assert_eq!(tree(&folder.join("evil")).len(), 2);
}

#[test]
fn wrong_usage() {
    let folder = folder("tree-usage");
    write(&folder, &[("p/a.prompt", "User: a"), ("c.yaml", "{}"), ("p/bad.prompt", "User: {{")]);
    for arguments in
        [&["--output", "x"][..], &["--config", "c.yaml"], &["--format", "ecds"], &["--format", "json"]]
    {
        let answer = run(&folder, &[&["bundle", "p", "--tree", "t"], arguments].concat());
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{arguments:?}: {answer:?}");
    }
    assert_eq!(run(&folder, &["bundle", "p", "--watch"]).status, 2);
    assert_eq!(run(&folder, &["bundle", "p", "--tree", "t", "--strict"]).status, 1);
    assert!(!folder.join("t").exists());
}
