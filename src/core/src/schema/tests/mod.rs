mod json_schema;
mod picoschema;
mod random;

use serde_json::json;

use super::*;
use crate::prompt::yaml;
use crate::value::Value;

fn compile(source: &str) -> Result<Schema, SchemaError> {
    Schema::compile(&yaml::parse(source, 1).unwrap())
}

/// What the schema says about variables: nothing, or path, expectation and type.
fn check(schema: &Schema, variables: &str) -> Option<(String, String, &'static str)> {
    let variables = Value::from_json(variables).unwrap();
    let violation = schema.validate(variables.as_dict().unwrap(), MAX_STEPS).err()?;
    assert_eq!(violation.missing, violation.actual == "nothing");
    Some((violation.path, violation.expected, violation.actual))
}

/// Path, expectation and type.
type Expected = Option<(&'static str, &'static str, &'static str)>;

#[track_caller]
fn cases(source: &str, cases: &[(&str, Expected)]) {
    let schema = compile(source).unwrap();
    for (variables, expected) in cases {
        let found = check(&schema, variables);
        let found =
            found.as_ref().map(|(path, expected, actual)| (path.as_str(), expected.as_str(), *actual));
        assert_eq!(found, *expected, "{source}\n{variables}");
    }
}

#[test]
fn what_does_not_compile_says_where() {
    let object = |inner: &str| format!("type: object\nproperties:\n  {inner}");
    for (source, path, message) in [
        ("a: strng".to_owned(), "a", "`strng` is no type; did you mean `string`?"),
        ("a: {b: {c: widget}}".to_owned(), "a.b.c", "`widget` is no type; known are string, integer"),
        ("a:".to_owned(), "a", "a type is missing"),
        ("a: 5".to_owned(), "a", "a type is a name"),
        ("a: [string]".to_owned(), "a", "a type is a name"),
        ("a(array: string".to_owned(), "a(array", "the bracket is not closed"),
        ("a(string): string".to_owned(), "a(string)", "not `string`"),
        ("a(object): string".to_owned(), "a(object)", "an object is a mapping"),
        ("a(enum): A".to_owned(), "a(enum)", "an enum is a list"),
        ("a(enum): []".to_owned(), "a(enum)", "an enum is a list"),
        ("a(enum): [[A]]".to_owned(), "a(enum)", "an enum is a list"),
        ("a: string\na?: string".to_owned(), "a?", "`a` occurs twice"),
        ("'?': string".to_owned(), "?", "a name is missing"),
        ("(array): string".to_owned(), "(array)", "a name is missing"),
        ("string".to_owned(), "", "has to describe an object"),
        ("[a]".to_owned(), "", "a type is a name"),
        ("$schema: x\ntype: array".to_owned(), "", "has to describe an object"),
        (
            object("a: {type: str}"),
            "properties.a.type",
            "`str` is no type of JSON Schema; did you mean `string`?",
        ),
        (object("a: {type: []}"), "properties.a.type", "the list of types is empty"),
        (object("a: {type: 5}"), "properties.a.type", "a type is a name"),
        (
            object("a: {pattern: x}"),
            "properties.a.pattern",
            "the JSON Schema keyword `pattern` is not supported",
        ),
        (object("a: {$ref: '#/x'}"), "properties.a.$ref", "`$ref` is not supported"),
        (object("a: {not: {}}"), "properties.a.not", "`not` is not supported"),
        (object("a: {minimun: 1}"), "properties.a.minimun", "did you mean `minimum`?"),
        (object("a: {minimum: x}"), "properties.a.minimum", "a number"),
        (object("a: {minLength: -1}"), "properties.a.minLength", "a whole number"),
        (object("a: {maxItems: 1.5}"), "properties.a.maxItems", "a whole number"),
        (object("a: {enum: []}"), "properties.a.enum", "at least one"),
        (object("a: {anyOf: []}"), "properties.a.anyOf", "at least one"),
        (object("a: {allOf: [{}, {type: x}]}"), "properties.a.allOf.1.type", "no type"),
        (object("a: {items: [{}]}"), "properties.a.items", "a schema is a mapping"),
        (object("a: {properties: []}"), "properties.a.properties", "a mapping of names"),
        (object("a: {required: a}"), "properties.a.required", "a list of names"),
        (object("a: {required: [1]}"), "properties.a.required", "a list of names"),
        (object("a: {description: 5}"), "properties.a.description", "text"),
        (object("a: 5"), "properties.a", "a schema is a mapping"),
    ] {
        let error = compile(&source).expect_err(&source);
        assert_eq!(error.path().collect::<Vec<_>>().join("."), path, "{source}");
        assert!(error.message().contains(message), "{source}: {error}");
    }
}

#[test]
fn nesting_is_bounded() {
    let nest = |levels: usize, inner: Json, wrap: fn(Json) -> Json| {
        (1..levels).fold(inner, |schema, _| wrap(schema))
    };
    let pico = |levels| nest(levels, json!("string"), |inner| json!({"a": inner}));
    assert!(Schema::compile(&pico(MAX_DEPTH)).is_ok());
    assert!(Schema::compile(&pico(MAX_DEPTH + 1)).is_err());
    assert!(to_json_schema(&pico(MAX_DEPTH + 1)).is_err());
    let formal =
        |levels| nest(levels, json!({"$schema": "s"}), |inner| json!({"$schema": "s", "allOf": [inner]}));
    assert!(Schema::compile(&formal(MAX_DEPTH)).is_ok());
    assert!(Schema::compile(&formal(MAX_DEPTH + 1)).is_err());
}

#[test]
fn defaults_make_variables_optional_but_not_nullable() {
    let mut schema = compile("tone: string\nq: string").unwrap();
    schema.set_defaults(["tone", "unknown"]);
    assert_eq!(check(&schema, r#"{"q": ""}"#), None);
    assert_eq!(check(&schema, r#"{"q": "", "tone": null}"#).unwrap().0, "tone");
    assert_eq!(check(&schema, "{}").unwrap().0, "q");
}

#[test]
fn defaults_are_checked_without_the_rest() {
    let schema = compile("user: {name: string}\nq: string").unwrap();
    let check = |variables: &str| {
        let variables = Value::from_json(variables).unwrap();
        schema.validate_present(variables.as_dict().unwrap()).map_err(|violation| violation.path)
    };
    assert_eq!(check("{}"), Ok(()));
    assert_eq!(check(r#"{"user": {"name": "x"}}"#), Ok(()));
    assert_eq!(check(r#"{"user": {}}"#), Err("user.name".to_owned()));
    assert_eq!(check(r#"{"q": 1}"#), Err("q".to_owned()));

    let schema = compile("$schema: s\nanyOf: [{required: [a]}, {required: [b]}]").unwrap();
    assert!(schema.validate_present(Value::from_json("{}").unwrap().as_dict().unwrap()).is_ok());
    assert!(schema.validate(Value::from_json("{}").unwrap().as_dict().unwrap(), MAX_STEPS).is_err());
}

#[test]
fn properties_for_people() {
    let mut schema = compile("a: string, what it is\nb?: integer\nc: any").unwrap();
    schema.set_defaults(["c"]);
    let found: Vec<_> = schema
        .properties()
        .map(|property| (property.name, property.required, property.types, property.description))
        .collect();
    assert_eq!(
        found,
        [
            ("a", true, "string".to_owned(), Some("what it is")),
            ("b", false, "integer or null".to_owned(), None),
            ("c", false, "any value".to_owned(), None),
        ]
    );
}

#[test]
fn violations_never_quote_values_and_cut_names() {
    let schema = compile("a(enum): [x]\n(*): integer").unwrap();
    let variables = format!(r#"{{"a": "x", "{}": "secret"}}"#, "k".repeat(1_000));
    let variables = Value::from_json(&variables).unwrap();
    let violation = schema.validate(variables.as_dict().unwrap(), MAX_STEPS).unwrap_err();
    assert_eq!(violation.path, format!("{}…", "k".repeat(64)));
    assert!(!violation.to_string().contains("secret"));
}

/// What an author lists and what a client sends multiply; the check stops in time.
#[test]
fn steps_are_bounded() {
    let listed: Vec<_> = (0..5_000).collect();
    let schema = Schema::compile(&json!({
        "type": "object",
        "properties": { "l": { "type": "array", "items": { "enum": listed } } },
    }))
    .unwrap();
    let variables = Value::from_json(&json!({ "l": vec![4_999; 50_000] }).to_string()).unwrap();
    let violation = schema.validate(variables.as_dict().unwrap(), 250_000).unwrap_err();
    assert_eq!((violation.path.as_str(), violation.missing), ("", false));
    let few = Value::from_json(r#"{"l": [1, 2, 4999]}"#).unwrap();
    assert_eq!(schema.validate(few.as_dict().unwrap(), 250_000), Ok(()));
}
