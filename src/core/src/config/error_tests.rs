//! Every way in which a configuration is refused: one line, which says where.

use serde_json::{Value, json};

use super::*;

fn refusal(text: &str) -> String {
    let error = Config::parse(text.as_bytes()).expect_err(text).to_string();
    assert!(!error.contains(['\n', '\r']), "{error:?}");
    error
}

fn with_prompts(mut config: Value) -> String {
    config["bundle"] = json!({"prompts": {
        "hello": "User: hi",
        "jack": {"labels": {"production": 1}, "versions": {"1": "a", "2": "b"}},
    }});
    refusal(&config.to_string())
}

#[test]
fn text_that_is_not_a_mapping() {
    let empty = "configuration: is empty, expected JSON or YAML with a `bundle` of prompts \
                 ({} if no prompts are meant)";
    for (text, expected) in [
        ("", empty),
        (" \n\t\r\n", empty),
        ("\u{feff}", empty),
        ("[]", "configuration: expected a mapping, found a list"),
        ("null", "configuration: expected a mapping, found nothing (null)"),
        ("# nothing but a comment\n", "configuration: expected a mapping, found nothing (null)"),
        ("5", "configuration: expected a mapping, found a number"),
        ("true", "configuration: expected a mapping, found a boolean"),
        ("hello", "configuration: expected a mapping, found a string"),
        ("{", "line 1, column 1: EOF while parsing an object"),
        ("{\n  \"bundle\": {},\n}", "line 3, column 1: trailing comma"),
        ("{} {}", "line 1, column 4: trailing characters"),
        ("{\"limits\": {}, \"limits\": {}}", "line 1, column 23: key \"limits\" is there twice"),
        ("a:\n  b: 1\n  b: 2\n", "line 3, column 3: the key `b` occurs twice"),
    ] {
        assert_eq!(refusal(text), expected, "{text:?}");
    }
    assert!(refusal("a: [").starts_with("line 1, column "));
    let deep = format!("{{\"bundle\": {}", "[".repeat(100_000));
    assert!(refusal(&deep).ends_with("recursion limit exceeded"));
    let error = Config::parse(b"{\"a\xff\": 1}").unwrap_err();
    assert_eq!(
        error.to_string(),
        "configuration: is not UTF-8 at byte 3; Envoy hands it over as text only from a google.protobuf.StringValue"
    );
}

#[test]
fn keys_that_are_not_known() {
    for (config, expected) in [
        (json!({"bundel": {}}), "bundel: unknown key, did you mean \"bundle\"?"),
        (json!({"polices": {}}), "polices: unknown key, did you mean \"policy\"?"),
        (json!({"holdHeaders": true}), "holdHeaders: unknown key, did you mean \"hold_headers\"?"),
        (
            json!({"temperature": 1}),
            "temperature: unknown key, known are bundle, registry, models, aliases, default_label, \
             hold_headers, model_header, policy, rules, parameters, missing_variables, compressed_bodies, debug_headers, \
             response_headers, limits",
        ),
        (json!({"limits": {"": 1}}), "limits[\"\"]: unknown key, known are body, rendered, memory, fuel"),
        (
            json!({"limits": {"a\nb": 1}}),
            "limits[\"a\\nb\"]: unknown key, known are body, rendered, memory, fuel",
        ),
        (json!({"policy": {"alow": []}}), "policy.alow: unknown key, did you mean \"allow\"?"),
        (
            json!({"limits": {"bodies": 1}}),
            "limits.bodies: unknown key, known are body, rendered, memory, fuel",
        ),
        (json!({"bundle": {"prompt": {}}}), "bundle.prompt: unknown key, did you mean \"prompts\"?"),
        (
            json!({"bundle": {"prompts": {"a/b": {"version": {}}}}}),
            "bundle.prompts[\"a/b\"].version: unknown key, did you mean \"versions\"?",
        ),
        (
            json!({"models": {"m": {"promptid": "x"}}}),
            "models.m.promptid: unknown key, did you mean \"prompt_id\"?",
        ),
        (json!({"rules": [{"matches": {}}]}), "rules[0].matches: unknown key, did you mean \"match\"?"),
        (
            json!({"rules": [{"match": {"routes": "x"}}]}),
            "rules[0].match.routes: unknown key, did you mean \"route\"?",
        ),
        (
            json!({"rules": [{"match": {"host": "x"}, "limits": {}}]}),
            "rules[0].limits: unknown key, known are match, policy, default_label, models, aliases",
        ),
    ] {
        assert_eq!(refusal(&config.to_string()), expected, "{config}");
    }
    let error = refusal(&json!({"policy": {"x".repeat(10_000): 1}}).to_string());
    assert!(error.len() < 300, "{error}");
}

