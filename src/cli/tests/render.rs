//! `promptgate render`: what upstream receives, or what the client is answered.

// What tests have in common says what it expects by panicking, as they do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use support::{folder, repository, run, run_with_input, write};

const HELLO: &str =
    "---\nmodel: gpt-4\ntemperature: 0.70\n---\nSystem: Be brief.\n\nUser: {{ user_message }}\n";

fn prompts(test: &str) -> PathBuf {
    let folder = folder(test);
    let files = [
        ("p/hello.prompt", HELLO),
        ("p/hello.v2.prompt", "---\nlabels: [production]\n---\nUser: two"),
        ("p/team/a.prompt", "User: {{ n }}"),
        ("p/broken.prompt", "User: {{ n | uper }}"),
    ];
    write(&folder, &files);
    folder
}

#[test]
fn requests_from_the_command_line() {
    let folder = prompts("render-words");
    for (arguments, expected) in [
        (
            &["hello", "--version", "1", "-v", "user_message=Hi"][..],
            r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"model":"gpt-4","temperature":0.7}"#,
        ),
        (&["hello"], r#"{"messages":[{"role":"user","content":"two"}]}"#),
        (&["hello", "--label", "production"], r#"{"messages":[{"role":"user","content":"two"}]}"#),
        (&["hello.v2", "--model", "x"], r#"{"model":"x","messages":[{"role":"user","content":"two"}]}"#),
        (&["hello", "--version", "latest"], r#"{"messages":[{"role":"user","content":"two"}]}"#),
        (&["team/a", "-v", "n:=1.50"], r#"{"messages":[{"role":"user","content":"1.5"}]}"#),
        (&["team/a", "-v", "n:=[true, null]"], r#"{"messages":[{"role":"user","content":"[True, None]"}]}"#),
        (&["team/a", "-v", "n=a=b \"c\""], r#"{"messages":[{"role":"user","content":"a=b \"c\""}]}"#),
        (
            &["hello", "-m", "one", "-m", "two"],
            r#"{"messages":[{"role":"user","content":"two"},{"role":"user","content":"one"},{"role":"user","content":"two"}]}"#,
        ),
    ] {
        let answer = run(&folder, &[&["render", "--prompts", "p"], arguments].concat());
        assert_eq!((answer.status, answer.stderr.as_str()), (0, ""), "{arguments:?}: {answer:?}");
        let members = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(members(&answer.stdout), members(expected), "{arguments:?}");
    }
}

#[test]
fn every_other_byte_stays() {
    let folder = prompts("render-bytes");
    let request = "{\n \"prompt_id\" : \"hello\", \"seed\": 1.10, \"x\":\"\\ud800\", \"n\": 1E400 }\n";
    let expected = "{\"messages\":[{\"role\":\"user\",\"content\":\"two\"}],\n \"seed\": 1.10, \"x\":\"\\ud800\", \"n\": 1E400 }\n";
    let answer = run_with_input(&folder, &["render", "--prompts", "p", "--request", "-"], request.as_bytes());
    assert_eq!((answer.status, squeeze(&answer.stdout)), (0, squeeze(expected)));
    assert!(answer.stdout.contains("\"seed\": 1.10, \"x\":\"\\ud800\", \"n\": 1E400 }\n"), "{answer:?}");
    fs::write(folder.join("request.json"), request).unwrap();
    let from_file = run(&folder, &["render", "--prompts", "p", "--request", "request.json"]);
    assert_eq!(from_file.stdout, answer.stdout);
}

/// Without the blanks that may stay or go beside a member that is removed.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn what_asks_for_no_prompt_passes() {
    let folder = prompts("render-pass");
    for body in ["{\"model\": \"m\", \"n\": 1.10}", "not json", ""] {
        let answer =
            run_with_input(&folder, &["render", "--prompts", "p", "--request", "-"], body.as_bytes());
        assert_eq!((answer.status, answer.stdout.as_str()), (0, body));
        assert!(answer.stderr.contains("asks for no prompt"), "{answer:?}");
    }
    let answer = run(&folder, &["render", "--prompts", "p", "hello", "--path", "/v1/embeddings"]);
    assert_eq!(answer.stdout, r#"{"prompt_id":"hello"}"#);
    assert!(answer.stderr.contains("Promptgate does not look at POST /v1/embeddings"), "{answer:?}");
}

#[test]
fn a_prompt_object_that_passes() {
    let folder = prompts("render-pass-object");
    write(&folder, &[("forward.yaml", "policy: { unknown_prompt_object: forward }")]);
    let body = r#"{"prompt": {"id": "nope"}, "input": "x"}"#;
    for (path, expected) in [
        ("/v1/chat/completions", "`prompt` names a prompt where paths end in /responses"),
        ("/v1/messages", "`prompt` names a prompt where paths end in /responses"),
        ("/v1/responses", "policy.unknown_prompt_object forwards it"),
    ] {
        let arguments =
            ["render", "--prompts", "p", "--config", "forward.yaml", "--path", path, "--request", "-"];
        let answer = run_with_input(&folder, &arguments, body.as_bytes());
        assert_eq!((answer.status, answer.stdout.as_str()), (0, body), "{path}");
        assert!(answer.stderr.contains(expected), "{path}: {answer:?}");
    }
}

#[test]
fn paths_say_which_api_a_request_is_for() {
    let folder = prompts("render-paths");
    let words = ["render", "--prompts", "p", "hello.v1", "-v", "user_message=Hi", "-m", "one", "-m", "two"];
    for (path, expected) in [
        (
            "/v1/responses",
            json!({"instructions": "Be brief.", "model": "gpt-4", "temperature": 0.7, "input": [
                {"role": "user", "content": "Hi"},
                {"role": "user", "content": "one"},
                {"role": "user", "content": "two"},
            ]}),
        ),
        (
            "/team//openai/v1/responses/?api-version=preview",
            json!({"instructions": "Be brief.", "model": "gpt-4", "temperature": 0.7, "input": [
                {"role": "user", "content": "Hi"},
                {"role": "user", "content": "one"},
                {"role": "user", "content": "two"},
            ]}),
        ),
        (
            "/v1/messages",
            json!({"system": "Be brief.", "model": "gpt-4", "temperature": 0.7, "messages": [
                {"role": "user", "content": "Hi"},
                {"role": "user", "content": "one"},
                {"role": "user", "content": "two"},
            ]}),
        ),
    ] {
        let answer = run(&folder, &[&words[..], &["--path", path]].concat());
        assert_eq!((answer.status, answer.stderr.as_str()), (0, ""), "{path}: {answer:?}");
        assert_eq!(serde_json::from_str::<Value>(&answer.stdout).unwrap(), expected, "{path}");
    }
}

#[test]
fn slips_of_the_command_line() {
    let folder = folder("render-slips");
    let schema = "---\ninput:\n  schema:\n    n?: integer\n    l?(array): string\n---\nUser: {{ n }}{{ l }}";
    write(&folder, &[("p/hello.prompt", "User: hi"), ("p/typed.prompt", schema)]);
    for (arguments, status, expected) in [
        (&["helo"][..], 404, "help: did you mean `hello`?"),
        (&["helo.v1"], 404, "help: did you mean `hello`?"),
        (&["typed", "-v", "n=4"], 400, "help: write -v n:=4: "),
        (&["typed", "-v", "l=[\"it's\"]"], 400, r#"help: write -v 'l:=["it'\''s"]': "#),
        (&["typed", "-v", "n=four"], 400, ""),
        (&["typed", "-v", "n:=\"4\""], 400, ""),
        (&["something-else"], 404, ""),
        (&["helo", "--path", "/v1/responses", "-m", "x"], 404, "help: did you mean `hello`?"),
    ] {
        let answer = run(&folder, &[&["render", "--prompts", "p"], arguments].concat());
        assert!(answer.stdout.starts_with(&format!(r#"{{"status":{status},"#)), "{answer:?}");
        assert!(answer.stderr.starts_with(expected), "{arguments:?}: {answer:?}");
        assert_eq!(answer.stderr.is_empty(), expected.is_empty(), "{arguments:?}: {answer:?}");
    }
    let object = ["render", "--prompts", "p", "--path", "/v1/responses", "--request", "-"];
    let answer = run_with_input(&folder, &object, br#"{"prompt": {"id": "helo", "version": "1"}}"#);
    assert!(answer.stdout.contains(r#""param":"prompt.id""#), "{answer:?}");
    assert_eq!((answer.status, answer.stderr.as_str()), (1, "help: did you mean `hello`?\n"));
}

#[test]
fn local_replies() {
    let folder = prompts("render-replies");
    for (arguments, status, code, param) in [
        (&["nope"][..], 404, "prompt_not_found", json!("prompt_id")),
        (&["hello", "--version", "9"], 404, "prompt_version_not_found", json!("prompt_version")),
        (&["hello", "--version", "two"], 400, "invalid_prompt_reference", json!("prompt_version")),
        (&["hello", "--label", "nope"], 404, "prompt_label_not_found", json!("prompt_label")),
        (&["hello", "--version", "1"], 400, "missing_variable", json!("prompt_variables.user_message")),
        (&["../hello"], 400, "invalid_prompt_reference", json!("prompt_id")),
        (&["team/a", "-v", "n=1", "-v", "n=2"], 400, "duplicate_field", json!("prompt_variables.n")),
        (&["--model", "dotprompt/gpt-4"], 400, "invalid_prompt_reference", json!("prompt_id")),
    ] {
        let answer = run(&folder, &[&["render", "--prompts", "p"], arguments].concat());
        assert_eq!((answer.status, answer.stderr.as_str()), (1, ""), "{arguments:?}: {answer:?}");
        let reply: Value = serde_json::from_str(&answer.stdout).unwrap();
        let error = &reply["body"]["error"];
        assert_eq!(
            (&reply["status"], &error["code"], &error["param"]),
            (&json!(status), &json!(code), &param)
        );
        assert!(answer.stdout.ends_with("}}}\n"), "{answer:?}");
    }
}

#[test]
fn an_author_is_told_what_the_client_is_not() {
    let folder = prompts("render-broken");
    let files = [
        ("p/fails.prompt", "User: fine"),
        ("p/fails.v2.prompt", "---\nlabels: [x]\n---\nSystem: a\nUser: {{ n.upper() }}"),
        ("p/fails.v3.prompt", "User: fine"),
        ("rest.yaml", "models: { bound: { prompt_id: fails, prompt_label: x } }"),
    ];
    write(&folder, &files);
    for (arguments, what, place) in [
        (&["broken"][..], "unknown filter `uper`", "--> p/broken.prompt:1:14"),
        (&["fails", "--version", "2", "-v", "n:=1"], "unknown method", "--> p/fails.v2.prompt:5:1"),
        (&["fails.v2", "-v", "n:=1"], "unknown method", "--> p/fails.v2.prompt:5:1"),
        (&["fails", "--label", "x", "-v", "n:=1"], "unknown method", "--> p/fails.v2.prompt:5:1"),
        (&["--model", "bound", "-v", "n:=1"], "unknown method", "--> p/fails.v2.prompt:5:1"),
    ] {
        let answer =
            run(&folder, &[&["render", "--prompts", "p", "--config", "rest.yaml"], arguments].concat());
        let reply: Value = serde_json::from_str(&answer.stdout).unwrap();
        assert_eq!((answer.status, &reply["status"]), (1, &json!(422)), "{answer:?}");
        assert!(answer.stderr.contains(&format!("error: {what}")), "{answer:?}");
        assert!(answer.stderr.contains(place), "{answer:?}");
        assert!(!answer.stdout.contains("uper`"), "{answer:?}");
    }
    for prompt in [
        r#"{"id": "fails", "version": "2", "variables": {"n": 1}}"#,
        r#"{"prompt_id": "fails.v2", "variables": {"n": 1}}"#,
    ] {
        let arguments = ["render", "--prompts", "p", "--path", "/v1/responses", "--request", "-"];
        let answer = run_with_input(&folder, &arguments, format!(r#"{{"prompt": {prompt}}}"#).as_bytes());
        assert_eq!(answer.status, 1, "{answer:?}");
        assert!(answer.stderr.contains("--> p/fails.v2.prompt:5:1"), "{answer:?}");
    }
}

#[test]
fn a_plugin_configuration_decides() {
    let folder = prompts("render-config");
    let rest = "models: { bound: { prompt_id: hello, prompt_version: 2, model: gpt-4 } }\n\
                rules:\n\
                - match: { host: team.example.com, route: r, path_prefix: /team }\n  policy: { allow: ['team/*'] }\n";
    write(
        &folder,
        &[("rest.yaml", rest), ("whole.yaml", "bundle: { prompts: { a: 'User: from the bundle' } }")],
    );
    let render = |arguments: &[&str]| run(&folder, &[&["render"], arguments].concat());
    assert_eq!(
        render(&["--config", "whole.yaml", "a"]).stdout,
        r#"{"messages":[{"role":"user","content":"from the bundle"}]}"#
    );
    let bound = render(&["--prompts", "p", "--config", "rest.yaml", "--model", "bound", "-m", "dropped"]);
    let bound: Value = serde_json::from_str(&bound.stdout).unwrap();
    assert_eq!(bound, json!({"messages": [{"role": "user", "content": "two"}], "model": "gpt-4"}));
    let ruled = ["--prompts", "p", "--config", "rest.yaml", "hello", "--path", "/team/v1/chat/completions"];
    assert_eq!(render(&ruled).status, 0);
    let ruled = render(&[&ruled[..], &["--host", "team.example.com", "--route", "r"]].concat());
    assert!(ruled.stdout.starts_with(r#"{"status":403,"#), "{ruled:?}");
}

#[test]
fn what_can_not_be_rendered() {
    let folder = prompts("render-failures");
    let files = [
        ("typo.yaml", "bundel: {}"),
        ("broken.yaml", "bundle:\n  prompts: { a: b\n"),
        ("bundle.json", r#"{"prompts": {"a": "User: b"}}"#),
        ("envoy.yaml", "static_resources: { listeners: [] }"),
        ("own.yaml", "bundle: { prompts: {} }"),
        ("twice/a.prompt", "User: a"),
        ("twice/a.v1.prompt", "User: a"),
    ];
    write(&folder, &files);
    for (arguments, expected) in [
        (&["--config", "typo.yaml", "a"][..], "did you mean \"bundle\"?"),
        (&["--config", "broken.yaml", "a"], "--> broken.yaml:3:1"),
        (&["--config", "bundle.json", "a"], "put it under the key `bundle`"),
        (&["--config", "envoy.yaml", "a"], "this is Envoy's configuration"),
        (&["--prompts", "p", "--config", "envoy.yaml", "a"], "this is Envoy's configuration"),
        (&["--config", "nowhere.yaml", "a"], "can't read nowhere.yaml"),
        (&["--prompts", "p", "--config", "own.yaml", "a"], "has a bundle of its own"),
        (&["--prompts", "nowhere", "a"], "nowhere does not exist"),
        (&["--prompts", "twice", "a"], "twice/a.v1.prompt"),
        (&["--prompts", "p", "--request", "nowhere.json"], "can't read nowhere.json"),
        (&["a"], "--prompts <DIR>"),
        (&["--prompts", "p"], "<ID>"),
        (&["--prompts", "p", "a", "-v", "b"], "name=text or name:=json"),
        (&["--prompts", "p", "a", "-v", "b:=c"], "for text write b=text"),
        (&["--prompts", "p", "a", "--request", "-"], "cannot be used with"),
        (&["--prompts", "p", "a", "--version", "1", "--label", "b"], "cannot be used with"),
    ] {
        let answer = run(&folder, &[&["render"], arguments].concat());
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{arguments:?}: {answer:?}");
        assert!(answer.stderr.contains(expected), "{arguments:?}: {answer:?}");
    }
}

/// The shared cases, by way of the command line: `render` drives the engine as the gateway does.
#[test]
fn conformance() {
    let mut count = 0;
    for name in ["litellm", "promptgate", "more", "responses", "messages"] {
        let path = repository().join(format!("tests/fixtures/conformance/{name}.json"));
        let cases: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let folder = folder(&format!("render-conformance-{name}"));
        for (number, case) in cases.iter().enumerate() {
            conforms(&folder.join(number.to_string()), case);
            count += 1;
        }
    }
    assert!(count > 330, "{count}");
}

fn conforms(folder: &std::path::Path, case: &Value) {
    let single = json!({"p": case["prompt"]});
    let prompts = case.get("prompts").unwrap_or(&single).as_object().unwrap();
    for (name, text) in prompts {
        write(folder, &[(&format!("prompts/{name}.prompt"), text.as_str().unwrap())]);
    }
    let config = case.get("config").map_or_else(|| "{}".to_owned(), Value::to_string);
    let request = match &case["request"] {
        Value::String(text) => text.clone(),
        request => request.to_string(),
    };
    write(folder, &[("config.json", &config)]);
    let path = case.get("path").map_or("/v1/chat/completions", |path| path.as_str().unwrap());
    let arguments =
        ["render", "--prompts", "prompts", "--config", "config.json", "--path", path, "--request", "-"];
    let answer = run_with_input(folder, &arguments, request.as_bytes());
    let name = &case["name"];
    let body: Value = serde_json::from_str(&answer.stdout).unwrap_or_else(|_| panic!("{name}: {answer:?}"));
    match case.get("reply") {
        None => assert_eq!((answer.status, &body), (0, &case["expect"]), "{name}"),
        Some(reply) => {
            let error = &body["body"]["error"];
            assert_eq!((answer.status, &body["status"]), (1, &reply["status"]), "{name}: {body}");
            // Anthropic's envelope has them one level deeper.
            let (error, code) = match error.get("details") {
                Some(details) => (details, &details["error_code"]),
                None => (error, &error["code"]),
            };
            assert_eq!(code, &reply["code"], "{name}");
            if let Some(param) = reply.get("param") {
                assert_eq!(&error["param"], param, "{name}");
            }
        }
    }
}
