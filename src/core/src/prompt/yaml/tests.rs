use serde_json::json;

use super::*;

#[test]
fn reads_the_core_schema() {
    for (text, expected) in [
        ("", json!(null)),
        ("# only a comment\n", json!(null)),
        ("a: yes", json!({"a": "yes"})),
        (
            "a: [on, off, no, NO, True, FALSE, ~, null, Null, '', \"\"]",
            json!({"a": ["on", "off", "no", "NO", true, false, null, null, null, "", ""]}),
        ),
        ("a:", json!({"a": null})),
        ("a: 0x1F\nb: 0o17\nc: 012\nd: +1\ne: -7", json!({"a": 31, "b": 15, "c": "012", "d": 1, "e": -7})),
        (
            "a: 1.50\nb: 1e3\nc: .5\nd: 3.\ne: 1_000",
            json!({"a": 1.5, "b": 1000.0, "c": 0.5, "d": 3.0, "e": "1_000"}),
        ),
        ("a: 18446744073709551615\nb: -9223372036854775808", json!({"a": u64::MAX, "b": i64::MIN})),
        (
            "1: a\n1.5: b\ntrue: c\n~: d\nyes: e\n0x10: f",
            json!({"1": "a", "1.5": "b", "true": "c", "null": "d", "yes": "e", "16": "f"}),
        ),
        ("a: 2026-11-20", json!({"a": "2026-11-20"})),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y", json!({"a": "x\ny\n", "b": "x y"})),
        ("a: \"\\u00e9\\n\"\nb: 'it''s'", json!({"a": "é\n", "b": "it's"})),
        ("a: !!str 5\nb: !!int \"5\"", json!({"a": "5", "b": 5})),
        ("{a: 1, b: [c, {d: e}]}", json!({"a": 1, "b": ["c", {"d": "e"}]})),
        ("a: 1\n...\n# end\n", json!({"a": 1})),
        ("a: &x [1]\nb: *x\nc: *x", json!({"a": [1], "b": [1], "c": [1]})),
    ] {
        let found = parse(text, 1);
        assert_eq!(found, Ok(expected), "{text:?}");
    }
}

#[test]
fn keeps_the_order_of_the_file() {
    let value = parse("z: 1\na: 2\nm: 3", 1).unwrap();
    let keys: Vec<_> = value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["z", "a", "m"]);
}

#[test]
fn merges() {
    for (text, expected) in [
        ("base: &b {a: 1, b: 2}\nc:\n  b: 3\n  <<: *b", json!({"b": 3, "a": 1})),
        ("base: &b {a: 1, b: 2}\nc:\n  <<: *b\n  b: 3", json!({"b": 3, "a": 1})),
        ("base: &b {a: 1}\nc:\n  <<: [*b, {a: 2, d: 4}]", json!({"a": 1, "d": 4})),
        ("c:\n  <<: {}\n  a: 1", json!({"a": 1})),
    ] {
        assert_eq!(parse(text, 1).unwrap().get("c"), Some(&expected), "{text:?}");
    }
}

#[test]
fn refuses_with_line_and_column_of_the_file() {
    use ErrorKind::*;
    for (text, kind, line, column) in [
        ("a: [1", Syntax, 10, 6),
        ("a: [1\n", Syntax, 11, 1),
        ("a: 1\n b: 2", Syntax, 11, 3),
        ("\ta: 1", Syntax, 10, 1),
        ("a: é\nbé: @", Syntax, 11, 5),
        ("a: \"\u{2028}\"\nb: @", Syntax, 11, 4),
        ("a: 1\nb: \u{7}", Syntax, 11, 4),
        ("a: *nope", Syntax, 10, 4),
        ("a: 1\nb: 2\na: 3", DuplicateKey, 12, 1),
        ("a:\n  x: 1\n  x: 2", DuplicateKey, 12, 3),
        ("1: a\n\"1\": b", DuplicateKey, 11, 1),
        ("{a: 1, a: 2}", DuplicateKey, 10, 8),
        ("c:\n  <<: {}\n  <<: {}", DuplicateKey, 12, 3),
        ("? [a]\n: 1", ComplexKey, 10, 3),
        ("? {a: b}\n: 1", ComplexKey, 10, 3),
        ("a: !env HOME", Tag, 10, 4),
        ("a:\n  - !x [1]", Tag, 11, 5),
        ("!k a: 1", Tag, 10, 1),
        ("a: ! 5", Tag, 10, 4),
        ("a:\n  <<: 5", Merge, 11, 7),
        ("a:\n  <<: text", Merge, 11, 7),
        ("a:\n  <<: [[{}]]", Merge, 11, 8),
        ("a:\n  <<: [1]", Merge, 11, 8),
        ("a: .inf", Number, 10, 4),
        ("a: -.Inf", Number, 10, 4),
        ("a: .NaN", Number, 10, 4),
        (".inf: a", Number, 10, 1),
        ("a: 1\nb: 18446744073709551616", Number, 11, 4),
        ("a: -9223372036854775809", Number, 10, 4),
        ("a: 1234567890123456789012345678901234567890123", Number, 10, 4),
        ("a: 1\n--- {}\n", SeveralDocuments, 11, 5),
        ("a: 1\n...\nb: 2", SeveralDocuments, 12, 1),
        ("a: &a [*a]", TooComplex, 10, 4),
    ] {
        let error = parse(text, 10).expect_err(text);
        let found = (error.kind, error.position.line, error.position.column);
        assert_eq!(found, (kind, line, column), "{text:?}: {error}");
        assert!(!error.message.contains(" at line "), "{text:?}: {error}");
        assert!(!error.message.is_empty(), "{text:?}");
    }
}

