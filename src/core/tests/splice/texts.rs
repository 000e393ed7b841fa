//! What is JSON, what is not, and what is found in it.

use promptgate_core::json::{MAX_MEMBERS, Object, Piece, ScanError};

use super::oracle::check_scan;

fn error(text: &[u8]) -> ScanError {
    check_scan(text);
    Object::scan(text, &[]).unwrap_err()
}

/// Every member's key and value.
fn members(text: &str) -> Vec<(String, String)> {
    check_scan(text.as_bytes());
    let object = Object::scan(text.as_bytes(), &[]).unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let members = object.members().iter();
    members.map(|member| (text(member.key()), text(member.raw()))).collect()
}

#[test]
fn values_keep_their_text() {
    for value in [
        "1.10",
        "1E400",
        "-0",
        "-0.0e-0",
        "12345678901234567890",
        "123456789012345678901234567890.5",
        r#""\ud800""#,
        r#""\udc00\ud800x""#,
        r#""\u0000""#,
        r#""\"\\\/\b\f\n\r\t""#,
        "\"\u{7f}\u{80}\u{2028}😀\"",
        "[ 1 , [ ] , { } ]",
        r#"{"a":{"a":{"a":1}},"a":2}"#,
        "true",
        "false",
        "null",
        r#""""#,
    ] {
        for text in [format!(r#"{{"k":{value}}}"#), format!(" {{\t\"k\"\r\n: {value}\n}}\r\n")] {
            assert_eq!(members(&text), [("k".to_owned(), value.to_owned())]);
        }
    }
}

#[test]
fn not_json() {
    let deep = "[".repeat(100_000);
    for text in [
        "",
        " \n",
        "{",
        "}",
        r#"{"a":1"#,
        r#"{"a":1,}"#,
        r#"{,"a":1}"#,
        r#"{"a":1 "b":2}"#,
        r#"{"a" 1}"#,
        r#"{"a"}"#,
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        r#"{"a":}"#,
        r#"{"a":1]"#,
        r#"{"a":[1}"#,
        r#"{"a":[1,]}"#,
        r#"{"a":{"b":1,}}"#,
        r#"{"a":{"b"}}"#,
        r#"{"a":{"b":1]}"#,
        r#"{"a":{"b":1,2}}"#,
        r#"{"a":{"b":1,2:3}}"#,
        r#"{"a":[1,{"b" 1}]}"#,
        r#"{"a":[1,{"b":1}}}"#,
        r#"{"a":1}x"#,
        r#"{"a":1}{}"#,
        r#"{"a":1},"#,
        "{} \0",
        "[1]]",
        "[1 2]",
        r#"{"a":01}"#,
        r#"{"a":-}"#,
        r#"{"a":+1}"#,
        r#"{"a":.5}"#,
        r#"{"a":1.}"#,
        r#"{"a":1e}"#,
        r#"{"a":1e+}"#,
        r#"{"a":0x1}"#,
        r#"{"a":NaN}"#,
        r#"{"a":Infinity}"#,
        r#"{"a":nul}"#,
        r#"{"a":True}"#,
        r#"{"a":"x}"#,
        r#"{"a":"\x"}"#,
        r#"{"a":"\u12g4"}"#,
        r#"{"a":"\u12"#,
        r#"{"a":"\"#,
        "{\"a\":\"\n\"}",
        "{\"a\":\"\0\"}",
        "{\"a\u{1f}\":1}",
        "{\"a\":1}\u{a0}",
        "{\u{b}}",
        "{/**/}",
        "\u{feff}{}",
        &deep,
    ] {
        assert_eq!(error(text.as_bytes()), ScanError::NotJson, "{text:.40}");
        // The same inside other values; not all of them stay broken there.
        for outer in [r#"{"a":{"b":@}}"#, r#"{"messages":[@]}"#, r#"{"messages":[{"a":@,"role":"user"}]}"#] {
            check_scan(outer.replace('@', text).as_bytes());
        }
    }
}

#[test]
fn not_utf_8() {
    for text in [
        &b"{\"a\":\"\xff\"}"[..],
        b"{\"\xc3\":1}",
        b"{\"a\":\"\xed\xa0\x80\"}",
        b"{\"a\":\"\xc0\x80\"}",
        b"{} \x80",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\0}\0",
    ] {
        assert_eq!(error(text), ScanError::NotJson);
    }
}

#[test]
fn not_an_object() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for text in ["[]", "[{}]", "null", " true ", "false", "0", "-1.5e3", r#""{}""#, &deep] {
        assert_eq!(error(text.as_bytes()), ScanError::NotAnObject);
    }
}

