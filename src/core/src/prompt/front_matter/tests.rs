use serde_json::json;

use super::*;
use crate::prompt::yaml;
use crate::prompt::{Prompt, PromptError};
use crate::value::Value;

fn parse(yaml: &str) -> Result<FrontMatter, PromptError> {
    Prompt::parse("p", &format!("---\n{yaml}\n---\nUser: hi")).map(|prompt| prompt.front_matter)
}

/// Parameters as the JSON object that they make.
fn parameters(yaml: &str) -> Json {
    Json::Object(parse(yaml).unwrap().parameters.into_iter().collect())
}

#[test]
fn a_front_matter_may_be_empty() {
    for yaml in ["", "# only a comment", "~", "{}", "model:\ninput:\noutput:\nlabels:\nconfig:\nname:"] {
        let front_matter = parse(yaml).expect(yaml);
        assert!(front_matter.model.is_none() && front_matter.parameters.is_empty(), "{yaml:?}");
        assert!(front_matter.input.schema.is_none() && front_matter.client_messages.is_none(), "{yaml:?}");
    }
}

#[test]
fn reads_what_is_reserved() {
    let front_matter = parse(
        "model: gpt-4\nname: Hello\ndescription: greets\nversion: 1.5\nlabels: [production, v.2]\n\
         client_messages: ignore\ntemperature: 0.7",
    )
    .unwrap();
    assert!(matches!(&front_matter.model, Some(Model::Fixed(name)) if name == "gpt-4"));
    assert_eq!(front_matter.name.as_deref(), Some("Hello"));
    assert_eq!(front_matter.description.as_deref(), Some("greets"));
    assert_eq!(front_matter.version.as_deref(), Some("1.5"));
    assert_eq!(front_matter.labels, ["production", "v.2"]);
    assert_eq!(front_matter.client_messages, Some(ClientMessages::Ignore));
    assert_eq!(front_matter.parameters, [("temperature".to_owned(), json!(0.7))]);
    assert_eq!(parse("client_messages: append").unwrap().client_messages, Some(ClientMessages::Append));
    assert_eq!(parse("version: 2").unwrap().version.as_deref(), Some("2"));
}

#[test]
fn a_model_is_a_name_or_a_template() {
    for (yaml, expected) in [
        ("model: gpt-4", Ok("gpt-4")),
        ("model: ' gpt-4 '", Ok("gpt-4")),
        ("model: openai/gpt-4o-mini", Ok("openai/gpt-4o-mini")),
        ("model: \"{ gpt }\"", Ok("{ gpt }")),
        ("model: \"{{ m }}\"", Err("{{ m }}")),
        ("model: '{{m}}'", Err("{{m}}")),
        ("model: gpt-{{ m }}", Err("gpt-{{ m }}")),
        ("x: 1\nmodel: |\n  {{ m }}", Err("{{ m }}\n")),
        ("model: 'gpt{# 4 #}'", Err("gpt{# 4 #}")),
        ("model: '{% if m %}a{% endif %}'", Err("{% if m %}a{% endif %}")),
    ] {
        match (parse(yaml).unwrap().model, expected) {
            (Some(Model::Fixed(name)), Ok(expected)) => assert_eq!(name, expected),
            (Some(Model::Template(template)), Err(source)) => assert_eq!(template.source(), source),
            (found, _) => panic!("{yaml}: {found:?}"),
        }
    }
}

#[test]
fn a_models_template_is_located_in_the_file() {
    for (yaml, line, column) in [
        ("model: \"{{ m|nope }}\"", 2, 14),
        ("model: '{{ m|nope }}'", 2, 14),
        ("a: 1\nmodel:   x{{ m|nope }}", 3, 16),
        ("model: |-\n   {{ m|nope }}", 3, 9),
    ] {
        let error = parse(yaml).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Template, "{yaml}");
        assert_eq!((error.line(), error.column()), (line, column), "{yaml}: {error}");
    }
}

