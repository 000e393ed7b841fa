//! What is asked.

use super::*;
use crate::catalog::NotFound;

fn paths(source: &Source, asked: &str) -> Vec<String> {
    let requests = source.requests(&reference(asked), None).unwrap();
    requests.into_iter().map(|request| request.path).collect()
}

fn path(source: &Source, asked: &str) -> String {
    let paths = paths(source, asked);
    assert_eq!(paths.len(), 1, "{asked}");
    paths.concat()
}

fn headers(source: &Source) -> Vec<(&'static str, String)> {
    let requests = source.requests(&reference("hello@2"), None).unwrap();
    let mut headers = requests.into_iter().next().unwrap().headers;
    let agent = headers.pop().unwrap();
    assert_eq!(agent, ("user-agent", format!("promptgate/{}", env!("CARGO_PKG_VERSION"))));
    headers
}

fn header(name: &'static str, value: &str) -> (&'static str, String) {
    (name, value.to_owned())
}

#[test]
fn promptgate() {
    let source = source(json!({"provider": "promptgate", "base_path": "/prompts/eu/", "api_key": "k"}));
    for asked in ["team/a.b", "team/a.b@7", "team/a.b@latest", "team/a.b:production"] {
        assert_eq!(path(&source, asked), "/prompts/eu/prompts/team/a.b.json");
    }
    let accept = header("accept", "application/json");
    assert_eq!(headers(&source), [accept.clone(), header("authorization", "Bearer k")]);
    let first = source.bundle_request(None, None).unwrap();
    assert_eq!(first.path, "/prompts/eu/bundle.json");
    let next = source.bundle_request(Some("\"abc\""), Some(30)).unwrap();
    assert_eq!(next.path, first.path);
    assert_eq!(
        next.headers.get(3..).unwrap(),
        [header("if-none-match", "\"abc\""), header("prefer", "wait=30")]
    );
    // Nothing to wait for.
    assert_eq!(source.bundle_request(None, Some(0)), Some(first));
    assert_eq!(super::source(json!({"provider": "litellm"})).bundle_request(None, None), None);
}

#[test]
fn litellm() {
    let source = source(json!({"provider": "litellm", "base_path": "/llm", "api_key": "sk-1"}));
    for (asked, expected) in [
        ("hello", "/llm/prompts/hello/info"),
        ("hello@latest", "/llm/prompts/hello/info"),
        ("hello@2", "/llm/prompts/hello.v2/info"),
        ("hello:production", "/llm/prompts/hello/info?environment=production"),
        ("my_variable", "/llm/prompts/my_variable/info"),
        ("my_variable@3", "/llm/prompts/my_variable.v3/info"),
    ] {
        assert_eq!(path(&source, asked), expected);
    }
    // LiteLLM has no such paths.
    for (asked, expected) in
        [("a/b@2", NotFound::Version), ("a/b", NotFound::Prompt), ("a/b:production", NotFound::Label)]
    {
        assert_eq!(source.requests(&reference(asked), None), Err(FetchError::NotFound(expected)), "{asked}");
    }
    assert_eq!(
        headers(&source),
        [header("accept", "application/json"), header("authorization", "Bearer sk-1")]
    );
}

#[test]
fn bitbucket() {
    let settings =
        json!({"provider": "bitbucket", "workspace": "{b9f2}", "repository": "prompts", "access_token": "t"});
    let bearer = source(settings.clone());
    let base = "/2.0/repositories/%7Bb9f2%7D/prompts/src/main";
    assert_eq!(path(&bearer, "hello"), format!("{base}/hello.prompt"));
    assert_eq!(path(&bearer, "hello@latest"), format!("{base}/hello.prompt"));
    assert_eq!(path(&bearer, "team/hello@12"), format!("{base}/team/hello.v12.prompt"));
    // Version 1 has two names, as on disk.
    assert_eq!(
        paths(&bearer, "hello@1"),
        [format!("{base}/hello.prompt"), format!("{base}/hello.v1.prompt")]
    );
    assert_eq!(headers(&bearer), [header("authorization", "Bearer t")]);

    let mut basic = settings;
    basic["auth_method"] = json!("basic");
    basic["username"] = json!("ada@example.com");
    basic["branch"] = json!("release/2026 q1");
    basic["prompts_path"] = json!("/llm prompts/eu/");
    let basic = source(basic);
    let base = "/2.0/repositories/%7Bb9f2%7D/prompts/src/release%2F2026%20q1/llm%20prompts/eu";
    assert_eq!(path(&basic, "team/hello"), format!("{base}/team/hello.prompt"));
    // printf 'ada@example.com:t' | base64
    assert_eq!(headers(&basic), [header("authorization", "Basic YWRhQGV4YW1wbGUuY29tOnQ=")]);
}

