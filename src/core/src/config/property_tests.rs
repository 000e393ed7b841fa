//! Whatever the text, reading it ends, and a refusal is one short line.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// Words that mean something somewhere, so that random trees get past the first check.
const WORDS: &[&str] = &[
    "bundle",
    "prompts",
    "revision",
    "versions",
    "labels",
    "hello",
    "hello.v2",
    "a/b",
    "1",
    "2",
    "production",
    "models",
    "prompt_id",
    "prompt_version",
    "prompt_label",
    "model",
    "client_messages",
    "append",
    "aliases",
    "default_label",
    "policy",
    "allow",
    "pass_paths",
    "client_roles",
    "user",
    "rules",
    "match",
    "route",
    "host",
    "path_prefix",
    "/a",
    "*",
    "limits",
    "body",
    "fuel",
    "10MiB",
    "parameters",
    "client",
    "latest",
    "",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![9 => prop::sample::select(WORDS).prop_map(String::from), 1 => any::<String>()]
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        word().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..4).prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => prop::collection::vec((word(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A configuration that is right, with one random tree put in somewhere.
fn mutated() -> impl Strategy<Value = Value> {
    const PLACES: &[&str] = &[
        "/bundle",
        "/bundle/prompts",
        "/bundle/prompts/hello",
        "/bundle/prompts/a~1b",
        "/bundle/prompts/a~1b/labels",
        "/bundle/prompts/a~1b/versions",
        "/models",
        "/models/m",
        "/models/m/prompt_id",
        "/models/m/prompt_version",
        "/aliases",
        "/aliases/x",
        "/policy",
        "/policy/allow",
        "/policy/pass_paths",
        "/policy/client_roles",
        "/rules",
        "/rules/0",
        "/rules/0/match",
        "/rules/0/match/host",
        "/rules/0/policy",
        "/limits",
        "/limits/body",
        "/limits/fuel",
        "/default_label",
        "/model_header",
    ];
    (prop::sample::select(PLACES), tree()).prop_map(|(place, tree)| {
        let mut config = json!({
            "bundle": {"prompts": {
                "hello": "User: hi",
                "a/b": {"labels": {"production": 1}, "versions": {"1": "a", "2": "b"}},
            }},
            "models": {"m": {"prompt_id": "a/b", "prompt_version": 1}},
            "aliases": {"x": "hello"},
            "default_label": "production",
            "model_header": "x-model",
            "policy": {"allow": ["*"], "pass_paths": ["/a"], "client_roles": ["user"]},
            "rules": [{"match": {"host": "*.test"}, "policy": {"allow": ["a/*"]}}],
            "limits": {"body": "1MiB", "fuel": 1000},
        });
        *config.pointer_mut(place).unwrap() = tree;
        config
    })
}

/// The same with a registry in place of prompts.
fn mutated_registry() -> impl Strategy<Value = Value> {
    const PLACES: &[&str] = &[
        "/registry",
        "/registry/provider",
        "/registry/cluster",
        "/registry/authority",
        "/registry/base_path",
        "/registry/timeout",
        "/registry/stale",
        "/registry/cache",
        "/registry/cache/bytes",
        "/registry/workspace",
        "/registry/branch",
        "/registry/access_token",
        "/models/m",
        "/aliases",
    ];
    (prop::sample::select(PLACES), tree()).prop_map(|(place, tree)| {
        let mut config = json!({
            "registry": {
                "provider": "bitbucket", "cluster": "c", "authority": "a.test", "base_path": "/2.0", "timeout": "2s",
                "stale": "1h", "cache": {"bytes": "1MiB"}, "workspace": "w", "repository": "r", "branch": "main",
                "access_token": "os.environ/TOKEN",
            },
            "models": {"m": {"prompt_id": "x", "prompt_version": 1}},
            "aliases": {"x": "hello"},
        });
        *config.pointer_mut(place).unwrap() = tree;
        config
    })
}

/// Everything about the prompts of a configuration, or its error.
fn prompts(config: &Result<Config, ConfigError>) -> String {
    let config = match config {
        Ok(config) => config,
        Err(error) => return error.to_string(),
    };
    let mut ids: Vec<&str> = config.catalog.ids().collect();
    ids.sort_unstable();
    let mut shown = format!("{:?}", config.catalog.revision());
    for id in ids {
        let entry = config.catalog.entry(id).unwrap();
        shown += &format!("\n{id} {:?}", entry.labels().collect::<Vec<_>>());
        for version in entry.versions() {
            let text = version.compiled(id).as_ref().map(|prompt| prompt.template.source().to_owned());
            shown += &format!("\n{} {:?}", version.number(), text.map_err(ToString::to_string));
        }
    }
    shown
}

/// Texts that stay where they are in the JSON are the ones that a tree holds.
fn check(text: &[u8]) {
    let config = Config::parse(text);
    let by_tree = read_text(text).and_then(Config::from_value);
    assert_eq!(prompts(&config), prompts(&by_tree));
    match config {
        Ok(config) => {
            let settings = config.settings(Some("route"), "a.test:80", "/a");
            for id in config.catalog.ids() {
                assert!(config.catalog.find(id, &Default::default()).is_ok());
            }
            if config.registry.is_some() {
                return;
            }
            for name in settings.aliases.names() {
                assert!(config.catalog.contains(settings.aliases.resolve(name)));
            }
            for name in settings.models.names() {
                let reference = &settings.models.get(name).unwrap().reference;
                assert!(config.catalog.find(reference.id.as_str(), &reference.selector).is_ok());
            }
        }
        Err(error) => {
            let line = error.to_string();
            assert!(!line.contains(char::is_control), "{line:?}");
            assert!(line.len() < 2_000, "{line}");
            assert!(!error.place().is_empty() && !error.message().is_empty());
        }
    }
}

/// String literals, right ones and wrong ones.
fn literal() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_filter("a literal", |char| !matches!(char, '"' | '\\')).prop_map(String::from),
        prop::sample::select(vec![
            "System: x",
            "\\n",
            "\\\"",
            "\\\\",
            "\\\\u",
            "\\/",
            "\\u003c",
            "\\u00e9",
            "\\ud83d\\ude00",
            "\\uD83D",
            "\\ude00",
            "\\u12",
            "\\x",
            "\n",
            "{{ x }}",
        ])
        .prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

proptest! {
    #[test]
    fn any_literal(literals in prop::collection::vec((literal(), literal()), 1..4), space in "[ \\n\\t]{0,3}") {
        let members = |(key, text): &(String, String)| format!("{space}{key}{space}:{space}{text}{space}");
        let texts: Vec<String> = literals.iter().map(members).collect();
        let versions: Vec<String> =
            literals.iter().zip(1..).map(|((_, text), number)| format!("\"{number}\":{text}{space}")).collect();
        for prompts in [texts.join(","), format!("\"p\": {{\"versions\": {{{}}}}}", versions.join(","))] {
            check(format!("{{\"bundle\": {{\"prompts\": {{{prompts}}}}}}}{space}").as_bytes());
        }
    }

    #[test]
    fn any_bytes(text in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&text);
    }

    #[test]
    fn any_text(text in "[ \\n\\t{}\\[\\]:,\"'#|>&*!%a-c0-9-]{0,80}") {
        check(text.as_bytes());
    }

    #[test]
    fn any_tree(tree in tree()) {
        check(tree.to_string().as_bytes());
    }

    #[test]
    fn a_registry_with_something_else_in_one_place(config in mutated_registry()) {
        check(config.to_string().as_bytes());
    }

    #[test]
    fn a_configuration_with_something_else_in_one_place(config in mutated()) {
        check(config.to_string().as_bytes());
        check(serde_json::to_string_pretty(&config).unwrap().as_bytes());
        // The same as YAML: what it means does not depend on how it is written.
        let yaml = serde_yaml::to_string(&config).unwrap();
        prop_assert_eq!(
            Config::parse(yaml.as_bytes()).is_ok(),
            Config::from_value(config).is_ok(),
            "{}", yaml
        );
    }
}