#[test]
fn values_of_the_wrong_type_or_form() {
    for (config, expected) in [
        (json!({"default_label": 5}), "default_label: expected a label, found a number"),
        (json!({"default_label": ""}), "default_label: a label may not be empty"),
        (
            json!({"default_label": "a b"}),
            "default_label: a label consists of letters, digits, \"_\", \"-\" and \".\", and does not start \
             with \".\"",
        ),
        (json!({"hold_headers": "yes"}), "hold_headers: expected true or false, found a string"),
        (json!({"debug_headers": 1}), "debug_headers: expected true or false, found a number"),
        (json!({"response_headers": null}), "response_headers: expected true or false, found nothing (null)"),
        (
            json!({"parameters": "server"}),
            "parameters: expected \"prompt\" or \"client\", found another string",
        ),
        (json!({"parameters": true}), "parameters: expected \"prompt\" or \"client\", found a boolean"),
        (
            json!({"missing_variables": "maybe"}),
            "missing_variables: expected \"error\" or \"empty\", found another string",
        ),
        (
            json!({"compressed_bodies": []}),
            "compressed_bodies: expected \"reject\" or \"forward\", found a list",
        ),
        (json!({"limits": []}), "limits: expected a mapping, found a list"),
        (json!({"limits": {"body": []}}), "limits.body: expected a size such as 10MiB, found a list"),
        (json!({"limits": {"body": 0}}), "limits.body: expected a size from 1B to 1GiB"),
        (json!({"limits": {"memory": "2GiB"}}), "limits.memory: expected a size from 1B to 1GiB"),
        (
            json!({"limits": {"rendered": "99999999999999999999GiB"}}),
            "limits.rendered: expected a size from 1B to 1GiB",
        ),
        (
            json!({"limits": {"fuel": "1000"}}),
            "limits.fuel: expected a number of instructions, found a string",
        ),
        (json!({"limits": {"fuel": 0}}), "limits.fuel: expected a whole number from 1 to 100000000"),
        (json!({"limits": {"fuel": 1.5}}), "limits.fuel: expected a whole number from 1 to 100000000"),
        (json!({"limits": {"fuel": -1}}), "limits.fuel: expected a whole number from 1 to 100000000"),
        (json!({"limits": {"fuel": 1e300}}), "limits.fuel: expected a whole number from 1 to 100000000"),
        (json!({"policy": []}), "policy: expected a mapping, found a list"),
        (
            json!({"policy": {"require_prompt": 1}}),
            "policy.require_prompt: expected true or false, found a number",
        ),
        (json!({"policy": {"allow": "*"}}), "policy.allow: expected a list of patterns, found a string"),
        (
            json!({"policy": {"allow": null}}),
            "policy.allow: expected a list of patterns, found nothing (null)",
        ),
        (
            json!({"policy": {"allow": ["a", 5]}}),
            "policy.allow[1]: expected a pattern such as \"team-a/*\", found a number",
        ),
        (
            json!({"policy": {"models": [""]}}),
            "policy.models[0]: a pattern may not be empty, \"*\" matches everything",
        ),
        (
            json!({"policy": {"models": ["x".repeat(1025)]}}),
            "policy.models[0]: a pattern may not be longer than 1024 bytes",
        ),
        (json!({"policy": {"pass_paths": ["v1"]}}), "policy.pass_paths[0]: a path starts with \"/\""),
        (
            json!({"policy": {"pass_paths": ["/v1?x"]}}),
            "policy.pass_paths[0]: a path has no query, requests are compared without theirs",
        ),
        (
            json!({"policy": {"client_roles": ["user", "robot"]}}),
            "policy.client_roles[1]: expected one of \"system\", \"developer\", \"user\", \"assistant\", \
             \"tool\", \"function\", found another string",
        ),
        (json!({"rules": {}}), "rules: expected a list of rules, found a mapping"),
        (json!({"rules": ["x"]}), "rules[0]: expected a mapping, found a string"),
        (json!({"rules": [{}]}), "rules[0]: needs the key \"match\""),
        (
            json!({"rules": [{"match": {}}]}),
            "rules[0].match: needs at least one of \"route\", \"host\" and \"path_prefix\"",
        ),
        (
            json!({"rules": [{"match": {"route": 1}}]}),
            "rules[0].match.route: expected a pattern such as \"team-a/*\", found a number",
        ),
        (
            json!({"rules": [{"match": {"host": "a.com:80"}}]}),
            "rules[0].match.host: a host is compared without its port, so none may be given",
        ),
        (
            json!({"rules": [{"match": {"host": "https://a.com"}}]}),
            "rules[0].match.host: expected a host such as \"*.example.com\", not a URL",
        ),
        (
            json!({"rules": [{"match": {"path_prefix": "x"}}]}),
            "rules[0].match.path_prefix: a path starts with \"/\"",
        ),
        (
            json!({"rules": [{"match": {"path_prefix": "/x*"}}]}),
            "rules[0].match.path_prefix: a prefix of a path holds no \"*\" and no query",
        ),
        (
            json!({"rules": [{"match": {"host": "x"}, "policy": {"alow": []}}]}),
            "rules[0].policy.alow: unknown key, did you mean \"allow\"?",
        ),
    ] {
        assert_eq!(refusal(&config.to_string()), expected, "{config}");
    }
}

