//! What a configuration means.

use serde_json::json;

use super::*;
use crate::catalog::{Label, Selector, digest};
use crate::prompt::ClientMessages;

fn config(value: Value) -> Config {
    let config = Config::parse(value.to_string().as_bytes()).unwrap();
    assert_eq!(config.warnings(), [] as [&str; 0]);
    config
}

fn prompts() -> Value {
    json!({"prompts": {
        "hello": "User: hi",
        "jack": {"labels": {"production": 1, "canary": "2"}, "versions": {"1": "a", "2": "b"}},
        "team-a/x": "User: x",
    }})
}

#[test]
fn everything_has_a_default() {
    for config in [config(json!({})), Config::default()] {
        assert!(config.catalog.is_empty());
        assert_eq!(config.catalog.revision(), None);
        assert!(!config.hold_headers);
        assert_eq!(&*config.model_header, "x-promptgate-model");
        assert_eq!(config.parameters, Parameters::Prompt);
        assert_eq!(config.missing_variables, MissingVariables::Error);
        assert_eq!(config.compressed_bodies, CompressedBodies::Reject);
        assert!(!config.debug_headers);
        assert!(config.response_headers);
        let limits = Limits { body: 10_485_760, rendered: 4_194_304, memory: 8_388_608, fuel: 250_000 };
        assert_eq!(config.limits, limits);
        let settings = config.settings(Some("route"), "host", "/path");
        assert_eq!(settings.default_label, None);
        assert!(settings.models.get("gpt-4").is_none());
        assert_eq!(settings.aliases.resolve("hello"), "hello");
        assert!(!settings.policy.require_prompt);
        assert!(settings.policy.allows_prompt("any/thing"));
        assert_eq!(settings.policy.allows_model("gpt-4"), None);
        assert!(settings.policy.allows_role("whatever"));
        assert!(!settings.policy.restricts_roles());
        assert!(!settings.policy.passes("/v1/embeddings"));
    }
}

#[test]
fn every_key_is_read() {
    let text = r#"
bundle:
  prompts:
    hello: "User: hi"
    jack:
      labels: { production: 1 }
      versions: { 1: "System: one", 2: "System: two" }
models:
  bound: { prompt_id: jack, prompt_label: production, model: gpt-4, client_messages: append }
  by-alias: { prompt_id: pmpt_123.v2 }
aliases: { pmpt_123: jack }
default_label: production
hold_headers: true
model_header: x-model
policy:
  require_prompt: true
  pass_paths: [/v1/embeddings/, "/v1/files*"]
  allow: [hello, "j*"]
  models: ["gpt-4*"]
  client_roles: [user, tool]
parameters: client
missing_variables: empty
compressed_bodies: forward
debug_headers: true
response_headers: false
limits: { body: 64KiB, rendered: 1MB, memory: 2000, fuel: 1000 }
"#;
    let config = Config::parse(text.as_bytes()).unwrap();
    assert_eq!(config.warnings(), [] as [&str; 0]);
    assert_eq!(config.catalog.len(), 2);
    assert!(config.hold_headers);
    assert_eq!(&*config.model_header, "x-model");
    assert_eq!(config.parameters, Parameters::Client);
    assert_eq!(config.missing_variables, MissingVariables::Empty);
    assert_eq!(config.compressed_bodies, CompressedBodies::Forward);
    assert!(config.debug_headers);
    assert!(!config.response_headers);
    assert_eq!(config.limits, Limits { body: 65_536, rendered: 1_000_000, memory: 2_000, fuel: 1_000 });

    let settings = config.default_settings();
    assert_eq!(settings.default_label.as_ref().map(Label::as_str), Some("production"));
    assert_eq!(settings.aliases.resolve("pmpt_123"), "jack");
    let bound = settings.models.get("bound").unwrap();
    assert_eq!(bound.reference.id.as_str(), "jack");
    assert_eq!(bound.reference.selector, Selector::label("production").unwrap());
    assert_eq!(bound.model.as_deref(), Some("gpt-4"));
    assert_eq!(bound.client_messages, Some(ClientMessages::Append));
    let by_alias = settings.models.get("by-alias").unwrap();
    assert_eq!(by_alias.reference.id.as_str(), "jack");
    assert_eq!(by_alias.reference.selector, Selector::Version(2));
    assert_eq!((&by_alias.model, by_alias.client_messages), (&None, None));

    let policy = &settings.policy;
    assert!(policy.require_prompt);
    assert!(policy.passes("/v1/embeddings"));
    assert!(policy.passes("//v1/embeddings/?x=1"));
    assert!(policy.passes("/v1/files/abc/content"));
    assert!(!policy.passes("/v1/embeddings/more"));
    assert!(policy.allows_prompt("jack"));
    assert!(!policy.allows_prompt("hello2"));
    assert_eq!(policy.allows_model("gpt-4o"), Some(true));
    assert_eq!(policy.allows_model("o1"), Some(false));
    assert!(policy.restricts_roles());
    assert!(policy.allows_role("tool"));
    assert!(!policy.allows_role("system"));
    assert!(!policy.allows_role("robot"));
}

