//! `promptgate render` with prompts from a registry.

// What tests have in common says what it expects by panicking, as they do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use snapbox::{Data, assert_data_eq};

use support::server::{Reply, Server, reply};
use support::{Answer, folder, run, run_with_env, write};

const SECRET: &str = "s3cr3t-t0ken";
const TEXT: &str = "---\nmodel: gpt-4\n---\nUser: hi {{ name }}";

fn render(folder: &Path, server: &Server, arguments: &[&str]) -> Answer {
    let url = server.url();
    run_with_env(
        folder,
        &[("TOKEN", SECRET), ("HTTP_PROXY", "http://127.0.0.1:1"), ("ALL_PROXY", "http://127.0.0.1:1")],
        &[&["render", "--registry-url", &url], arguments].concat(),
    )
}

fn body(answer: &Answer) -> Value {
    assert_eq!(answer.status, 0, "{answer:?}");
    serde_json::from_str(&answer.stdout).unwrap()
}

/// The code of the reply.
fn code(answer: &Answer) -> String {
    assert_eq!(answer.status, 1, "{answer:?}");
    let reply: Value = serde_json::from_str(&answer.stdout).unwrap();
    reply["body"]["error"]["code"].as_str().unwrap().to_owned()
}

fn message(answer: &Answer) -> String {
    let reply: Value = serde_json::from_str(&answer.stdout).unwrap();
    reply["body"]["error"]["message"].as_str().unwrap().to_owned()
}

/// What is different in each run, written alike.
fn alike(text: &str, server: &Server) -> String {
    let text = text.replace(&server.authority, "HOST");
    let words = text.split_inclusive('\n').map(|line| match line.strip_suffix(" ms\n") {
        Some(line) => format!("{}, N ms\n", line.rsplit_once(", ").unwrap().0),
        None => line.to_owned(),
    });
    words.collect()
}

fn same(text: &str, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/registry").join(name);
    assert_data_eq!(text.to_owned(), Data::read_from(&path, None).raw());
}

#[test]
fn every_kind_of_registry() {
    let folder = folder("registry-kinds");
    let bundle = json!({"prompts": {"hello": {"labels": {"production": 1}, "versions": {"1": TEXT, "2": "User: two"}}}});
    let litellm = json!({
        "prompt_spec": {
            "prompt_id": "hello", "version": 1, "environment": "production",
            "litellm_params": {"prompt_id": "hello", "prompt_integration": "dotprompt", "dotprompt_content": TEXT},
        },
    });
    let messages = json!([{"role": "user", "content": "hi {{name}}"}]);
    let generic =
        json!({"prompt_id": "hello", "prompt_template": messages, "prompt_template_model": "gpt-4"});
    let langfuse = json!({"name": "hello", "version": 1, "type": "chat", "prompt": messages, "config": {"model": "gpt-4"}});
    for (provider, settings, path, answer, header) in [
        (
            "promptgate",
            &[][..],
            "/bundle.json",
            bundle.to_string(),
            ("authorization", format!("Bearer {SECRET}")),
        ),
        (
            "litellm",
            &[],
            "/prompts/hello/info?environment=production",
            litellm.to_string(),
            ("authorization", format!("Bearer {SECRET}")),
        ),
        (
            "bitbucket",
            &["--set", "workspace=acme", "--set", "repository=prompts", "--set", "prompts_path=a/b"],
            "/2.0/repositories/acme/prompts/src/main/a/b/hello.prompt",
            TEXT.to_owned(),
            ("authorization", format!("Bearer {SECRET}")),
        ),
        (
            "gitlab",
            &["--set", "project:=12", "--set", "branch=next"],
            "/api/v4/projects/12/repository/files/hello.prompt/raw?ref=next",
            TEXT.to_owned(),
            ("private-token", SECRET.to_owned()),
        ),
        (
            "github",
            &["--set", "owner=acme", "--set", "repository=prompts"],
            "/repos/acme/prompts/contents/hello.prompt?ref=main",
            TEXT.to_owned(),
            ("authorization", format!("Bearer {SECRET}")),
        ),
        (
            "generic",
            &["--set", "provider_specific_query_params:={\"team\": \"a\"}"],
            "/beta/litellm_prompt_management?prompt_id=hello&team=a",
            generic.to_string(),
            ("authorization", format!("Bearer {SECRET}")),
        ),
        (
            "langfuse",
            &["--set", "public_key=pk"],
            "/api/public/v2/prompts/hello?label=production",
            langfuse.to_string(),
            ("authorization", "Basic cGs6czNjcjN0LXQwa2Vu".to_owned()),
        ),
    ] {
        let server = Server::files(&[(path, &answer)]);
        let labelled = ["promptgate", "litellm", "langfuse"].contains(&provider);
        let label: &[&str] = if labelled { &["--label", "production"] } else { &[] };
        let arguments = [
            &["--registry", provider, "--token-env", "TOKEN"],
            settings,
            &["hello", "-v", "name=you"],
            label,
        ];
        let answer = render(&folder, &server, &arguments.concat());
        assert_eq!(server.targets(), [path], "{provider}: {answer:?}");
        let expected = json!({"messages": [{"role": "user", "content": "hi you"}], "model": "gpt-4"});
        assert_eq!(body(&answer), expected, "{provider}");
        assert_eq!(answer.stderr, "", "{provider}");
        let asked = server.asked();
        assert_eq!(asked[0].header(header.0), Some(header.1.as_str()), "{provider}");
        assert_eq!(asked[0].header("host"), Some(server.authority.as_str()), "{provider}");
        assert!(asked[0].header("user-agent").unwrap().starts_with("promptgate/"), "{provider}");
        assert_eq!(asked[0].header("accept-encoding"), None, "{provider}");
    }
}

