//! `promptgate bundle`: what it writes, and what it says.

// What tests have in common says what it expects by panicking, as they do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use support::{Answer, folder, repository, run, write};

const FILES: &[(&str, &str)] = &[
    ("p/b.prompt", "User: b"),
    ("p/a.v10.prompt", "User: ten"),
    ("p/a.prompt", "---\nlabels: [production]\n---\nUser: one"),
    ("p/team/c.prompt", "\u{feff}User: c\r\n"),
    ("p/.hidden/d.prompt", "User: d"),
    ("p/.e.prompt", "User: e"),
    ("p/README.md", "no prompt"),
];

fn prompts(test: &str) -> PathBuf {
    let folder = folder(test);
    write(&folder, FILES);
    folder
}

fn bundle(folder: &Path, arguments: &[&str]) -> Answer {
    run(folder, &[&["bundle", "p"], arguments].concat())
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_folder_becomes_a_bundle() {
    let folder = prompts("bundle-folder");
    let answer = bundle(&folder, &[]);
    assert_eq!(answer.status, 0, "{answer:?}");
    let found = json_of(&answer.stdout);
    let prompts = json!({
        "a": {
            "labels": {"production": 1},
            "versions": {"1": "---\nlabels: [production]\n---\nUser: one", "10": "User: ten"},
        },
        "b": "User: b",
        "team/c": "\u{feff}User: c\r\n",
    });
    assert_eq!(found["prompts"], prompts);
    let revision = found["revision"].as_str().unwrap();
    assert!(revision.starts_with("sha256:") && revision.len() == 71);
    let size = answer.stdout.len();
    assert_eq!(answer.stderr, format!("3 prompts in 4 versions, {size} bytes, {revision}\n"));
}

#[test]
fn the_same_files_are_the_same_bytes() {
    let (first, second) = (prompts("bundle-same-1"), folder("bundle-same-2"));
    let mut files = FILES.to_vec();
    files.reverse();
    write(&second, &files);
    assert_eq!(bundle(&first, &[]).stdout, bundle(&second, &[]).stdout);
    write(&second, &[("p/b.prompt", "User: B")]);
    assert_ne!(bundle(&first, &[]).stdout, bundle(&second, &[]).stdout);
}

#[test]
fn a_bundle_is_read_again() {
    let folder = prompts("bundle-again");
    assert_eq!(bundle(&folder, &["-o", "bundle.json"]).stdout, "");
    let found = json_of(&fs::read_to_string(folder.join("bundle.json")).unwrap());
    write(&folder, &[("whole.json", &json!({"bundle": found}).to_string())]);
    let rendered = run(&folder, &["render", "--config", "whole.json", "a", "--label", "production"]);
    assert_eq!(rendered.stdout, r#"{"messages":[{"role":"user","content":"one"}]}"#);
    // The digest is checked, by whoever reads it.
    let text = fs::read_to_string(folder.join("whole.json")).unwrap().replace("User: b", "User: x");
    write(&folder, &[("whole.json", &text)]);
    let refused = run(&folder, &["render", "--config", "whole.json", "a"]);
    assert!(refused.status == 2 && refused.stderr.contains("bundle.revision"), "{refused:?}");
}

#[test]
fn the_rest_of_the_configuration_is_merged() {
    let folder = prompts("bundle-config");
    write(
        &folder,
        &[("rest.yaml", "hold_headers: true\nmodels:\n  m: { prompt_id: a, prompt_label: production }\n")],
    );
    let answer = bundle(&folder, &["--config", "rest.yaml"]);
    let found = json_of(&answer.stdout);
    assert_eq!(found["hold_headers"], true);
    assert_eq!(found["models"]["m"]["prompt_id"], "a");
    assert_eq!(found["bundle"]["prompts"]["b"], "User: b");
    write(&folder, &[("plugin.json", &answer.stdout)]);
    let rendered = run(&folder, &["render", "--config", "plugin.json", "--model", "m"]);
    let expected = json!({"model": "m", "messages": [{"role": "user", "content": "one"}]});
    assert_eq!(json_of(&rendered.stdout), expected);
}

#[test]
fn the_file_that_envoy_watches() {
    let folder = prompts("bundle-ecds");
    write(&folder, &[("rest.yaml", "default_label: production\n"), ("f.wasm", "")]);
    let answer = bundle(
        &folder,
        &["--format", "ecds", "--config", "rest.yaml", "--wasm", "f.wasm", "--filter-name", "pg"],
    );
    assert_eq!(answer.status, 0, "{answer:?}");
    assert!(!answer.stderr.contains("warning"), "{answer:?}");
    let response = json_of(&answer.stdout);
    let resource = &response["resources"][0];
    assert_eq!(resource["@type"], "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig");
    assert_eq!(resource["name"], "pg");
    let wasm = &resource["typed_config"];
    assert_eq!(wasm["@type"], "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm");
    let config = &wasm["config"];
    assert_eq!(config["failure_policy"], "FAIL_RELOAD");
    assert_eq!(config["allow_on_headers_stop_iteration"], true);
    assert_eq!(config["vm_config"]["code"]["local"]["filename"], "f.wasm");
    assert_eq!(config["vm_config"]["vm_id"], "promptgate");
    assert_eq!(config["configuration"]["@type"], "type.googleapis.com/google.protobuf.StringValue");
    let plugin = json_of(config["configuration"]["value"].as_str().unwrap());
    assert_eq!(plugin["default_label"], "production");
    assert_eq!(plugin.get("hold_headers"), None);
    assert_eq!(plugin["bundle"], json_of(&bundle(&folder, &[]).stdout));
}

#[test]
fn without_a_configuration_envoy_s_file_holds_the_headers() {
    let folder = prompts("bundle-ecds-alone");
    let answer = bundle(&folder, &["--format", "ecds"]);
    let response = json_of(&answer.stdout);
    let plugin = &response["resources"][0]["typed_config"]["config"]["configuration"]["value"];
    assert_eq!(json_of(plugin.as_str().unwrap())["hold_headers"], true);
    assert!(answer.stderr.contains("there is no dist/promptgate.wasm here"), "{answer:?}");
}

/// What `--format ecds` writes and the one-file example agree on everything but the prompts.
#[test]
fn the_examples_are_configured_alike() {
    let folder = prompts("bundle-example");
    let response = json_of(&bundle(&folder, &["--format", "ecds"]).stdout);
    let config = &response["resources"][0]["typed_config"]["config"];
    let example = fs::read_to_string(repository().join("envoy/static/envoy.yaml")).unwrap();
    for (key, value) in [
        ("root_id", &config["root_id"]),
        ("failure_policy", &config["failure_policy"]),
        ("base_interval", &config["reload_config"]["backoff"]["base_interval"]),
        ("allow_on_headers_stop_iteration", &config["allow_on_headers_stop_iteration"]),
        ("vm_id", &config["vm_config"]["vm_id"]),
        ("runtime", &config["vm_config"]["runtime"]),
    ] {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        assert!(example.contains(&format!("{key}: {value}")), "{key}: {value}");
    }
}

#[test]
fn one_bad_prompt_does_not_take_the_others_down() {
    let folder = prompts("bundle-broken");
    write(&folder, &[("p/a.v10.prompt", "System: a\nUser: {{ b | uper }}")]);
    let answer = bundle(&folder, &["-o", "bundle.json"]);
    assert_eq!(answer.status, 0, "{answer:?}");
    assert!(answer.stderr.contains("warning: unknown filter `uper`"), "{answer:?}");
    assert!(answer.stderr.contains("--> p/a.v10.prompt:2:14"), "{answer:?}");
    fs::remove_file(folder.join("bundle.json")).unwrap();
    let strict = bundle(&folder, &["-o", "bundle.json", "--strict"]);
    assert_eq!(strict.status, 1, "{strict:?}");
    assert!(!folder.join("bundle.json").exists());
}

#[test]
fn what_no_bundle_can_say() {
    for (test, name, text, expected) in [
        ("same-version", "p/a.v1.prompt", "User: a", "p/a.v1.prompt"),
        ("file-name", "p/a b.prompt", "User: a", "p/a b.prompt"),
        ("same-label", "p/a.v2.prompt", "---\nlabels: [production]\n---\nUser: a", "`production`"),
    ] {
        let folder = prompts(&format!("bundle-{test}"));
        write(&folder, &[(name, text)]);
        let answer = bundle(&folder, &["-o", "bundle.json"]);
        assert_eq!(answer.status, 2, "{answer:?}");
        assert!(
            answer.stderr.contains(expected) && answer.stderr.contains("p can't become a bundle"),
            "{answer:?}"
        );
        assert!(!folder.join("bundle.json").exists());
    }
    let folder = prompts("bundle-not-utf8");
    fs::write(folder.join("p/x.prompt"), b"User: caf\xe9").unwrap();
    let answer = bundle(&folder, &[]);
    assert!(answer.status == 2 && answer.stderr.contains("p/x.prompt:1:10"), "{answer:?}");
}

#[test]
fn what_can_not_be_written() {
    let folder = prompts("bundle-failures");
    let files = [
        ("typo.yaml", "hold_haeders: true"),
        ("own.yaml", "bundle: { prompts: {} }"),
        ("gone.yaml", "models: { m: { prompt_id: z } }"),
    ];
    write(&folder, &files);
    for (arguments, expected) in [
        (&["--config", "typo.yaml"][..], "did you mean \"hold_headers\"?"),
        (&["--config", "own.yaml"], "has a bundle of its own"),
        (&["--config", "gone.yaml"], "models.m.prompt_id"),
        (&["-o", "nowhere/bundle.json"], "the folder has to exist"),
        (&["--watch"], "--output <FILE>"),
        (&["--format", "yaml"], "possible values: json, ecds"),
    ] {
        let answer = bundle(&folder, arguments);
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{arguments:?}: {answer:?}");
        assert!(answer.stderr.contains(expected), "{arguments:?}: {answer:?}");
    }
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), files.len() + 1, "{left:?}");
}