#[test]
fn json_with_blanks_and_a_byte_order_mark_is_json() {
    for text in ["{}", " \n\t{ } \n", "\u{feff}{}"] {
        assert!(Config::parse(text.as_bytes()).is_ok(), "{text:?}");
    }
    // Tabs as indentation are fine in JSON, and an error in YAML.
    assert!(Config::parse(b"{\n\t\"limits\":\n\t{\"fuel\": 5}}").is_ok());
}

#[test]
fn numbers_as_a_struct_delivers_them() {
    let config = config(json!({
        "bundle": {"prompts": {"a": {"labels": {"live": 2.0}, "versions": {"1": "x", "2": "y"}}}},
        "models": {"m": {"prompt_id": "a", "prompt_version": 2.0}},
        "limits": {"fuel": 1000.0, "body": 1024.0},
    }));
    assert_eq!((config.limits.fuel, config.limits.body), (1000, 1024));
    let labels: Vec<_> = config.catalog.entry("a").unwrap().labels().collect();
    assert_eq!(labels, [("live", 2)]);
    let binding = config.default_settings().models.get("m").unwrap();
    assert_eq!(binding.reference.selector, Selector::Version(2));
}

#[test]
fn sizes() {
    for (size, bytes) in [
        (json!(1), 1),
        (json!("512"), 512),
        (json!("512B"), 512),
        (json!("10kB"), 10_000),
        (json!("10MB"), 10_000_000),
        (json!("1GB"), 1_000_000_000),
        (json!("64KiB"), 65_536),
        (json!("10MiB"), 10_485_760),
        (json!("1GiB"), 1_073_741_824),
    ] {
        assert_eq!(config(json!({"limits": {"body": size}})).limits.body, bytes, "{size}");
    }
}

#[test]
fn empty_lists_allow_nothing() {
    let config = config(json!({"policy": {"allow": [], "models": [], "client_roles": []}}));
    let policy = &config.default_settings().policy;
    assert!(!policy.allows_prompt("hello"));
    assert_eq!(policy.allows_model("gpt-4"), Some(false));
    assert!(!policy.allows_role("user"));
}

/// Ruling 6: `*` crosses `/` in `allow` and `models`.
#[test]
fn stars_cross_slashes_in_policies() {
    let config = config(json!({"policy": {"allow": ["team-a/*"], "models": ["openai/*"]}}));
    let policy = &config.default_settings().policy;
    assert!(policy.allows_prompt("team-a/x/y"));
    assert!(!policy.allows_prompt("team-b/team-a/x"));
    assert_eq!(policy.allows_model("openai/ft/gpt-4"), Some(true));
}

#[test]
fn a_revision_is_verified() {
    let mut bundle = prompts();
    let revision = digest(&bundle["prompts"]);
    bundle["revision"] = json!(revision);
    assert_eq!(config(json!({"bundle": bundle})).catalog.revision(), Some(revision.as_str()));

    // However the text is laid out.
    let yaml = serde_yaml::to_string(&json!({"bundle": bundle})).unwrap();
    assert_eq!(Config::parse(yaml.as_bytes()).unwrap().catalog.revision(), Some(revision.as_str()));

    bundle["prompts"]["jack"]["labels"]["production"] = json!(2);
    let error = Config::from_value(json!({"bundle": bundle})).unwrap_err();
    assert_eq!(error.place(), "bundle.revision");
}