#[test]
fn sizes_that_are_none() {
    for size in [
        "", "MiB", "1.5MiB", "10 MiB", "10mib", "10KB", "10Mi", "-1", "+1", "1e3", "0x10", "ten", "10MiBB",
        "١",
    ] {
        assert_eq!(
            refusal(&json!({"limits": {"body": size}}).to_string()),
            "limits.body: expected a size such as 10MiB: a whole number, alone or with B, kB, MB, GB, KiB, MiB \
             or GiB",
            "{size:?}"
        );
    }
}

#[test]
fn header_names_that_are_none() {
    let token = "model_header: expected the name of a header in lower case: letters, digits, \"-\" and \"_\", \
                 no spaces";
    let reserved = "model_header: may not be a header that HTTP or Envoy uses itself";
    for (name, expected) in [
        (json!(5), "model_header: expected the name of a header, found a number"),
        (json!(""), "model_header: the name of a header may not be empty"),
        (json!("x".repeat(129)), "model_header: the name of a header may not be longer than 128 bytes"),
        (json!(":path"), "model_header: may not be a pseudo-header"),
        (json!("X-Model"), token),
        (json!("x model"), token),
        (json!("x\r\ny: z"), token),
        (json!("x:y"), token),
        (json!("modèle"), token),
        (json!("content-length"), reserved),
        (json!("host"), reserved),
        (json!("transfer-encoding"), reserved),
        (json!("authorization"), reserved),
        (json!("x-envoy-original-path"), reserved),
    ] {
        assert_eq!(refusal(&json!({"model_header": name}).to_string()), expected, "{name}");
    }
}

