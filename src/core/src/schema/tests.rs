use proptest::prelude::*;
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
    let violation = schema.validate(variables.as_dict().unwrap()).err()?;
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
fn types_of_picoschema() {
    for (names, accepted, refused) in [
        (&["string", "str"][..], &[r#""""#, r#""x""#][..], &["1", "true", "null", "[]", "{}", "1.5"][..]),
        (
            &["integer", "int"],
            &["1", "-1", "3.0", "0", "1e2", "170141183460469231731687303715884105727"],
            &["1.5", "true", r#""1""#, "null", "1e400"],
        ),
        (&["number", "float"], &["1", "1.5", "3.0", "-1e3"], &["true", r#""1""#, "null", "[]"]),
        (&["boolean", "bool"], &["true", "false"], &["1", "0", r#""true""#, "null"]),
        (&["array", "list"], &["[]", r#"[1, "a"]"#], &["{}", r#""""#, "null"]),
        (&["object", "dict"], &["{}", r#"{"a": 1}"#], &["[]", "null"]),
        (&["\"null\""], &["null"], &["0", r#""""#, "false"]),
        (&["any"], &["null", "1", "[]", "{}", r#""""#, "true"], &[]),
    ] {
        for name in names {
            let required = compile(&format!("x: {name}")).unwrap();
            let optional = compile(&format!("x?: {name}")).unwrap();
            for value in accepted {
                let variables = format!(r#"{{"x": {value}}}"#);
                assert_eq!(check(&required, &variables), None, "{name} {value}");
                assert_eq!(check(&optional, &variables), None, "{name}? {value}");
            }
            for value in refused {
                let variables = format!(r#"{{"x": {value}}}"#);
                assert_eq!(check(&required, &variables).unwrap().0, "x", "{name} {value}");
                // Optional admits null.
                assert_eq!(check(&optional, &variables).is_none(), *value == "null", "{name}? {value}");
            }
            assert_eq!(check(&required, "{}").unwrap().2, "nothing", "{name}");
            assert_eq!(check(&optional, "{}"), None, "{name}?");
        }
    }
}

#[test]
fn violations_name_path_and_types() {
    cases(
        "n: integer, how many\nm?: number\ns(array): string\ne?(enum): [A, B, 1]\no?: any",
        &[
            (r#"{"n": 1, "s": []}"#, None),
            (r#"{"n": "three", "s": []}"#, Some(("n", "integer", "string"))),
            (r#"{"n": 1.5, "s": []}"#, Some(("n", "integer", "number"))),
            (r#"{"n": 3.0, "s": ["a"], "m": null, "e": null, "o": null}"#, None),
            (r#"{"n": true, "s": []}"#, Some(("n", "integer", "boolean"))),
            (r#"{"n": 1, "s": [], "m": "x"}"#, Some(("m", "number or null", "string"))),
            (r#"{"n": 1, "s": ["a", 2]}"#, Some(("s.1", "string", "integer"))),
            (r#"{"n": 1}"#, Some(("s", "array", "nothing"))),
            (
                r#"{"n": 1, "s": [], "e": "C"}"#,
                Some(("e", "one of the values that the prompt's schema lists", "string")),
            ),
            (r#"{"n": 1, "s": [], "e": 1.0}"#, None),
            (
                r#"{"n": 1, "s": [], "e": true}"#,
                Some(("e", "one of the values that the prompt's schema lists", "boolean")),
            ),
            (r#"{"n": 1, "s": [], "more": 1}"#, None),
        ],
    );
}

#[test]
fn the_shortest_missing_path_is_named() {
    cases(
        "user:\n  name: string\n  org(object, where):\n    name: string\nq: string",
        &[
            ("{}", Some(("user", "object", "nothing"))),
            (r#"{"user": {}}"#, Some(("q", "string", "nothing"))),
            (r#"{"q": "", "user": {}}"#, Some(("user.name", "string", "nothing"))),
            (r#"{"q": "", "user": {"name": "", "org": {}}}"#, Some(("user.org.name", "string", "nothing"))),
            (r#"{"q": "", "user": {"org": {}}}"#, Some(("user.name", "string", "nothing"))),
            // On one level what is missing comes before what is wrong; a level above, before both.
            (r#"{"user": 1}"#, Some(("q", "string", "nothing"))),
            (r#"{"q": 1, "user": {}}"#, Some(("q", "string", "integer"))),
            (r#"{"q": "", "user": null}"#, Some(("user", "object", "null"))),
        ],
    );
}

#[test]
fn picoschema_in_all_its_forms() {
    for (source, expected) in [
        ("a: string", json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]})),
        (
            "a: string, what, exactly",
            json!({"type": "object", "properties":
            {"a": {"type": "string", "description": "what, exactly"}}, "required": ["a"]}),
        ),
        ("a?: string", json!({"type": "object", "properties": {"a": {"type": ["string", "null"]}}})),
        ("a?: any, whatever", json!({"type": "object", "properties": {"a": {"description": "whatever"}}})),
        (
            "a(array, tags): string",
            json!({"type": "object", "properties":
            {"a": {"type": "array", "items": {"type": "string"}, "description": "tags"}}, "required": ["a"]}),
        ),
        (
            "a?(array):\n  b: integer",
            json!({"type": "object", "properties": {"a": {"type": ["array", "null"],
            "items": {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"]}}}}),
        ),
        (
            "a?(object, who): {b?: string}",
            json!({"type": "object", "properties": {"a": {"type": ["object", "null"],
            "properties": {"b": {"type": ["string", "null"]}}, "description": "who"}}}),
        ),
        (
            "a: {b: string}",
            json!({"type": "object", "properties": {"a": {"type": "object",
            "properties": {"b": {"type": "string"}}, "required": ["b"]}}, "required": ["a"]}),
        ),
        (
            "a(enum, mood): [GOOD, BAD]",
            json!({"type": "object", "properties":
            {"a": {"enum": ["GOOD", "BAD"], "description": "mood"}}, "required": ["a"]}),
        ),
        ("a?(enum): [GOOD, 2]", json!({"type": "object", "properties": {"a": {"enum": ["GOOD", 2, null]}}})),
        (
            "(*): integer, counts",
            json!({"type": "object", "properties": {},
            "additionalProperties": {"type": "integer", "description": "counts"}}),
        ),
        (
            "type: string\nproperties: string",
            json!({"type": "object", "properties":
            {"type": {"type": "string"}, "properties": {"type": "string"}}, "required": ["type", "properties"]}),
        ),
        (
            "a: str\nb: int\nc: float\nd: bool\ne: list\nf: dict",
            json!({"type": "object", "properties": {
            "a": {"type": "string"}, "b": {"type": "integer"}, "c": {"type": "number"}, "d": {"type": "boolean"},
            "e": {"type": "array"}, "f": {"type": "object"}}, "required": ["a", "b", "c", "d", "e", "f"]}),
        ),
        (
            " 'a ? ( array , tags ) ': string",
            json!({"type": "object", "properties":
            {"a": {"type": ["array", "null"], "items": {"type": "string"}, "description": "tags"}}}),
        ),
        ("{}", json!({"type": "object", "properties": {}})),
        ("string, an answer", json!({"type": "string", "description": "an answer"})),
    ] {
        let source = yaml::parse(source, 1).unwrap();
        assert_eq!(picoschema::convert(&source, Extra::Allowed).unwrap(), expected, "{source}");
    }
}

#[test]
fn an_answer_may_not_have_more_than_its_picoschema_names() {
    let source = yaml::parse("a: {b: string}\nc:\n  (*): string", 1).unwrap();
    let expected = json!({
        "type": "object",
        "properties": {
            "a": {"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"],
                  "additionalProperties": false},
            "c": {"type": "object", "properties": {}, "additionalProperties": {"type": "string"}},
        },
        "required": ["a", "c"],
        "additionalProperties": false,
    });
    assert_eq!(to_json_schema(&source), Ok(expected));
}

#[test]
fn an_answers_json_schema_stays_as_it_is() {
    let source = json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/x", "pattern": "^x"}}, "$defs": {"x": {}}});
    assert_eq!(to_json_schema(&source), Ok(source.clone()));
    let source = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "anyOf": [true]});
    assert_eq!(to_json_schema(&source), Ok(source.clone()));
}

#[test]
fn the_wildcard_checks_all_other_variables() {
    cases(
        "a: string\n(*): integer",
        &[(r#"{"a": "x", "b": 1}"#, None), (r#"{"a": "x", "b": "y"}"#, Some(("b", "integer", "string")))],
    );
}

#[test]
fn json_schema() {
    cases(
        "type: object\nproperties:\n  a: {type: string}\n  b: {type: [integer, 'null']}\nrequired: [a]\nadditionalProperties: false",
        &[
            (r#"{"a": ""}"#, None),
            (r#"{"a": "", "b": null}"#, None),
            (r#"{"a": null}"#, Some(("a", "string", "null"))),
            (r#"{"a": "", "b": "x"}"#, Some(("b", "integer or null", "string"))),
            (r#"{"a": "", "c": 1}"#, Some(("c", "no variable of this name", "integer"))),
            ("{}", Some(("a", "string", "nothing"))),
        ],
    );
    cases(
        "$schema: http://json-schema.org/draft-07/schema#\nproperties:\n  a: {const: {x: [1, null]}}\n  b: {items: {type: integer}}\n  c: true",
        &[
            ("{}", None),
            (r#"{"a": {"x": [1.0, null]}}"#, None),
            (
                r#"{"a": {"x": [true, null]}}"#,
                Some(("a", "one of the values that the prompt's schema lists", "object")),
            ),
            (
                r#"{"a": {"x": [1, null], "y": 1}}"#,
                Some(("a", "one of the values that the prompt's schema lists", "object")),
            ),
            // Without a type `items` says nothing about what is no array.
            (r#"{"b": "x"}"#, None),
            (r#"{"b": [1, "x"]}"#, Some(("b.1", "integer", "string"))),
        ],
    );
}

#[test]
fn bounds() {
    cases(
        "type: object\nproperties:\n  n: {minimum: 1, maximum: 3}\n  x: {exclusiveMinimum: 1, exclusiveMaximum: 2.5}\n  \
         s: {minLength: 2, maxLength: 3.0}\n  l: {minItems: 1, maxItems: 2}\n  o: {minProperties: 1, maxProperties: 1}",
        &[
            (r#"{"n": 1, "x": 2, "s": "ab", "l": [1], "o": {"a": 1}}"#, None),
            (r#"{"n": 0.5}"#, Some(("n", "a number of at least 1", "number"))),
            (r#"{"n": 4}"#, Some(("n", "a number of at most 3", "integer"))),
            (r#"{"x": 1}"#, Some(("x", "a number above 1", "integer"))),
            (r#"{"x": 2.5}"#, Some(("x", "a number below 2.5", "number"))),
            // Characters, not bytes.
            (r#"{"s": "é"}"#, Some(("s", "a string of at least 2 characters", "string"))),
            (r#"{"s": "日本語"}"#, None),
            (r#"{"s": "abcd"}"#, Some(("s", "a string of at most 3 characters", "string"))),
            (r#"{"l": []}"#, Some(("l", "an array of at least 1 items", "array"))),
            (r#"{"l": [1, 2, 3]}"#, Some(("l", "an array of at most 2 items", "array"))),
            (r#"{"o": {}}"#, Some(("o", "an object of at least 1 members", "object"))),
            (r#"{"o": {"a": 1, "b": 2}}"#, Some(("o", "an object of at most 1 members", "object"))),
            // Of other types they say nothing.
            (r#"{"n": "", "s": 1, "l": "", "o": []}"#, None),
        ],
    );
}

#[test]
fn combinations() {
    let alternatives = "a value that fits one of the schema's alternatives";
    cases(
        "type: object\nproperties:\n  a: {anyOf: [{type: string}, {type: array, items: {type: string}}]}\n  \
         b: {oneOf: [{type: integer}, {type: number, minimum: 3}]}\n  c: {allOf: [{type: number}, {maximum: 5}]}\n  \
         d: {anyOf: [{type: 'null'}, {type: object, required: [x], properties: {x: {type: string}}}]}\n  \
         e: {anyOf: [{type: string, minLength: 2}, {type: string, maxLength: 0}]}",
        &[
            (r#"{"a": "x", "b": 1, "c": 5, "d": null, "e": ""}"#, None),
            (r#"{"a": ["x"], "b": 3.5, "d": {"x": ""}}"#, None),
            (r#"{"a": 1}"#, Some(("a", "string or array", "integer"))),
            (r#"{"a": ["x", 1]}"#, Some(("a.1", "string", "integer"))),
            (
                r#"{"b": 3}"#,
                Some(("b", "a value that fits exactly one of the schema's alternatives", "integer")),
            ),
            (r#"{"b": 2.5}"#, Some(("b", "a number of at least 3", "number"))),
            (r#"{"b": ""}"#, Some(("b", "number", "string"))),
            (r#"{"c": 6}"#, Some(("c", "a number of at most 5", "integer"))),
            (r#"{"c": ""}"#, Some(("c", "number", "string"))),
            (r#"{"d": {}}"#, Some(("d.x", "string", "nothing"))),
            (r#"{"d": 1}"#, Some(("d", "object or null", "integer"))),
            (r#"{"e": "x"}"#, Some(("e", alternatives, "string"))),
        ],
    );
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
fn annotations_are_welcome() {
    let source = "$schema: s\n$id: i\ntitle: t\ndescription: d\ndefault: {}\nexamples: []\n$comment: c\n$defs: {a: 5}\n\
                  x-order: [a]\ntype: object\nproperties: {a: {type: string, format: date, deprecated: true}}";
    cases(source, &[("{}", None), (r#"{"a": "no date"}"#, None)]);
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
fn nested_alternatives_take_no_exponential_time() {
    let inner = json!({"type": "object", "required": ["x"]});
    let deep = (1..MAX_DEPTH - 1).fold(inner, |schema, level| match level % 3 {
        0 => json!({"oneOf": [schema, false]}),
        1 => json!({"anyOf": [{"type": "null"}, schema]}),
        _ => json!({"anyOf": [schema]}),
    });
    let schema = Schema::compile(&json!({"type": "object", "properties": {"a": deep}})).unwrap();
    assert_eq!(check(&schema, r#"{"a": {}}"#).unwrap().0, "a.x");
    assert_eq!(check(&schema, r#"{"a": {"x": 1}}"#), None);
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
    assert!(schema.validate(Value::from_json("{}").unwrap().as_dict().unwrap()).is_err());
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
    assert!(!schema.is_closed());
    assert!(compile("type: object\nproperties: {}\nadditionalProperties: false").unwrap().is_closed());
}

#[test]
fn the_variables_as_a_whole_have_no_path() {
    let schema = compile("$schema: s\nminProperties: 1").unwrap();
    let found = check(&schema, "{}").unwrap();
    assert_eq!(found, (String::new(), "an object of at least 1 members".to_owned(), "object"));
}

#[test]
fn violations_never_quote_values_and_cut_names() {
    let schema = compile("a(enum): [x]\n(*): integer").unwrap();
    let variables = format!(r#"{{"a": "x", "{}": "secret"}}"#, "k".repeat(1_000));
    let variables = Value::from_json(&variables).unwrap();
    let violation = schema.validate(variables.as_dict().unwrap()).unwrap_err();
    assert_eq!(violation.path, format!("{}…", "k".repeat(64)));
    assert!(!violation.to_string().contains("secret"));
}

/// JSON that looks like schemas often enough.
fn schema_like() -> impl Strategy<Value = Json> {
    const WORDS: [&str; 8] = ["string", "str, what", "integer", "any", "array", "object", "widget", "null"];
    const KEYS: [&str; 19] = [
        "a",
        "b?",
        "c(array)",
        "d?(enum, x)",
        "(*)",
        "e(object)",
        "type",
        "properties",
        "required",
        "items",
        "anyOf",
        "enum",
        "const",
        "minimum",
        "maxLength",
        "$schema",
        "additionalProperties",
        "not",
        "description",
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i8>().prop_map(Json::from),
        prop::sample::select(&WORDS[..]).prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::vec((prop::sample::select(&KEYS[..]), inner), 0..6).prop_map(|members| members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_picoschema_becomes_compiles(source in schema_like()) {
        for extra in [Extra::Allowed, Extra::Refused] {
            if let Ok(schema) = picoschema::convert(&source, extra) {
                prop_assert!(compile::compile(&schema).is_ok(), "{schema}");
            }
        }
    }

    #[test]
    fn whatever_compiles_can_check_anything(source in schema_like(), value in schema_like()) {
        let variables = Value::from_tree(&json!({"a": value, "b": value, "type": value})).unwrap();
        if let Ok(schema) = Schema::compile(&source)
            && let Err(violation) = schema.validate(variables.as_dict().unwrap())
        {
            prop_assert!(!violation.expected.is_empty() && !violation.actual.is_empty());
            prop_assert_eq!(violation.missing, violation.actual == "nothing");
        }
    }
}