#[test]
fn the_first_rule_that_matches_wins() {
    let config = config(json!({"bundle": prompts(), "rules": [
        {"match": {"route": "team-a"}, "policy": {"allow": ["first"]}},
        {"match": {"host": "*.Example.com"}, "policy": {"allow": ["second"]}},
        {"match": {"path_prefix": "/b", "host": "b.test"}, "policy": {"allow": ["third"]}},
        {"match": {"path_prefix": "/b//c/"}, "policy": {"allow": ["fourth"]}},
        {"match": {"route": "team-*"}, "policy": {"allow": ["fifth"]}},
        {"match": {"route": "*"}, "policy": {"allow": ["sixth"]}},
    ]}));
    for (route, host, path, allowed) in [
        (Some("team-a"), "eu.example.com", "/b", "first"),
        (Some("team-b"), "eu.example.com", "/b", "second"),
        (None, "EU.Example.COM:8443", "/b", "second"),
        (None, "eu.example.com.", "/", "second"),
        (None, "example.com", "/b", "general"),
        (None, "b.test:80", "/b/v1/chat/completions?x", "third"),
        (None, "b.test", "/bb", "general"),
        (None, "b.test", "/", "general"),
        (None, "c.test", "/b", "general"),
        (None, "c.test", "/b/c", "fourth"),
        (None, "c.test", "//b/c//v1", "fourth"),
        (Some("team-"), "c.test", "/", "fifth"),
        (Some("other"), "c.test", "/", "sixth"),
        (Some(""), "c.test", "/", "general"),
        (None, "", "", "general"),
    ] {
        let policy = &config.settings(route, host, path).policy;
        let found = ["first", "second", "third", "fourth", "fifth", "sixth"]
            .into_iter()
            .filter(|id| policy.allows_prompt(id))
            .collect::<Vec<_>>();
        let expected = if allowed == "general" { 6 } else { 1 };
        assert_eq!(found.len(), expected, "{route:?} {host} {path}: {found:?}");
        assert!(allowed == "general" || found == [allowed], "{route:?} {host} {path}: {found:?}");
    }
}

#[test]
fn a_rule_overrides_what_it_gives() {
    let config = config(json!({
        "bundle": prompts(),
        "default_label": "production",
        "aliases": {"a": "jack", "b": "hello"},
        "models": {"m": {"prompt_id": "a"}},
        "policy": {"allow": ["jack"], "models": ["gpt-4"], "require_prompt": true},
        "rules": [
            {"match": {"route": "policy"}, "policy": {"allow": ["hello"]}},
            {"match": {"route": "label"}, "default_label": "canary"},
            {"match": {"route": "no-label"}, "default_label": null},
            {"match": {"route": "aliases"}, "aliases": {"c": "hello"}},
            {"match": {"route": "models"}, "models": {"n": {"prompt_id": "b"}}},
            {"match": {"route": "nothing"}},
        ],
    }));
    let settings = |route| config.settings(Some(route), "host", "/");

    // Policies are merged key by key.
    let policy = &settings("policy").policy;
    assert!(policy.allows_prompt("hello") && !policy.allows_prompt("jack"));
    assert_eq!(policy.allows_model("gpt-4o"), Some(false));
    assert!(policy.require_prompt);

    let label = |route| settings(route).default_label.as_ref().map(Label::as_str);
    assert_eq!(label("policy"), Some("production"));
    assert_eq!(label("label"), Some("canary"));
    assert_eq!(label("no-label"), None);

    // Aliases and models are replaced as a whole; a binding keeps the prompt that it meant.
    let aliases = settings("aliases");
    assert_eq!(aliases.aliases.resolve("c"), "hello");
    assert_eq!(aliases.aliases.resolve("a"), "a");
    assert_eq!(aliases.models.get("m").unwrap().reference.id.as_str(), "jack");
    let models = settings("models");
    assert!(models.models.get("m").is_none());
    assert_eq!(models.models.get("n").unwrap().reference.id.as_str(), "hello");

    let nothing = settings("nothing");
    assert_eq!(nothing.aliases.resolve("a"), "jack");
    assert!(nothing.models.get("m").is_some());
    assert!(Rc::ptr_eq(&nothing.policy, &config.default_settings().policy));
}

#[test]
fn doubts_are_warnings() {
    let config = Config::from_value(json!({
        "bundle": prompts(),
        "model_header": "x-model",
        "default_label": "prodution",
        "rules": [{"match": {"host": "x"}, "default_label": "live"}],
    }))
    .unwrap();
    assert_eq!(
        config.warnings(),
        [
            "default_label: no prompt has this label, so the latest version is used",
            "rules[0].default_label: no prompt has this label, so the latest version is used",
            "model_header: has no effect without `hold_headers: true`",
        ]
    );
}

#[test]
fn one_broken_prompt_is_not_the_configuration_s_fault() {
    let config =
        config(json!({"bundle": {"prompts": {"good": "User: hi", "bad": "---\nmodel: [\n---\nUser: x"}}}));
    assert_eq!(config.catalog.len(), 2);
    let problems: Vec<_> = config.catalog.check().iter().map(|problem| problem.id.to_string()).collect();
    assert_eq!(problems, ["bad"]);
}

#[test]
fn debug_output_holds_no_prompt_text() {
    let config = config(json!({"bundle": {"prompts": {"a": "User: sk-secret"}}}));
    assert!(!format!("{config:?}").contains("sk-secret"));
    let settings = config.settings(None, "", "");
    assert!(settings.policy.allows_prompt("a"));
    assert!(!format!("{:?}", config.catalog.entry("a")).contains("sk-secret"));
}
