//! `promptgate pull`: what a registry holds becomes files.

// What tests have in common says what it expects by panicking, as they do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use snapbox::{Data, assert_data_eq};

use support::server::{Reply, Server, reply};
use support::{Answer, folder, repository, run, run_with_env, write};

fn pull(folder: &Path, server: &Server, arguments: &[&str]) -> Answer {
    let url = server.url();
    run_with_env(folder, &[("TOKEN", "secret")], &[&["pull", "--registry-url", &url], arguments].concat())
}

/// All files below a folder with their texts, hidden ones too.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).into_iter().flatten() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_iter().map(|(name, _)| name).collect()
}

fn same(text: &str, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pull").join(name);
    assert_data_eq!(text.to_owned(), Data::read_from(&path, None).raw());
}

fn revision(folder: &Path, prompts: &str) -> Value {
    let answer = run(folder, &["bundle", prompts]);
    assert_eq!(answer.status, 0, "{answer:?}");
    serde_json::from_str::<Value>(&answer.stdout).unwrap()["revision"].clone()
}

/// A folder, served, and pulled, is the same folder.
#[test]
fn there_and_back() {
    let folder = folder("pull-back");
    let text = "---\n# kept\nlabels: [b, a]\n---\r\nUser: x  \n";
    write(
        &folder,
        &[("p/a.v3.prompt", text), ("p/a.prompt", "User: a"), ("p/team/b.prompt", "\u{feff}User: b")],
    );
    let server = Server::files(&[("/bundle.json", &run(&folder, &["bundle", "p"]).stdout)]);
    let words = ["--registry", "promptgate", "--all", "-o", "q"];
    let answer = pull(&folder, &server, &words);
    assert_eq!((answer.status, answer.stdout.as_str()), (0, ""), "{answer:?}");
    assert_eq!(files(&folder.join("p")), files(&folder.join("q")));
    assert_eq!(revision(&folder, "p"), revision(&folder, "q"));
    same(&answer.stderr, "all.txt");

    write(&folder, &[("q/mine.prompt", "User: mine")]);
    let answer = pull(&folder, &server, &words);
    assert_eq!(answer.status, 0);
    same(&answer.stderr, "again.txt");
}

#[test]
fn the_samples_there_and_back() {
    let folder = folder("pull-samples");
    let samples = repository().join("prompts");
    let server = Server::files(&[("/bundle.json", &run(&repository(), &["bundle", "prompts"]).stdout)]);
    let answer = pull(&folder, &server, &["--registry", "promptgate", "--all"]);
    assert_eq!(answer.status, 0, "{answer:?}");
    assert_eq!(files(&samples), files(&folder.join("prompts")));
}

#[test]
fn labels_become_those_of_the_registry() {
    let folder = folder("pull-labels");
    let entry = |production: u32| {
        json!({"prompts": {
            "a": {
                "labels": {"production": production, "yes": 1},
                "versions": {
                    "1": "User: one",
                    "2": "---\nmodel: m # why\nlabels:\n  - production\n---\nUser: two",
                    "7": "---\n{model: m}\n---\nUser: seven",
                },
            },
        }})
    };
    let server = Server::files(&[("/bundle.json", &entry(1).to_string())]);
    let words = ["--registry", "promptgate", "--all"];
    let answer = pull(&folder, &server, &words);
    assert_eq!(answer.status, 0, "{answer:?}");
    let expected = [
        ("a.prompt", "---\nlabels: [production, \"yes\"]\n---\nUser: one"),
        ("a.v2.prompt", "---\nmodel: m # why\n---\nUser: two"),
        ("a.v7.prompt", "---\n{model: m}\n---\nUser: seven"),
    ];
    let prompts = folder.join("prompts");
    let expected: Vec<_> =
        expected.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    assert_eq!(files(&prompts), expected);
    let bundle = run(&folder, &["bundle", "prompts"]).stdout;
    let bundle: Value = serde_json::from_str(&bundle).unwrap();
    assert_eq!(bundle["prompts"]["a"]["labels"], json!({"production": 1, "yes": 1}));

    // A label moves to a version whose front matter can't be edited line by line.
    let server = Server::files(&[("/bundle.json", &entry(7).to_string())]);
    let answer = pull(&folder, &server, &words);
    assert_eq!(answer.status, 1, "{answer:?}");
    assert_eq!(files(&prompts), expected);
    let answer = pull(&folder, &server, &[&words[..], &["--force"]].concat());
    assert_eq!(answer.status, 0, "{answer:?}");
    assert!(answer.stderr.contains("replaced prompts/a.prompt"), "{answer:?}");
    assert!(answer.stderr.contains("by hand: labels: [production]"), "{answer:?}");
    assert_eq!(
        fs::read_to_string(prompts.join("a.prompt")).unwrap(),
        "---\nlabels: [\"yes\"]\n---\nUser: one"
    );
}