#[test]
fn a_configuration_says_which_registry() {
    let folder = folder("registry-config");
    let config = "registry:\n  provider: gitlab\n  cluster: gitlab\n  authority: gitlab.example.com\n  \
                  base_path: /g/api/v4\n  project: acme/prompts\n  access_token: os.environ/TOKEN\n\
                  bundle: { prompts: { pushed: 'User: pushed' } }\n\
                  models: { bound: { prompt_id: hello } }\npolicy: { allow: [hello, pushed] }\n";
    write(&folder, &[("plugin.yaml", config)]);
    let path = "/g/api/v4/projects/acme%2Fprompts/repository/files/hello.prompt/raw?ref=main";
    let server = Server::files(&[(path, "User: hi")]);
    let config = ["--config", "plugin.yaml"];

    let answer = render(&folder, &server, &[&config[..], &["--model", "bound"]].concat());
    assert_eq!(body(&answer)["messages"][0]["content"], "hi", "{answer:?}");
    assert_eq!(server.targets(), [path]);
    // The address is Envoy's affair, what it is called is the configuration's.
    assert_eq!(server.asked()[0].header("host"), Some("gitlab.example.com"));
    assert_eq!(server.asked()[0].header("private-token"), Some(SECRET));

    // What is not to be fetched is not asked for, and needs no credentials.
    for (id, status) in [("pushed", 0), ("other", 1)] {
        let answer = run(&folder, &["render", "--config", "plugin.yaml", id]);
        assert_eq!(answer.status, status, "{answer:?}");
    }
    let answer = run(&folder, &["render", "--config", "plugin.yaml", "hello"]);
    assert_eq!((answer.status, answer.stdout.as_str()), (2, ""));
    assert!(answer.stderr.contains("the environment variable TOKEN is not set"), "{answer:?}");

    // The command line changes what the configuration says.
    let other = "/v4/projects/acme%2Fprompts/repository/files/hello.prompt/raw?ref=next";
    let server = Server::files(&[(other, "User: next")]);
    let url = format!("{}/v4", server.url());
    let changed = ["--registry-url", &url, "--set", "branch=next", "hello"];
    let answer = run_with_env(&folder, &[("TOKEN", SECRET)], &[&["render"], &config[..], &changed].concat());
    assert_eq!(body(&answer)["messages"][0]["content"], "next", "{answer:?}");
}