#[test]
fn other_keys_are_parameters_in_the_order_of_the_file() {
    let front_matter = parse(
        "stop: [END, STOP]\nmodel: m\nmax_tokens: 5\nresponse_format: {type: json_object}\ntools: [{type: function}]\n\
         logit_bias: {50256: -100}\nuser: yes\nseed: null\nx: {nested: null}",
    )
    .unwrap();
    assert_eq!(
        front_matter.parameters,
        [
            ("stop".to_owned(), json!(["END", "STOP"])),
            ("max_tokens".to_owned(), json!(5)),
            ("response_format".to_owned(), json!({"type": "json_object"})),
            ("tools".to_owned(), json!([{"type": "function"}])),
            ("logit_bias".to_owned(), json!({"50256": -100})),
            // YAML 1.2: `yes` is text.
            ("user".to_owned(), json!("yes")),
            // A null parameter is ignored; a null inside one is a value.
            ("x".to_owned(), json!({"nested": null})),
        ]
    );
}

#[test]
fn config_is_unpacked_where_it_stands() {
    let keys =
        |yaml| -> Vec<String> { parse(yaml).unwrap().parameters.into_iter().map(|(key, _)| key).collect() };
    assert_eq!(keys("a: 1\nconfig: {b: 2, c: 3}\nd: 4"), ["a", "b", "c", "d"]);
    for (yaml, expected) in [
        ("config: {temperature: 0.5, max_tokens: 9}", json!({"temperature": 0.5, "max_tokens": 9})),
        // The top wins, wherever it stands.
        ("temperature: 1\nconfig: {temperature: 0.5}", json!({"temperature": 1})),
        ("config: {temperature: 0.5}\ntemperature: 1", json!({"temperature": 1})),
        // What is null is not there.
        ("config: {temperature: 0.5}\ntemperature: null", json!({"temperature": 0.5})),
        ("config: {temperature: null}\ntemperature: 1", json!({"temperature": 1})),
        ("config: {temperature: null}", json!({})),
        ("config:", json!({})),
        // Reserved names mean nothing special in there.
        ("config: {version: v1}", json!({"version": "v1"})),
    ] {
        assert_eq!(parameters(yaml), expected, "{yaml}");
    }
}

#[test]
fn output_becomes_a_response_format() {
    let object = json!({"type": "json_object"});
    let schema =
        |schema: Json| json!({"type": "json_schema", "json_schema": {"name": "p", "schema": schema}});
    for (yaml, expected) in [
        ("output: {format: json}", Some(object.clone())),
        ("output: {format: json, schema: null}", Some(object.clone())),
        ("output: {format: text}", None),
        ("output: {format: text, schema: {a: string}}", None),
        ("output: {schema: {a: string}}", None),
        ("output: {}", None),
        ("output: {format: null}", None),
        (
            "output: {format: json, schema: {'a?': 'string, what'}}",
            Some(schema(json!({
                "type": "object",
                "properties": {"a": {"type": ["string", "null"], "description": "what"}},
                "additionalProperties": false,
            }))),
        ),
        // JSON Schema is the provider's to check: nothing of it is refused.
        (
            "output: {format: json, schema: {type: object, properties: {a: {pattern: x}}}}",
            Some(schema(json!({"type": "object", "properties": {"a": {"pattern": "x"}}}))),
        ),
        ("output: {format: json}\nresponse_format: {type: text}", Some(json!({"type": "text"}))),
        ("output: {format: json}\nconfig: {response_format: {type: text}}", Some(json!({"type": "text"}))),
        ("output: {format: json}\nresponse_format: null", Some(object.clone())),
    ] {
        let front_matter = parse(yaml).unwrap();
        let written = parameters(yaml).get("response_format").cloned();
        assert!(written.is_none() || front_matter.response_format.is_none(), "{yaml}");
        assert_eq!(written.or(front_matter.response_format), expected, "{yaml}");
    }
}

#[test]
fn a_response_format_is_named_after_the_prompt() {
    for (id, expected) in [
        ("hello", "hello".to_owned()),
        ("support/triage.eu", "support_triage_eu".to_owned()),
        ("a-b_C9", "a-b_C9".to_owned()),
        (&"x".repeat(100), "x".repeat(64)),
    ] {
        let prompt = Prompt::parse(id, "---\noutput: {format: json, schema: {a: any}}\n---\n").unwrap();
        let format = prompt.front_matter.response_format.unwrap();
        assert_eq!(format["json_schema"]["name"], json!(expected));
    }
}

