use serde_json::json;

use super::super::picoschema::{Extra, convert};
use super::{cases, check, compile, to_json_schema, yaml};

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
        assert_eq!(convert(&source, Extra::Allowed).unwrap(), expected, "{source}");
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
fn the_wildcard_checks_all_other_variables() {
    cases(
        "a: string\n(*): integer",
        &[(r#"{"a": "x", "b": 1}"#, None), (r#"{"a": "x", "b": "y"}"#, Some(("b", "integer", "string")))],
    );
}