#[test]
fn the_prompts_of_a_folder_come_first() {
    let folder = folder("registry-folder");
    write(&folder, &[("p/local.prompt", "User: local")]);
    let server =
        Server::files(&[("/bundle.json", r#"{"prompts": {"local": "User: no", "remote": "User: remote"}}"#)]);
    for (id, asked) in [("local", 0), ("remote", 1)] {
        let answer = render(&folder, &server, &["--prompts", "p", "--registry", "promptgate", id]);
        assert_eq!(body(&answer)["messages"][0]["content"], id);
        assert_eq!(server.asked().len(), asked, "{id}");
    }
}

#[test]
fn a_prompt_that_the_bundle_lacks_is_fetched_by_itself() {
    let folder = folder("registry-miss");
    let bundle = r#"{"prompts": {}}"#;
    let server = Server::files(&[("/b/bundle.json", bundle), ("/b/prompts/a/new.json", "\"User: new\"")]);
    let url = format!("{}/b", server.url());
    let words = ["render", "--registry", "promptgate", "--registry-url", &url, "--verbose"];
    let answer = run(&folder, &[&words[..], &["a/new"]].concat());
    assert_eq!(body(&answer)["messages"][0]["content"], "new");
    same(&alike(&answer.stderr, &server), "verbose.txt");
    let answer = run(&folder, &[&words[..], &["nope"]].concat());
    assert_eq!(code(&answer), "prompt_not_found");
    let targets = ["/b/bundle.json", "/b/prompts/a/new.json", "/b/bundle.json", "/b/prompts/nope.json"];
    assert_eq!(server.targets(), targets);
}

#[test]
fn each_file_of_a_version_is_tried() {
    let folder = folder("registry-files");
    let path = "/repos/a/b/contents/hello.v1.prompt?ref=main";
    let server = Server::files(&[(path, "User: one")]);
    let github = ["--registry", "github", "--set", "owner=a", "--set", "repository=b"];
    let answer = render(&folder, &server, &[&github[..], &["hello", "--version", "1"]].concat());
    assert_eq!(body(&answer)["messages"][0]["content"], "one");
    assert_eq!(server.targets(), ["/repos/a/b/contents/hello.prompt?ref=main", path]);
    let answer = render(&folder, &server, &[&github[..], &["hello", "--label", "x"]].concat());
    assert_eq!((code(&answer).as_str(), server.asked().len()), ("prompt_label_not_found", 2));
}

/// What a registry answers when it does not give the prompt, and what the client would be told.
#[test]
fn answers_that_are_none() {
    let folder = folder("registry-answers");
    let secret = "the prompt's own text";
    let raw = |text: String| Reply::Bytes(text.into_bytes());
    type Serve = Box<dyn Fn() -> Reply + Send>;
    let cases: Vec<(&str, Serve, &str)> = vec![
        (
            "prompt_unavailable",
            Box::new(move || reply(401, &[], secret)),
            "refuses the credentials (status 401)",
        ),
        ("prompt_not_found", Box::new(move || reply(404, &[], secret)), "There is no prompt `hello`"),
        (
            "prompt_unavailable",
            Box::new(move || reply(429, &[("retry-after", "7")], secret)),
            "wants 7 s of silence",
        ),
        ("prompt_unavailable", Box::new(move || reply(500, &[], secret)), "the registry fails (status 500)"),
        (
            "prompt_unavailable",
            Box::new(move || reply(302, &[("location", "https://u:p@login.example/x?token=t")], secret)),
            "which Envoy does not follow: look at `registry.authority` and `registry.base_path`",
        ),
        (
            "prompt_unavailable",
            Box::new(move || reply(200, &[("content-type", "text/html")], secret)),
            "not a page for a browser",
        ),
        (
            "prompt_unavailable",
            Box::new(move || reply(200, &[("content-encoding", "gzip")], secret)),
            "expected an answer that is not compressed",
        ),
        (
            "prompt_unavailable",
            Box::new(move || raw(format!("HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{secret}"))),
            "no whole answer from the registry",
        ),
        (
            "prompt_unavailable",
            Box::new(move || raw(format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(5 << 20)))),
            "too large: at most 4194304 bytes",
        ),
        (
            "prompt_unavailable",
            Box::new(move || raw(secret.to_owned())),
            "the registry is unavailable (status 503",
        ),
        ("prompt_unavailable", Box::new(|| Reply::Silence), "does not answer in time (status 504)"),
        ("prompt_render_failed", Box::new(|| reply(200, &[], "User: {{ a | uper }}")), "not valid"),
    ];
    for (expected, serve, text) in cases {
        let server = Server::start(move |_| serve());
        let words =
            ["--registry", "github", "--set", "owner=a", "--set", "repository=b", "--token-env", "TOKEN"];
        let answer = render(&folder, &server, &[&words[..], &["--set", "timeout=300ms", "hello"]].concat());
        assert_eq!(code(&answer), expected, "{text}: {answer:?}");
        assert!(message(&answer).contains(text), "{text}: {answer:?}");
        assert_eq!(server.asked().len(), 1, "{text}");
        if expected == "prompt_render_failed" {
            assert!(
                answer.stderr.contains("unknown filter") && answer.stderr.contains("hello.v1:1:"),
                "{answer:?}"
            );
        }
        let said = format!("{}{}", answer.stdout, answer.stderr);
        assert!(!said.contains(secret) && !said.contains(SECRET) && !said.contains("token=t"), "{answer:?}");
    }
}

#[test]
fn what_keeps_a_registry_from_answering() {
    let folder = folder("registry-troubles");
    let silent = Server::start(|_| Reply::Silence);
    let cut = Server::start(|_| Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx".to_vec()));
    let babble = Server::start(|_| Reply::Bytes(b"hello?\r\n\r\n".to_vec()));
    let words =
        ["render", "--registry", "generic", "--set", "timeout=300ms", "--token-env", "TOKEN", "hello"];
    for (url, expected) in [
        (silent.url(), "no whole answer within 300ms, which is the `timeout`"),
        (cut.url(), "the answer breaks off"),
        (babble.url(), "what answers there does not speak HTTP"),
        ("http://127.0.0.1:1".to_owned(), "refused"),
    ] {
        let arguments = [&words[..], &["--registry-url", &url]].concat();
        let answer = run_with_env(&folder, &[("TOKEN", SECRET)], &arguments);
        assert_eq!(code(&answer), "prompt_unavailable", "{expected}");
        let line = format!("error: GET {url}/beta/litellm_prompt_management?prompt_id=hello: ");
        assert!(answer.stderr.starts_with(&line), "{answer:?}");
        assert!(answer.stderr.contains(expected), "{answer:?}");
        // Said once, whether it is asked for or not.
        let answer = run_with_env(&folder, &[("TOKEN", SECRET)], &[&arguments[..], &["--verbose"]].concat());
        assert_eq!(answer.stderr.matches(expected).count(), 1, "{answer:?}");
    }
}

#[test]
fn a_bundle_that_is_not_there_is_mentioned() {
    let folder = folder("registry-no-bundle");
    let server = Server::files(&[("/prompts/hello.json", "\"User: hi\"")]);
    let answer = render(&folder, &server, &["--registry", "promptgate", "hello"]);
    assert_eq!(body(&answer)["messages"][0]["content"], "hi");
    assert!(answer.stderr.contains("does not have a bundle.json"), "{answer:?}");
}

#[test]
fn connections_are_encrypted_and_certificates_checked() {
    let folder = folder("registry-tls");
    let (server, certificate) =
        Server::start_tls(|_| reply(200, &[], "{\"prompts\": {\"hello\": \"User: hi\"}}"));
    write(&folder, &[("ca.pem", &certificate)]);
    let trusted = folder.join("ca.pem");
    let host = server.authority.replace("127.0.0.1", "localhost");
    let authority = format!("authority={host}");
    let words = ["render", "--registry", "promptgate", "--set", &authority, "hello"];
    // Without a URL it is https.
    let known = [("SSL_CERT_FILE", trusted.to_str().unwrap())];
    let answer = run_with_env(&folder, &known, &words);
    assert_eq!(body(&answer)["messages"][0]["content"], "hi", "{answer:?}");
    let asked = server.asked().len();

    // The name is checked, as is who signed.
    let url = format!("https://{}", server.authority);
    let answer = run_with_env(&folder, &known, &[&words[..], &["--registry-url", &url]].concat());
    assert_eq!(code(&answer), "prompt_unavailable");
    assert!(answer.stderr.contains("certificate"), "{answer:?}");
    let (_, other) = Server::start_tls(|_| Reply::Silence);
    fs::write(folder.join("other.pem"), other).unwrap();
    let other = folder.join("other.pem");
    let answer = run_with_env(&folder, &[("SSL_CERT_FILE", other.to_str().unwrap())], &words);
    assert_eq!(code(&answer), "prompt_unavailable");
    assert!(answer.stderr.contains("invalid peer certificate"), "{answer:?}");
    assert!(server.asked()[asked..].iter().all(|asked| asked.target.is_empty()), "nothing was asked");

    fs::write(folder.join("none.pem"), "").unwrap();
    let none = folder.join("none.pem");
    let none = [("SSL_CERT_FILE", none.to_str().unwrap()), ("SSL_CERT_DIR", "/nonexistent")];
    let answer = run_with_env(&folder, &none, &words);
    assert_eq!((answer.status, answer.stdout.as_str()), (2, ""));
    assert!(answer.stderr.contains("no certificates of authorities"), "{answer:?}");
}

#[test]
fn slips_of_the_command_line() {
    let folder = folder("registry-slips");
    write(
        &folder,
        &[("r.yaml", "registry: { provider: litellm, cluster: c, authority: a }"), ("e.yaml", "{}")],
    );
    let mut said = String::new();
    for arguments in [
        &["--registry", "gitlab", "hello"][..],
        &["--registry", "litellm", "hello"],
        &["--registry", "github", "--set", "ownr=a", "hello"],
        &["--registry", "github", "--set", "access_token=abc", "hello"],
        &[
            "--registry",
            "github",
            "--set",
            "owner=a",
            "--set",
            "repository=b",
            "--token-env",
            "PROMPTGATE_UNSET",
            "hello",
        ],
        &["--config", "r.yaml", "--registry", "litellm", "hello"],
        &["--config", "e.yaml", "--set", "branch=a", "hello"],
        &["--config", "r.yaml", "--set", "timeout:=1e999", "hello"],
    ] {
        let answer = run(&folder, &[&["render"], arguments].concat());
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{arguments:?}: {answer:?}");
        assert!(!answer.stderr.contains("abc"), "{answer:?}");
        said.push_str(&format!("$ promptgate render {}\n{}\n", arguments.join(" "), answer.stderr));
    }
    same(&said, "slips.txt");
    for arguments in [
        &["--registry", "nope", "hello"][..],
        &["--registry", "litellm", "--registry-url", "https://u:p@a", "hello"],
        &["--registry", "litellm", "--registry-url", "a.example", "hello"],
        &["--registry", "litellm", "--set", "a", "hello"],
        &["hello"],
    ] {
        let answer = run(&folder, &[&["render"], arguments].concat());
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{arguments:?}: {answer:?}");
    }
}