#[test]
fn public_messages_quote_nothing() {
    for text in ["secret: 1\nsecret: 2", "a: !secret 1", "a: *secret", "a: 1\n secret: 2", "<<: secret"] {
        let message = parse(text, 1).expect_err(text).public_message();
        assert!(!message.contains("secret"), "{message}");
        assert!(message.contains("(line "), "{message}");
    }
}

#[test]
fn alias_bombs_stop() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let above = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![above; 10].join(", ")));
    }
    assert_eq!(parse(&bomb, 1).unwrap_err().kind, ErrorKind::TooComplex);

    let mut bomb = format!("a: &a \"{}\"\nb:\n", "x".repeat(100_000));
    bomb.push_str(&"- *a\n".repeat(10_000));
    assert_eq!(parse(&bomb, 1).unwrap_err().kind, ErrorKind::TooComplex);

    let mut bomb = format!("a: &a {{{}: 1}}\nb:\n", "x".repeat(1_000));
    bomb.push_str(&"- <<: *a\n".repeat(20_000));
    assert_eq!(parse(&bomb, 1).unwrap_err().kind, ErrorKind::TooComplex);
}

#[test]
fn what_has_no_aliases_fits_the_budget() {
    for text in [
        format!("[{}]", "a,".repeat(100_000)),
        format!("[{}]", "{},".repeat(100_000)),
        "- \n".repeat(100_000),
    ] {
        parse(&text, 1).unwrap();
    }
}

#[test]
fn deep_nesting_stops() {
    for text in ["[".repeat(1_000), "- ".repeat(10_000), "{a: ".repeat(1_000)] {
        assert_eq!(parse(&text, 1).unwrap_err().kind, ErrorKind::TooComplex);
    }
}

#[test]
fn the_guard_refuses_what_takes_quadratic_time() {
    for text in [
        "[".repeat(201),
        "{a: ".repeat(201),
        "[}".to_owned() + &"{\n".repeat(2_000),
        "%TAG !a! b\n".repeat(17),
    ] {
        assert_eq!(guard(&text, 1, MAX_OPEN).unwrap_err().kind, ErrorKind::TooComplex);
    }
    for text in ["[]".repeat(100_000), "]".repeat(10_000), "a: 5 % of %\n".repeat(1_000), "[".repeat(200)] {
        guard(&text, 1, MAX_OPEN).unwrap();
    }
}

#[test]
fn finds_places() {
    let text = "a: 1\nb:\n  c: x\n  \"d\": [p, {q: r}]\n1: é\nbase: &m {k: v}\nm:\n  <<: *m\n";
    for (path, key, value) in [
        (&["a"][..], (5, 1), (5, 4)),
        (&["b"], (6, 1), (7, 3)),
        (&["b", "c"], (7, 3), (7, 6)),
        (&["b", "d"], (8, 3), (8, 8)),
        (&["b", "d", "0"], (8, 9), (8, 9)),
        (&["b", "d", "1", "q"], (8, 13), (8, 16)),
        (&["1"], (9, 1), (9, 4)),
        // Not there: the nearest above.
        (&["b", "d", "9"], (8, 3), (8, 3)),
        (&["b", "nope", "x"], (6, 1), (6, 1)),
        (&["m", "k"], (11, 1), (11, 1)),
        (&["nope"], (5, 1), (5, 1)),
    ] {
        let at = locate_key(text, 5, path);
        assert_eq!((at.line, at.column), key, "key {path:?}");
        let at = locate_value(text, 5, path);
        assert_eq!((at.line, at.column), value, "value {path:?}");
    }
}