#[test]
fn gitlab() {
    let token = source(json!({
        "provider": "gitlab", "project": "group/sub/prompts", "prompts_path": "llm/eu", "branch": "feature/x",
        "access_token": "glpat-1",
    }));
    assert_eq!(
        path(&token, "team/hello@2"),
        "/api/v4/projects/group%2Fsub%2Fprompts/repository/files/llm%2Feu%2Fteam%2Fhello.v2.prompt/raw?ref=feature%2Fx"
    );
    assert_eq!(headers(&token), [header("private-token", "glpat-1")]);

    let oauth = source(json!({
        "provider": "gitlab", "project": 42, "auth_method": "oauth", "access_token": "o", "base_path": "/git/api/v4",
    }));
    assert_eq!(path(&oauth, "hello"), "/git/api/v4/projects/42/repository/files/hello.prompt/raw?ref=main");
    assert_eq!(headers(&oauth), [header("authorization", "Bearer o")]);
}

#[test]
fn github() {
    let source = source(json!({
        "provider": "github", "owner": "acme", "repository": "prompts", "prompts_path": "llm", "base_path": "/api/v3",
        "access_token": "ghp",
    }));
    assert_eq!(
        path(&source, "team/hello"),
        "/api/v3/repos/acme/prompts/contents/llm/team/hello.prompt?ref=main"
    );
    assert_eq!(paths(&source, "hello@1").len(), 2);
    assert_eq!(
        headers(&source),
        [
            header("accept", "application/vnd.github.raw+json"),
            header("x-github-api-version", "2022-11-28"),
            header("authorization", "Bearer ghp"),
        ]
    );
}

#[test]
fn generic() {
    let source = source(json!({
        "provider": "generic", "api_key": "k",
        "provider_specific_query_params": {"project name": "a&b", "n": 5.0, "flag": true},
    }));
    let base = "/beta/litellm_prompt_management?prompt_id=team%2Fhello";
    let custom = "&project%20name=a%26b&n=5&flag=true";
    assert_eq!(path(&source, "team/hello"), format!("{base}{custom}"));
    assert_eq!(path(&source, "team/hello@latest"), format!("{base}{custom}"));
    assert_eq!(path(&source, "team/hello@3"), format!("{base}&prompt_version=3{custom}"));
    assert_eq!(path(&source, "team/hello:live"), format!("{base}&prompt_label=live{custom}"));
    assert_eq!(headers(&source), [header("accept", "application/json"), header("authorization", "Bearer k")]);
}

#[test]
fn langfuse() {
    let source = source(json!({"provider": "langfuse", "public_key": "pk-lf-1", "secret_key": "sk-lf-2"}));
    let base = "/api/public/v2/prompts/team%2Fhello";
    assert_eq!(path(&source, "team/hello"), base);
    assert_eq!(path(&source, "team/hello@latest"), format!("{base}?label=latest"));
    assert_eq!(path(&source, "team/hello@3"), format!("{base}?version=3"));
    assert_eq!(path(&source, "team/hello:production"), format!("{base}?label=production"));
    // printf 'pk-lf-1:sk-lf-2' | base64
    let basic = header("authorization", "Basic cGstbGYtMTpzay1sZi0y");
    assert_eq!(headers(&source), [header("accept", "application/json"), basic]);
}

#[test]
fn without_credentials_none_are_sent() {
    for source in sources() {
        let names: Vec<_> = headers(&source).into_iter().map(|(name, _)| name).collect();
        assert!(
            !names.contains(&"authorization") && !names.contains(&"private-token"),
            "{source:?}: {names:?}"
        );
    }
}

#[test]
fn what_no_registry_has_is_not_asked_for() {
    for source in sources() {
        let beyond = Reference::new("hello.v1000000000", Selector::Default).unwrap();
        assert_eq!(
            source.requests(&beyond, None),
            Err(FetchError::NotFound(NotFound::Version)),
            "{source:?}"
        );
        let found = source.requests(&reference("hello:production"), None);
        match source.provider().labels {
            true => assert!(found.is_ok(), "{source:?}"),
            false => assert_eq!(found, Err(FetchError::NotFound(NotFound::Label)), "{source:?}"),
        }
    }
}

#[test]
fn an_etag_is_sent_back() {
    for source in sources() {
        for request in source.requests(&reference("hello@1"), Some("W/\"1\"")).unwrap() {
            assert!(request.headers.contains(&header("if-none-match", "W/\"1\"")), "{source:?}");
        }
    }
}

#[test]
fn debug_output_holds_no_secret() {
    let source = source(json!({"provider": "promptgate", "api_key": "sk-secret"}));
    let requests = source.requests(&reference("hello"), None).unwrap();
    assert_eq!(requests.first().unwrap().headers.get(1).unwrap().1, "Bearer sk-secret");
    assert!(!format!("{source:?} {requests:?}").contains("sk-secret"));
}

#[test]
fn equal_if_they_ask_the_same() {
    let keyed = |key: &str| source(json!({"provider": "promptgate", "api_key": key}));
    assert_eq!(keyed("a"), keyed("a"));
    assert_ne!(keyed("a"), keyed("b"));
    assert_ne!(source(json!({"provider": "promptgate"})), source(json!({"provider": "generic"})));
}