#[test]
fn defaults_make_variables_optional() {
    let input =
        parse("input:\n  schema:\n    tone: string\n    q: string\n  default: {tone: kind, more: [1]}")
            .unwrap()
            .input;
    let names: Vec<_> = input.defaults.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["tone", "more"]);
    let required: Vec<_> = input
        .schema
        .as_ref()
        .unwrap()
        .properties()
        .filter(|property| property.required)
        .map(|property| property.name)
        .collect();
    assert_eq!(required, ["q"]);
    let variables = Value::from_json(r#"{"q": "x"}"#).unwrap();
    assert_eq!(input.schema.unwrap().validate(variables.as_dict().unwrap(), 1_000), Ok(()));
    assert!(parse("input: {default: {a: 1}}").unwrap().input.schema.is_none());
}

#[test]
fn errors_point_at_what_is_wrong() {
    use ErrorKind::*;
    for (yaml, kind, line, column, message) in [
        ("- a", NotAMapping, 2, 1, "the front matter is a list"),
        ("just text", NotAMapping, 2, 1, "the front matter is text"),
        ("a: 1\nstream: true", RefusedKey, 3, 1, "`stream` belongs to the caller"),
        ("a: 1\nmessages: []", RefusedKey, 3, 1, "`messages`"),
        ("prompt: {id: x}", RefusedKey, 2, 1, "`prompt`"),
        ("prompt_id: x", RefusedKey, 2, 1, "`prompt_id`"),
        ("prompt_cache_key: x", RefusedKey, 2, 1, "`prompt_cache_key`"),
        ("stream: null", RefusedKey, 2, 1, "`stream`"),
        ("config:\n  a: 1\n  stream: true", RefusedKey, 4, 3, "`stream`"),
        ("config: {prompt_variables: 1}", RefusedKey, 2, 10, "`prompt_variables`"),
        ("config: {input: x}", RefusedKey, 2, 10, "`input`"),
        ("config: {model: x}", RefusedKey, 2, 10, "stands at the top"),
        ("config: [a]", InvalidValue, 2, 9, "`config` is a mapping"),
        ("model: 4", InvalidValue, 2, 8, "`model` is text, not a number"),
        ("model: [a]", InvalidValue, 2, 8, "not a list"),
        ("model: ''", InvalidValue, 2, 8, "in one line"),
        ("model: \"a\\nb\"", InvalidValue, 2, 8, "in one line"),
        ("client_messages: yes", InvalidValue, 2, 18, "`append` or `ignore`"),
        ("client_messages: true", InvalidValue, 2, 18, "`append` or `ignore`"),
        ("name: 5", InvalidValue, 2, 7, "`name` is text, not a number"),
        ("description: {a: b}", InvalidValue, 2, 14, "not a mapping"),
        ("version: [1]", InvalidValue, 2, 10, "not a list"),
        ("labels: production", InvalidValue, 2, 9, "a list of names, not text"),
        ("labels:\n  - ok\n  - 'a b'", InvalidValue, 4, 5, "a label consists of"),
        ("labels: [a, a]", InvalidValue, 2, 13, "`a` occurs twice"),
        ("labels: [5]", InvalidValue, 2, 10, "not a number"),
        ("input: x", InvalidValue, 2, 8, "`input` is a mapping"),
        ("input:\n  shema: {}", UnknownKey, 3, 3, "did you mean `schema`?"),
        ("input:\n  zzz: {}", UnknownKey, 3, 3, "known are schema, default"),
        ("input:\n  default: [1]", InvalidValue, 3, 12, "`default` is a mapping"),
        ("input:\n  schema:\n    a: string\n    b: strng", InvalidSchema, 5, 8, "did you mean `string`?"),
        ("input:\n  schema: string", InvalidSchema, 3, 11, "has to describe an object"),
        (
            "input:\n  schema:\n    type: object\n    properties:\n      a: {type: string, pattern: x}",
            InvalidSchema,
            6,
            34,
            "the JSON Schema keyword `pattern` is not supported",
        ),
        (
            "input:\n  schema: {n: integer}\n  default: {n: x}",
            InvalidDefault,
            4,
            16,
            "expected integer, got string",
        ),
        (
            "input:\n  schema: {u: {n: integer}}\n  default:\n    u: {n: x}",
            InvalidDefault,
            5,
            12,
            "`u.n` is of the wrong kind",
        ),
        (
            "input:\n  schema: {u: {n: integer}}\n  default: {u: {}}",
            InvalidDefault,
            4,
            13,
            "`u.n` is missing",
        ),
        ("input:\n  schema: {u: string}\n  default: {u: null}", InvalidDefault, 4, 16, "got null"),
        ("output: json", InvalidValue, 2, 9, "`output` is a mapping"),
        ("output: {format: xml}", InvalidValue, 2, 18, "`json` or `text`"),
        ("output: {format: 5}", InvalidValue, 2, 18, "`json` or `text`"),
        ("output: {fromat: json}", UnknownKey, 2, 10, "did you mean `format`?"),
        ("output:\n  format: json\n  schema: {a: sting}", InvalidSchema, 4, 15, "did you mean `string`?"),
        ("output: {schema: [a]}", InvalidSchema, 2, 18, "a type is a name"),
        ("a: 1\na: 2", Yaml(yaml::ErrorKind::DuplicateKey), 3, 1, "`a` occurs twice"),
        ("a: [1", Yaml(yaml::ErrorKind::Syntax), 3, 1, "did not find"),
        ("a: .inf", Yaml(yaml::ErrorKind::Number), 2, 4, "infinity"),
        ("a: 1\n...\nb: 2", Yaml(yaml::ErrorKind::SeveralDocuments), 4, 1, "only one"),
        ("a: !x 1", Yaml(yaml::ErrorKind::Tag), 2, 4, "`!x`"),
    ] {
        let error = parse(yaml).expect_err(yaml);
        assert_eq!((error.kind(), error.line(), error.column()), (kind, line, column), "{yaml}: {error}");
        assert!(error.to_string().contains(message), "{yaml}: {error}");
        let public = error.public_message();
        assert_eq!(public, format!("{} (line {line}, column {column})", kind.describe()), "{yaml}");
    }
}

