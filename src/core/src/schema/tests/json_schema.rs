use serde_json::json;

use super::{MAX_DEPTH, Schema, cases, check, compile, to_json_schema};

#[test]
fn an_answers_json_schema_stays_as_it_is() {
    let source = json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/x", "pattern": "^x"}}, "$defs": {"x": {}}});
    assert_eq!(to_json_schema(&source), Ok(source.clone()));
    let source = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "anyOf": [true]});
    assert_eq!(to_json_schema(&source), Ok(source.clone()));
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
fn annotations_are_welcome() {
    let source = "$schema: s\n$id: i\ntitle: t\ndescription: d\ndefault: {}\nexamples: []\n$comment: c\n$defs: {a: 5}\n\
                  x-order: [a]\ntype: object\nproperties: {a: {type: string, format: date, deprecated: true}}";
    cases(source, &[("{}", None), (r#"{"a": "no date"}"#, None)]);
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
fn the_variables_as_a_whole_have_no_path() {
    let schema = compile("$schema: s\nminProperties: 1").unwrap();
    let found = check(&schema, "{}").unwrap();
    assert_eq!(found, (String::new(), "an object of at least 1 members".to_owned(), "object"));
}