#[test]
fn bundles_that_do_not_fit() {
    let form = "a prompt id consists of letters, digits, \"_\", \"-\" and \".\" in parts joined by \"/\", and no \
                part is empty or starts with \".\"";
    let suffix = "a prompt id may not end in a version such as \".v2\", write the versions under `versions`";
    let number = "expected a version number such as \"1\", up to nine digits";
    let target = "expected the number of a version such as 1";
    for (bundle, expected) in [
        (json!([]), "bundle: expected a mapping, found a list".to_string()),
        (json!({}), "bundle: needs the key \"prompts\"".to_string()),
        (json!({"prompts": []}), "bundle.prompts: expected a mapping, found a list".to_string()),
        (
            json!({"prompts": {"a": 5}}),
            "bundle.prompts.a: expected the text of a prompt, or a mapping with `versions`, found a number"
                .to_string(),
        ),
        (json!({"prompts": {"../x": "t"}}), format!("bundle.prompts[\"../x\"]: {form}")),
        (json!({"prompts": {"": "t"}}), "bundle.prompts[\"\"]: a prompt id may not be empty".to_string()),
        (json!({"prompts": {"x.v2": "t"}}), format!("bundle.prompts[\"x.v2\"]: {suffix}")),
        (json!({"prompts": {"a": {}}}), "bundle.prompts.a: needs the key \"versions\"".to_string()),
        (
            json!({"prompts": {"a": {"versions": {}}}}),
            "bundle.prompts.a.versions: needs at least one version".to_string(),
        ),
        (
            json!({"prompts": {"a": {"versions": []}}}),
            "bundle.prompts.a.versions: expected a mapping, found a list".to_string(),
        ),
        (
            json!({"prompts": {"a": {"versions": {"1": 5}}}}),
            "bundle.prompts.a.versions.1: expected the text of a prompt, found a number".to_string(),
        ),
        (
            json!({"prompts": {"a": {"versions": {"01": "t"}}}}),
            format!("bundle.prompts.a.versions.01: {number}"),
        ),
        (
            json!({"prompts": {"a": {"versions": {"0": "t"}}}}),
            format!("bundle.prompts.a.versions.0: {number}"),
        ),
        (
            json!({"prompts": {"a": {"versions": {"v1": "t"}}}}),
            format!("bundle.prompts.a.versions.v1: {number}"),
        ),
        (
            json!({"prompts": {"a": {"versions": {"1000000000": "t"}}}}),
            format!("bundle.prompts.a.versions.1000000000: {number}"),
        ),
        (
            json!({"prompts": {"a": {"versions": {"1": "t"}, "labels": {"live": 9}}}}),
            "bundle.prompts.a.labels.live: names version 9, which this prompt does not have".to_string(),
        ),
        (
            json!({"prompts": {"a": {"versions": {"1": "t"}, "labels": {"live": "latest"}}}}),
            format!("bundle.prompts.a.labels.live: {target}"),
        ),
        (
            json!({"prompts": {"a": {"versions": {"1": "t"}, "labels": {"live": 1.5}}}}),
            format!("bundle.prompts.a.labels.live: {target}"),
        ),
        (
            json!({"prompts": {"a": {"versions": {"1": "t"}, "labels": {"": 1}}}}),
            "bundle.prompts.a.labels[\"\"]: a label may not be empty".to_string(),
        ),
    ] {
        assert_eq!(refusal(&json!({"bundle": bundle}).to_string()), expected, "{bundle}");
    }
}

#[test]
fn revisions_that_do_not_fit() {
    let form = "bundle.revision: expected \"sha256:\" and 64 hexadecimal digits in lower case";
    let other = "bundle.revision: is not the digest of these prompts, write the bundle anew with `promptgate \
                 bundle`";
    let zeros = "0".repeat(64);
    for (revision, expected) in [
        (json!(5), "bundle.revision: expected a digest such as sha256:…, found a number"),
        (json!("sha256:00"), form),
        (json!(zeros), form),
        (json!(format!("sha256:{}", "G".repeat(64))), form),
        (json!(format!("sha256:{}", "A".repeat(64))), form),
        (json!(format!("sha256:{zeros}")), other),
    ] {
        let config = json!({"bundle": {"revision": revision, "prompts": {"a": "User: x"}}});
        assert_eq!(refusal(&config.to_string()), expected, "{revision}");
    }
}