#[test]
fn public_messages_quote_nothing() {
    for yaml in [
        "model: [secret]",
        "labels: ['secret x']",
        "input: {secret: 1}",
        "input: {schema: {secret: secret}}",
        "input: {schema: {secret: integer}, default: {secret: x}}",
        "output: {format: secret}",
        "prompt_secret: 1",
        "secret: 1\nsecret: 2",
        "model: \"{{ secret \"",
    ] {
        let public = parse(yaml).expect_err(yaml).public_message();
        assert!(!public.contains("secret"), "{public}");
    }
}

#[test]
fn default_values_nest_within_bounds() {
    let nested =
        |levels: usize| format!("input: {{default: {{a: {}{}}}}}", "[".repeat(levels), "]".repeat(levels));
    assert!(parse(&nested(60)).is_ok());
    let error = parse(&nested(64)).unwrap_err();
    assert_eq!((error.kind(), error.line(), error.column()), (ErrorKind::InvalidDefault, 2, 19));
}

#[test]
fn labels_are_bounded() {
    let labels = |count: usize| {
        format!("labels: [{}]", (0..count).map(|label| format!("l{label},")).collect::<String>())
    };
    assert_eq!(parse(&labels(MAX_LABELS)).unwrap().labels.len(), MAX_LABELS);
    let error = parse(&labels(MAX_LABELS + 1)).unwrap_err();
    assert_eq!((error.kind(), error.line(), error.column()), (ErrorKind::InvalidValue, 2, 9));
}

/// A template that YAML escapes or folds stands nowhere in the file as it is; its value does.
#[test]
fn errors_in_a_model_have_a_place_inside_the_file() {
    for (model, line, column) in [
        (r#""\n\n\n{{ {""#, 2, 9),
        ("\"{{\n  x\n  | nope }}\"", 2, 9),
        ("\"{{ x | nope }}\"", 2, 16),
        ("|\n  {{ x | nope }}", 3, 10),
    ] {
        let error = Prompt::parse("p", &format!("---\nmodel: {model}\n---\nUser: q")).unwrap_err();
        assert_eq!((error.line(), error.column()), (line, column), "{model}");
    }
}