#[test]
fn prompts_by_name() {
    let folder = folder("pull-names");
    let two = "User: two\r\n";
    let server = Server::files(&[
        ("/repos/o/r/contents/hello.prompt?ref=main", "User: one"),
        ("/repos/o/r/contents/hello.v2.prompt?ref=main", two),
        ("/repos/o/r/contents/team/a.prompt?ref=main", "User: a"),
    ]);
    let words = ["--registry", "github", "--set", "owner=o", "--set", "repository=r", "--token-env", "TOKEN"];
    write(&folder, &[("q/team/a.v1.prompt", "User: a")]);
    let answer = pull(&folder, &server, &[&words[..], &["hello", "hello.v2", "team/a", "-o", "q"]].concat());
    assert_eq!((answer.status, answer.stdout.as_str()), (0, ""), "{answer:?}");
    // Version 1 stays where it is.
    assert_eq!(names(&folder.join("q")), ["hello.prompt", "hello.v2.prompt", "team/a.v1.prompt"]);
    assert_eq!(fs::read_to_string(folder.join("q/hello.v2.prompt")).unwrap(), two);
    same(&answer.stderr, "names.txt");
    assert!(server.asked().iter().all(|asked| asked.header("authorization") == Some("Bearer secret")));
}

#[test]
fn versions_and_labels_of_one_prompt() {
    let folder = folder("pull-one");
    let entry = json!({"labels": {"production": 2}, "versions": {"1": "User: one", "2": "User: two"}});
    let server = Server::files(&[("/prompts/a.json", &entry.to_string())]);
    let labelled = "---\nlabels: [production]\n---\nUser: two";
    for (arguments, expected) in [
        (&["a"][..], &[("a.prompt", "User: one"), ("a.v2.prompt", labelled)][..]),
        (&["a.v1"], &[("a.prompt", "User: one")]),
        (&["a", "--label", "production"], &[("a.v2.prompt", labelled)]),
    ] {
        let output = folder.join(arguments.join("-"));
        let words = ["--registry", "promptgate", "-o", output.to_str().unwrap()];
        let answer = pull(&folder, &server, &[&words[..], arguments].concat());
        assert_eq!(answer.status, 0, "{answer:?}");
        let found = files(&output);
        let found: Vec<_> = found.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(found, expected, "{arguments:?}");
    }
    for arguments in [&["a.v3"][..], &["a", "--label", "staging"]] {
        let words = ["--registry", "promptgate", "-o", "none"];
        assert_eq!(pull(&folder, &server, &[&words[..], arguments].concat()).status, 1, "{arguments:?}");
    }
    assert!(!folder.join("none").exists());
}

#[test]
fn a_label_that_was_asked_for_is_written_down() {
    let folder = folder("pull-label");
    let langfuse = json!({"name": "hello", "version": 3, "prompt": "Be kind to {{name}}.", "config": {}});
    let server = Server::files(&[("/api/public/v2/prompts/hello?label=staging", &langfuse.to_string())]);
    let words = ["--registry", "langfuse", "--label", "staging", "hello"];
    let answer = pull(&folder, &server, &words);
    assert_eq!(answer.status, 0, "{answer:?}");
    let expected = "---\nlabels: [staging]\n---\nSystem: Be kind to {{ name }}.\n";
    let prompts = folder.join("prompts");
    assert_eq!(files(&prompts), [("hello.v3.prompt".to_owned(), expected.to_owned())]);

    // Another version of the folder has it already: a bundle could not say which one is meant.
    fs::rename(prompts.join("hello.v3.prompt"), prompts.join("hello.v2.prompt")).unwrap();
    let answer = pull(&folder, &server, &[&words[..], &["--force"]].concat());
    assert_eq!(answer.status, 2, "{answer:?}");
    assert!(answer.stderr.contains("the label `staging` stands in"), "{answer:?}");
    assert_eq!(names(&prompts), ["hello.v2.prompt"]);
}

