//! What `registry` means, and how it is refused.

use std::rc::Rc;

use std::time::Duration;

use serde_json::json;

use super::*;
use crate::catalog::{Reference, Selector};

fn parse(registry: Value) -> Result<Config, ConfigError> {
    Config::parse(json!({"registry": registry}).to_string().as_bytes())
}

fn registry(value: Value) -> Registry {
    let config = parse(value).unwrap();
    assert_eq!(config.warnings(), [] as [&str; 0]);
    Rc::into_inner(config.registry.unwrap()).unwrap()
}

/// A registry with all that is required, and more.
fn with(provider: &str, more: Value) -> Value {
    let mut value = json!({"provider": provider, "cluster": "c"});
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}

fn bitbucket(more: Value) -> Value {
    let mut value = with("bitbucket", json!({"workspace": "w", "repository": "r"}));
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}

fn refusal(value: Value) -> String {
    let error = parse(value.clone()).expect_err(&value.to_string()).to_string();
    assert!(!error.contains('\n'), "{error}");
    error
}

/// The header of that name in a request for `hello`.
fn header(config: &Config, name: &str) -> Option<String> {
    let reference = Reference::new("hello", Selector::Default).unwrap();
    let requests = config.registry.as_ref().unwrap().source.requests(&reference, None).unwrap();
    let headers = requests.into_iter().next().unwrap().headers;
    headers.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

#[test]
fn everything_else_has_a_default() {
    assert_eq!(Config::parse(b"{}").unwrap().registry, None);
    for (provider, more, authority) in [
        ("promptgate", json!({"authority": "prompts.internal:8080"}), "prompts.internal:8080"),
        ("litellm", json!({"authority": "10.0.0.7"}), "10.0.0.7"),
        ("generic", json!({"authority": "[::1]:80"}), "[::1]:80"),
        ("bitbucket", json!({"workspace": "w", "repository": "r"}), "api.bitbucket.org"),
        ("gitlab", json!({"project": "p"}), "gitlab.com"),
        ("github", json!({"owner": "o", "repository": "r"}), "api.github.com"),
        ("langfuse", json!({}), "cloud.langfuse.com"),
        ("langfuse", json!({"authority": "us.cloud.langfuse.com"}), "us.cloud.langfuse.com"),
    ] {
        let registry = registry(with(provider, more));
        assert_eq!(registry.source.provider().name, provider);
        assert_eq!((&*registry.cluster, &*registry.authority), ("c", authority));
        assert_eq!(registry.timeout, Duration::from_secs(2));
        assert_eq!(registry.refresh, Duration::from_secs(30));
        assert_eq!(registry.stale, Duration::from_secs(24 * 3600));
        assert_eq!(registry.not_found, Duration::from_secs(5));
        let long_poll = if provider == "promptgate" { 30 } else { 0 };
        assert_eq!(registry.long_poll, Duration::from_secs(long_poll));
        assert_eq!(registry.cache, CacheLimits { entries: 10_000, bytes: 67_108_864 });
    }
}

#[test]
fn every_key_is_read() {
    let text = r#"
registry:
  provider: promptgate
  cluster: prompt_registry
  authority: prompts.internal
  base_path: /v1/
  timeout: 500ms
  refresh: 1m
  stale: 1h30m
  not_found: 0s
  long_poll: 0s
  cache: { entries: 100, bytes: 1MiB }
  api_key: os.environ/PROMPTGATE_KEY
"#;
    let environment = |name: &str| (name == "PROMPTGATE_KEY").then(|| "sk-1\n".to_owned());
    let config = Config::parse_with(text.as_bytes().to_vec(), &environment).unwrap();
    assert_eq!(config.warnings(), [] as [&str; 0]);
    assert_eq!(header(&config, "authorization").as_deref(), Some("Bearer sk-1"));
    let registry = config.registry.unwrap();
    assert_eq!((&*registry.cluster, &*registry.authority), ("prompt_registry", "prompts.internal"));
    assert_eq!(registry.source.bundle_request(None, None).unwrap().path, "/v1/bundle.json");
    let times = [registry.timeout, registry.refresh, registry.stale, registry.not_found, registry.long_poll];
    assert_eq!(times.map(|time| time.as_millis()), [500, 60_000, 5_400_000, 0, 0]);
    assert_eq!(registry.cache, CacheLimits { entries: 100, bytes: 1_048_576 });

    // A long refresh takes the default of `stale` with it.
    let slow = super::registry_tests::registry(with("langfuse", json!({"refresh": "1d"})));
    assert_eq!(slow.stale, slow.refresh);
    // Through a protobuf Struct every number is a float.
    let gitlab =
        super::registry_tests::registry(with("gitlab", json!({"project": 42.0, "cache": {"entries": 5.0}})));
    assert_eq!(gitlab.cache.entries, 5);
}

#[test]
fn credentials() {
    let inline = parse(bitbucket(json!({"access_token": "t"}))).unwrap();
    assert_eq!(header(&inline, "authorization").as_deref(), Some("Bearer t"));
    assert_eq!(
        inline.warnings(),
        [
            "registry.access_token: whoever may see the configuration sees this secret; write os.environ/NAME and \
          give the variable to the filter, or have Envoy add the credential"
        ]
    );
    let keys = json!({"public_key": "pk", "secret_key": "sk"});
    let found = parse(with("langfuse", keys)).unwrap();
    // The public key is none.
    assert_eq!(found.warnings().len(), 1);
    assert!(found.warnings()[0].starts_with("registry.secret_key: "));

    // Who has no environment to ask checks the rest.
    let text = json!({"registry": bitbucket(json!({"access_token": "os.environ/TOKEN"}))}).to_string();
    let unresolved = Config::parse(text.as_bytes()).unwrap();
    assert_eq!(unresolved.warnings(), [] as [&str; 0]);
    assert_eq!(header(&unresolved, "authorization"), None);

    let long = "x".repeat(8_193);
    let not_set = "the environment variable \"TOKEN\" is not set; the filter sees those of \
                   `vm_config.environment_variables` only";
    for (value, expected) in [
        (None, not_set),
        (Some(""), "the environment variable \"TOKEN\" may not be empty"),
        (Some("\n"), "the environment variable \"TOKEN\" may not be empty"),
        (Some("a\r\nx: y"), "the environment variable \"TOKEN\" may hold printable ASCII only"),
        (Some("é"), "the environment variable \"TOKEN\" may hold printable ASCII only"),
        (Some(&long), "the environment variable \"TOKEN\" may not be longer than 8192 bytes"),
    ] {
        let environment = |_: &str| value.map(str::to_owned);
        let error = Config::parse_with(text.as_bytes().to_vec(), &environment).unwrap_err();
        assert_eq!(error.to_string(), format!("registry.access_token: {expected}"));
    }
}

#[test]
fn what_is_refused() {
    let name = "the name of an environment variable behind \"os.environ/\"";
    let duration = "expected a duration such as \"2s\" or \"1h30m\": whole numbers with d, h, m, s or ms, the \
                    longest first";
    for (value, expected) in [
        (json!([]), "registry: expected a mapping, found a list".to_owned()),
        (json!({}), "registry: needs the key \"provider\"".to_owned()),
        (
            json!({"provider": "gitea"}),
            "registry.provider: expected one of \"promptgate\", \"litellm\", \"bitbucket\", \"gitlab\", \"github\", \
             \"generic\", \"langfuse\", found another string"
                .to_owned(),
        ),
        (with("litellm", json!({})), "registry: needs the key \"authority\"".to_owned()),
        (json!({"provider": "langfuse"}), "registry: needs the key \"cluster\"".to_owned()),
        (with("bitbucket", json!({"workspace": "w"})), "registry: needs the key \"repository\"".to_owned()),
        (bitbucket(json!({"workspce": "w"})), "registry.workspce: unknown key, did you mean \"workspace\"?".to_owned()),
        (
            bitbucket(json!({"project": "w"})),
            "registry.project: unknown key, known are provider, cluster, authority, base_path, timeout, refresh, stale, \
             not_found, cache, workspace, repository, branch, prompts_path, access_token, auth_method, username"
                .to_owned(),
        ),
        // Nothing to wait for.
        (
            with("langfuse", json!({"long_poll": "1s"})),
            "registry.long_poll: unknown key, known are provider, cluster, authority, base_path, timeout, refresh, \
             stale, not_found, cache, public_key, secret_key"
                .to_owned(),
        ),
        (with("langfuse", json!({"cluster": " "})), "registry.cluster: may not be empty".to_owned()),
        (with("langfuse", json!({"cluster": "a\nb"})), "registry.cluster: may not hold control characters".to_owned()),
        (
            with("langfuse", json!({"cluster": "x".repeat(1_025)})),
            "registry.cluster: may not be longer than 1024 bytes".to_owned(),
        ),
        (
            with("langfuse", json!({"authority": "https://x.test"})),
            "registry.authority: expected a host such as \"prompts.internal\" or \"10.0.0.7:8080\", not a URL".to_owned(),
        ),
        (with("langfuse", json!({"base_path": "v1"})), "registry.base_path: a path starts with \"/\"".to_owned()),
        (with("langfuse", json!({"base_path": "/a?b"})), "registry.base_path: a path has no query".to_owned()),
        (
            with("langfuse", json!({"base_path": "/a/../b"})),
            "registry.base_path: no part of a path is empty, \".\" or \"..\"".to_owned(),
        ),
        (
            with("langfuse", json!({"base_path": "//a"})),
            "registry.base_path: no part of a path is empty, \".\" or \"..\"".to_owned(),
        ),
        (
            with("langfuse", json!({"base_path": "/a b"})),
            "registry.base_path: a path is ASCII without spaces; percent-encode everything else".to_owned(),
        ),
        (
            with("langfuse", json!({"base_path": format!("/{}", "x".repeat(1_024))})),
            "registry.base_path: may not be longer than 1024 bytes".to_owned(),
        ),
        (bitbucket(json!({"repository": "w/r"})), "registry.repository: a name holds no \"/\"".to_owned()),
        (
            bitbucket(json!({"repository": ".."})),
            "registry.repository: no part of it may be empty, \".\" or \"..\"".to_owned(),
        ),
        (
            bitbucket(json!({"prompts_path": "a/../../b"})),
            "registry.prompts_path: no part of it may be empty, \".\" or \"..\"".to_owned(),
        ),
        (
            bitbucket(json!({"branch": "/"})),
            "registry.branch: no part of it may be empty, \".\" or \"..\"".to_owned(),
        ),
        (
            bitbucket(json!({"branch": true})),
            "registry.branch: expected a name such as \"group/prompts\", found a boolean".to_owned(),
        ),
        (
            bitbucket(json!({"auth_method": "oauth"})),
            "registry.auth_method: expected \"token\" or \"basic\", found another string".to_owned(),
        ),
        (
            bitbucket(json!({"auth_method": "basic"})),
            "registry.auth_method: \"basic\" needs `username`, for an API token the e-mail address of its account"
                .to_owned(),
        ),
        (
            bitbucket(json!({"username": "x"})),
            "registry.username: has no effect without `auth_method: basic`".to_owned(),
        ),
        (
            bitbucket(json!({"access_token": 5})),
            "registry.access_token: expected a credential, or os.environ/NAME, found a number".to_owned(),
        ),
        (bitbucket(json!({"access_token": ""})), "registry.access_token: may not be empty".to_owned()),
        (
            bitbucket(json!({"access_token": "a\nb"})),
            "registry.access_token: may hold printable ASCII only".to_owned(),
        ),
        (bitbucket(json!({"access_token": "os.environ/"})), format!("registry.access_token: expected {name}")),
        (bitbucket(json!({"access_token": "os.environ/A B"})), format!("registry.access_token: expected {name}")),
        (
            with("langfuse", json!({"public_key": "pk"})),
            "registry.public_key: needs `secret_key` beside it".to_owned(),
        ),
        (
            with("langfuse", json!({"secret_key": "sk"})),
            "registry.secret_key: needs `public_key` beside it".to_owned(),
        ),
        (
            with("generic", json!({"authority": "a", "provider_specific_query_params": {"a": []}})),
            "registry.provider_specific_query_params.a: expected a text, a number or a boolean, found a list".to_owned(),
        ),
        (with("langfuse", json!({"timeout": "2"})), format!("registry.timeout: {duration}")),
        (with("langfuse", json!({"timeout": "0s"})), "registry.timeout: expected a duration from 1ms to 1m".to_owned()),
        (with("langfuse", json!({"timeout": "61s"})), "registry.timeout: expected a duration from 1ms to 1m".to_owned()),
        (with("langfuse", json!({"refresh": "999ms"})), "registry.refresh: expected a duration from 1s to 1d".to_owned()),
        (with("langfuse", json!({"stale": "31d"})), "registry.stale: expected a duration from 0s to 30d".to_owned()),
        (with("langfuse", json!({"stale": "29s"})), "registry.stale: may not be shorter than `refresh`".to_owned()),
        (
            with("langfuse", json!({"not_found": 5})),
            "registry.not_found: expected a duration such as \"2s\", found a number".to_owned(),
        ),
        (
            with("langfuse", json!({"cache": {"entries": 0}})),
            "registry.cache.entries: expected a whole number from 1 to 1000000".to_owned(),
        ),
        (
            with("langfuse", json!({"cache": {"entries": "9"}})),
            "registry.cache.entries: expected a number of prompts, found a string".to_owned(),
        ),
        (
            with("langfuse", json!({"cache": {"bytes": 0}})),
            "registry.cache.bytes: expected a size from 1B to 1GiB".to_owned(),
        ),
        (
            with("langfuse", json!({"cache": {"size": 1}})),
            "registry.cache.size: unknown key, known are entries, bytes".to_owned(),
        ),
    ] {
        assert_eq!(refusal(value), expected);
    }
}

/// What a registry holds is known only when it is asked.
#[test]
fn names_may_lead_to_a_registry() {
    let config = json!({
        "registry": with("langfuse", json!({})),
        "bundle": {"prompts": {"hello": "User: hi"}},
        "models": {"m": {"prompt_id": "alias.v9"}, "n": {"prompt_id": "hello", "prompt_version": 7}},
        "aliases": {"alias": "elsewhere"},
        "default_label": "production",
        "rules": [{"match": {"host": "x"}, "aliases": {"a": "b"}, "default_label": "live"}],
    });
    let found = Config::parse(config.to_string().as_bytes()).unwrap();
    assert_eq!(found.warnings(), [] as [&str; 0]);
    let settings = found.default_settings();
    assert_eq!(settings.models.get("m").unwrap().reference.id.as_str(), "elsewhere");
    assert_eq!(settings.models.get("n").unwrap().reference.selector, Selector::Version(7));

    for (aliases, expected) in [
        (json!({"a": "b", "b": "c"}), "aliases.a: an alias may not point at an alias"),
        (json!({"hello": "b"}), "aliases.hello: a prompt of the bundle has this id already"),
    ] {
        let mut config = config.clone();
        config["aliases"] = aliases;
        assert_eq!(Config::parse(config.to_string().as_bytes()).unwrap_err().to_string(), expected);
    }
}

#[test]
fn neither_errors_nor_debug_output_quote_values() {
    let secret = "sk-secret";
    for key in
        ["cluster", "authority", "base_path", "timeout", "workspace", "branch", "auth_method", "access_token"]
    {
        for value in [json!([secret]), json!({secret: secret}), json!(format!("{secret}\u{7f}/../ ?"))] {
            let error = refusal(bitbucket(json!({key: value})));
            assert!(!error.contains(secret), "{error}");
        }
    }
    let environment = |_: &str| Some(format!("{secret}\n\n\u{1}"));
    let text = json!({"registry": bitbucket(json!({"access_token": "os.environ/T"}))}).to_string();
    let error = Config::parse_with(text.as_bytes().to_vec(), &environment).unwrap_err();
    assert!(!error.to_string().contains(secret));

    let config = parse(bitbucket(json!({"access_token": secret}))).unwrap();
    assert_eq!(header(&config, "authorization"), Some(format!("Bearer {secret}")));
    assert!(!format!("{config:?} {:?}", config.warnings()).contains(secret));
}