#[test]
fn more_than_kubernetes_holds() {
    let folder = folder("bundle-large");
    for number in 0..5 {
        let text = format!("User: {}", "x".repeat(220_000));
        write(&folder, &[(&format!("p/{number}.prompt"), &text)]);
    }
    let answer = bundle(&folder, &["-o", "bundle.json"]);
    assert_eq!(answer.status, 0);
    assert!(
        answer.stderr.contains("warning: 1.0 MiB is more than a Kubernetes object can hold"),
        "{answer:?}"
    );
    assert!(answer.stderr.contains("5 prompts, 1.0 MiB, sha256:"), "{answer:?}");
}

#[test]
fn an_empty_folder() {
    let folder = folder("bundle-empty");
    fs::create_dir(folder.join("p")).unwrap();
    let answer = bundle(&folder, &[]);
    assert_eq!((answer.status, json_of(&answer.stdout)["prompts"].clone()), (0, json!({})));
    assert!(answer.stderr.contains("holds no .prompt files"), "{answer:?}");
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_followed_and_loops_are_found() {
    let folder = prompts("bundle-links");
    // As Kubernetes mounts a ConfigMap.
    write(&folder, &[("m/..2026/a.prompt", "User: a")]);
    std::os::unix::fs::symlink("..2026", folder.join("m/..data")).unwrap();
    std::os::unix::fs::symlink("..data/a.prompt", folder.join("m/a.prompt")).unwrap();
    let answer = run(&folder, &["bundle", "m"]);
    assert_eq!(json_of(&answer.stdout)["prompts"], json!({"a": "User: a"}), "{answer:?}");
    std::os::unix::fs::symlink("..", folder.join("p/team/up")).unwrap();
    let answer = bundle(&folder, &[]);
    assert!(answer.status == 2 && answer.stderr.contains("leads back into itself"), "{answer:?}");
}