#[test]
fn nothing_is_replaced_without_force() {
    let folder = folder("pull-force");
    write(&folder, &[("prompts/a.prompt", "User: mine")]);
    let server = Server::files(&[("/bundle.json", r#"{"prompts": {"a": "User: theirs", "b": "User: b"}}"#)]);
    let words = ["--registry", "promptgate", "--all"];
    let answer = pull(&folder, &server, &words);
    assert_eq!((answer.status, answer.stdout.as_str()), (1, ""));
    same(&answer.stderr, "refused.txt");
    assert_eq!(names(&folder.join("prompts")), ["a.prompt"]);
    let answer = pull(&folder, &server, &[&words[..], &["--force"]].concat());
    assert_eq!(answer.status, 0, "{answer:?}");
    assert_eq!(fs::read_to_string(folder.join("prompts/a.prompt")).unwrap(), "User: theirs");
    assert_eq!(names(&folder.join("prompts")), ["a.prompt", "b.prompt"]);
}

#[test]
fn all_or_nothing() {
    let folder = folder("pull-nothing");
    let server = Server::start(|asked| match asked.target.as_str() {
        "/a/repos/o/r/contents/good.prompt?ref=main" => reply(200, &[], "User: good"),
        "/a/repos/o/r/contents/forbidden.prompt?ref=main" => reply(403, &[], "the prompt's own text"),
        "/a/repos/o/r/contents/slow.prompt?ref=main" => Reply::Silence,
        _ => reply(404, &[], "the prompt's own text"),
    });
    let url = format!("{}/a", server.url());
    let words = ["pull", "--registry", "github", "--set", "owner=o", "--set", "repository=r"];
    let words = [&words[..], &["--registry-url", &url, "--set", "timeout=300ms"]].concat();
    let mut said = String::new();
    for (ids, status) in [
        (&["good", "nope", "nope.v2", "good"][..], 1),
        (&["good", "forbidden"], 2),
        (&["slow", "good"], 2),
        (&["good", "--label", "x"], 1),
        (&["--all"], 2),
        (&["not an id"], 2),
    ] {
        let answer = run(&folder, &[&words[..], ids].concat());
        assert_eq!((answer.status, answer.stdout.as_str()), (status, ""), "{ids:?}: {answer:?}");
        assert!(!folder.join("prompts").exists(), "{ids:?}");
        assert!(!answer.stderr.contains("own text"), "{answer:?}");
        said.push_str(&format!("$ promptgate pull {}\n{}\n", ids.join(" "), answer.stderr));
    }
    same(&said.replace(&server.authority, "HOST"), "errors.txt");
}

#[test]
fn bundles_that_are_none() {
    let folder = folder("pull-bundles");
    for (body, expected) in [
        ("[]", "expected a bundle, as `promptgate bundle` writes it"),
        (r#"{"prompts": {"../a": "User: x"}}"#, "expected a bundle, as `promptgate bundle` writes it"),
        (r#"{"prompts": {"a": "x", "a": "y"}}"#, "expected a bundle, as `promptgate bundle` writes it"),
        (
            r#"{"revision": "sha256:0000000000000000000000000000000000000000000000000000000000000000", "prompts": {}}"#,
            "`revision` is the digest of its prompts",
        ),
    ] {
        let server = Server::files(&[("/bundle.json", body)]);
        let answer = pull(&folder, &server, &["--registry", "promptgate", "--all"]);
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{answer:?}");
        assert!(answer.stderr.contains(expected), "{answer:?}");
        assert!(!folder.join("prompts").exists());
    }
    let server = Server::files(&[]);
    let answer = pull(&folder, &server, &["--registry", "promptgate", "--all"]);
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("does not have a bundle.json"), "{answer:?}");
}

#[test]
fn two_texts_for_one_file() {
    let folder = folder("pull-two");
    let server = Server::start(|asked| {
        let text = if asked.target.ends_with("hello.prompt?ref=main") { "User: a" } else { "User: b" };
        reply(200, &[], text)
    });
    let words = ["--registry", "github", "--set", "owner=o", "--set", "repository=r"];
    // `hello` and `hello.v1` are the same file, and the same text.
    let answer = pull(&folder, &server, &[&words[..], &["hello", "hello.v1"]].concat());
    assert_eq!(answer.status, 0, "{answer:?}");
    assert_eq!(names(&folder.join("prompts")), ["hello.prompt"]);
}