#[test]
fn errors_say_what_is_wrong() {
    assert_eq!(ScanError::NotAnObject.to_string(), "not a JSON object");
    assert_eq!(ScanError::NotJson.to_string(), "not valid JSON");
}

#[test]
fn what_a_client_sends_is_not_shown() {
    let object = Object::scan(br#"{"key-secret":"value-secret"}"#, &[]).unwrap();
    let pieces = [Piece::New(b"new-secret".to_vec()), Piece::Keep(b"kept-secret")];
    let shown = format!("{object:?} {:?} {pieces:?}", object.members());
    assert!(!shown.contains("secret"), "{shown}");
}

#[test]
fn keys_are_compared_decoded() {
    let text = br#"{"prompt\u005fid":1,"\u0070rompt_id":2,"a\ud83d\ude00":3,"\ud800":4,"":5}"#;
    check_scan(text);
    let object = Object::scan(text, &[]).unwrap();
    let values: Vec<_> = object.occurrences("prompt_id").map(|member| member.raw()).collect();
    assert_eq!(values, [b"1", b"2"]);
    assert_eq!(object.get("prompt_id").unwrap().raw(), b"1");
    assert!(object.is_duplicate("prompt_id"));
    assert_eq!(object.get("a😀").unwrap().raw(), b"3");
    assert!(!object.is_duplicate("a😀"));
    assert_eq!(object.members()[3].key(), b"\xed\xa0\x80");
    assert_eq!(object.get("").unwrap().raw(), b"5");
    assert!(object.get("prompt").is_none());
    assert!(object.get("prompt_idx").is_none());
    assert!(!object.is_duplicate("prompt"));
}

#[test]
fn only_the_top_level_counts() {
    let object = Object::scan(br#"{"a":{"prompt_id":1},"b":[{"prompt_id":2}]}"#, &[]).unwrap();
    assert!(object.get("prompt_id").is_none());
    assert_eq!(object.len(), 2);
    let empty = Object::scan(b" { } ", &["prompt_id"]).unwrap();
    assert!(empty.is_empty());
    assert!(empty.members().is_empty());
}

#[test]
fn deep_nesting_takes_no_stack() {
    for depth in [1, 63, 64, 65, 128, 129, 100_000] {
        let pairs = [("[", "]"), (r#"{"a":"#, "}"), (r#"[ {"a" : ["#, "]} ]")];
        for (open, close) in pairs {
            let value = format!("{}0{}", open.repeat(depth), close.repeat(depth));
            let text = format!(r#"{{"deep":{value},"model":"m"}}"#);
            assert_eq!(Object::scan(text.as_bytes(), &[]).unwrap().get("model").unwrap().raw(), br#""m""#);
            check_scan(text.as_bytes());
            // One bracket of the wrong kind, at the far end.
            let broken = text.replacen(if close.contains('}') { '}' } else { ']' }, ")", 1);
            assert_eq!(error(broken.as_bytes()), ScanError::NotJson);
        }
    }
}

#[test]
fn a_million_keys_are_counted_and_not_kept() {
    let mut text = String::from("{");
    for index in 0..1_000_000 {
        text.push_str(&format!("\"k{index}\":0,"));
    }
    text.push_str(r#""model":1,"x":2,"mod\u0065l":3,"model":4,"prompt_id":5}"#);
    let object = Object::scan(text.as_bytes(), &["prompt_id", "model", "k5"]).unwrap();
    assert_eq!(object.len(), 1_000_005);
    assert_eq!(object.members().len(), MAX_MEMBERS + 3);
    assert_eq!(object.get("k999").unwrap().raw(), b"0");
    assert!(object.get("k1000").is_none());
    assert!(object.get("x").is_none());
    let models: Vec<_> = object.occurrences("model").map(|member| member.raw()).collect();
    assert_eq!(models, [b"1", b"3"]);
    assert_eq!(object.get("prompt_id").unwrap().raw(), b"5");
    assert!(!object.is_duplicate("prompt_id"));
}

#[test]
fn a_million_times_the_same_key() {
    let text = format!("{{{}\"model\":0}}", "\"model\":0,".repeat(999_999));
    let object = Object::scan(text.as_bytes(), &["model"]).unwrap();
    assert_eq!(object.len(), 1_000_000);
    assert_eq!(object.members().len(), MAX_MEMBERS + 2);
    assert!(object.is_duplicate("model"));
}