#[test]
fn names_that_lead_nowhere() {
    let reference = |binding: Value| json!({"models": {"m": binding}});
    for (config, expected) in [
        (json!({"models": []}), "models: expected a mapping, found a list"),
        (reference(json!("hello")), "models.m: expected a mapping, found a string"),
        (reference(json!({})), "models.m: needs the key \"prompt_id\""),
        (reference(json!({"prompt_id": 5})), "models.m.prompt_id: expected a prompt id, found a number"),
        (
            reference(json!({"prompt_id": "helo"})),
            "models.m.prompt_id: no such prompt in the bundle, did you mean \"hello\"?",
        ),
        (
            reference(json!({"prompt_id": "entirely-different"})),
            "models.m.prompt_id: no such prompt in the bundle",
        ),
        (reference(json!({"prompt_id": "jack.v3"})), "models.m.prompt_id: the prompt has no such version"),
        (
            reference(json!({"prompt_id": "jack", "prompt_version": 3})),
            "models.m.prompt_version: the prompt has no such version",
        ),
        (
            reference(json!({"prompt_id": "jack", "prompt_version": 2.5})),
            "models.m.prompt_version: expected an integer from 1 to 999999999, the same as a string, or \
             \"latest\"",
        ),
        (
            reference(json!({"prompt_id": "jack", "prompt_label": "live"})),
            "models.m.prompt_label: the prompt has no such label",
        ),
        (
            reference(json!({"prompt_id": "jack", "prompt_version": 1, "prompt_label": "production"})),
            "models.m.prompt_label: may not stand beside `prompt_version`",
        ),
        (
            reference(json!({"prompt_id": "jack.v2", "prompt_version": 1})),
            "models.m.prompt_version: names another version than the one that the prompt id ends in",
        ),
        (
            reference(json!({"prompt_id": "jack.v2", "prompt_label": "production"})),
            "models.m.prompt_label: names a label, but the prompt id ends in a version already",
        ),
        (
            reference(json!({"prompt_id": "hello", "model": ""})),
            "models.m.model: the name of a model may not be empty",
        ),
        (
            reference(json!({"prompt_id": "hello", "client_messages": "drop"})),
            "models.m.client_messages: expected \"append\" or \"ignore\", found another string",
        ),
        (
            json!({"models": {" ": {"prompt_id": "hello"}}}),
            "models[\" \"]: the name of a model may not be empty",
        ),
        (
            json!({"models": {"a\nb": {"prompt_id": "hello"}}}),
            "models[\"a\\nb\"]: the name of a model may not hold control characters",
        ),
        (json!({"aliases": []}), "aliases: expected a mapping, found a list"),
        (json!({"aliases": {"a": 5}}), "aliases.a: expected a prompt id, found a number"),
        (json!({"aliases": {"a": "jak"}}), "aliases.a: no such prompt in the bundle, did you mean \"jack\"?"),
        (json!({"aliases": {"a": "b", "b": "hello"}}), "aliases.a: an alias may not point at an alias"),
        (json!({"aliases": {"a": "a"}}), "aliases.a: an alias may not point at an alias"),
        (json!({"aliases": {"a": "jack.v2"}}), "aliases.a: an alias names a prompt, not a version of it"),
        (
            json!({"aliases": {"a.v2": "jack"}}),
            "aliases[\"a.v2\"]: an alias may not end in a version such as \".v2\"",
        ),
        (json!({"aliases": {"hello": "jack"}}), "aliases.hello: a prompt of the bundle has this id already"),
        (
            json!({"rules": [{"match": {"host": "x"}, "aliases": {"a": "jak"}}]}),
            "rules[0].aliases.a: no such prompt in the bundle, did you mean \"jack\"?",
        ),
        (
            // A rule's aliases replace the general ones, and its bindings are read with them.
            json!({"aliases": {"a": "jack"}, "rules": [
                {"match": {"host": "x"}, "aliases": {}, "models": {"m": {"prompt_id": "a"}}},
            ]}),
            "rules[0].models.m.prompt_id: no such prompt in the bundle",
        ),
    ] {
        assert_eq!(with_prompts(config.clone()), expected, "{config}");
    }
}

#[test]
fn errors_quote_no_values() {
    let secret = "sk-secret";
    for config in [
        json!({"parameters": secret}),
        json!({"limits": {"body": secret}}),
        json!({"model_header": format!("{secret} ")}),
        json!({"policy": {"client_roles": [secret]}}),
        json!({"bundle": {"prompts": {"a": [secret]}}}),
        json!({"bundle": {"revision": secret, "prompts": {"a": secret}}}),
        json!({"bundle": {"prompts": {"a": {"versions": {"1": {"text": secret}}}}}}),
        json!({"aliases": {"a": secret}}),
        json!({"default_label": format!("{secret} ")}),
    ] {
        let error = refusal(&config.to_string());
        assert!(!error.contains(secret), "{error}");
    }
}
