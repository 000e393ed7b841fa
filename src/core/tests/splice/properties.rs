//! Random objects, random white space, random escapes, random edits.

use promptgate_core::json::{Object, ScanError};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::oracle::{Change, NEW_VALUE, check_edit, check_scan, edit, members};

const WHITE_SPACE: &str = "[ \t\r\n]{0,3}";
const STRING: &str = "\"([^\"\\\\\\x00-\\x1f]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4}){0,12}\"";
const NUMBER: &str = "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,4})?";

/// The text of a value.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        select(&["null", "true", "false", "1.10", "1E400", "-0", "[ ]", "{ }", "[]", "{}"][..])
            .prop_map(str::to_owned),
        NUMBER,
        STRING,
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let spaced =
            |inner| (WHITE_SPACE, inner, WHITE_SPACE).prop_map(|(a, text, b)| format!("{a}{text}{b}"));
        prop_oneof![
            vec(spaced(inner.clone().boxed()), 1..5).prop_map(|items| format!("[{}]", items.join(","))),
            vec((spaced(key().boxed()), spaced(inner.boxed())), 1..5).prop_map(|members| {
                let members: Vec<_> = members.iter().map(|(key, value)| format!("{key}:{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

/// The literal of a key: often one that means something, plain or escaped.
fn key() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        r#""prompt_id""#,
        r#""prompt\u005fid""#,
        r#""messages""#,
        r#""me\u0073sages""#,
        r#""model""#,
        r#""role""#,
        r#""r\u006Fle""#,
        r#""\ud800""#,
        r#""""#,
    ];
    prop_oneof![select(KNOWN).prop_map(str::to_owned).boxed(), STRING.boxed()]
}

/// A member as text: white space, key to value, white space.
type MemberText = (String, String, String);

fn member() -> impl Strategy<Value = MemberText> {
    let messages = vec((key(), value()), 0..3).prop_map(|members| {
        let members: Vec<_> = members.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        format!("{{{}}}", members.join(","))
    });
    let value = prop_oneof![4 => value().boxed(), 1 => vec(messages, 0..4).prop_map(|list| format!("[{}]", list.join(", "))).boxed()];
    (WHITE_SPACE, key(), WHITE_SPACE, WHITE_SPACE, value, WHITE_SPACE).prop_map(
        |(before, key, left, right, value, after)| (before, format!("{key}{left}:{right}{value}"), after),
    )
}

/// The members and the white space around the object.
fn object() -> impl Strategy<Value = (String, Vec<MemberText>, String)> {
    (WHITE_SPACE, vec(member(), 1..8), WHITE_SPACE)
}

fn print((before, members, after): &(String, Vec<MemberText>, String)) -> String {
    let members: Vec<_> = members.iter().map(|(left, text, right)| format!("{left}{text}{right}")).collect();
    format!("{before}{{{}}}{after}", members.join(","))
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    vec(select(&[Change::Keep, Change::Remove, Change::Replace][..]), 8)
}

/// The new text, put together from the parts that the old one was made of.
fn expected(
    (before, members, after): &(String, Vec<MemberText>, String),
    changes: &[Change],
    inserts: &[String],
) -> String {
    let front = inserts.iter().map(|key| format!("{}:{NEW_VALUE}", serde_json::to_string(key).unwrap()));
    let mut parts: Vec<String> = front.collect();
    let mut kept = Vec::new();
    // White space that a removed member leaves: what stood before it, and after the last one.
    let mut left: Option<&str> = None;
    for ((space, text, right), change) in members.iter().zip(changes) {
        let space = left.take().unwrap_or(space);
        match change {
            Change::Keep => kept.push(format!("{space}{text}{right}")),
            Change::Replace => {
                let colon = text.len() - raw_value(text).len();
                kept.push(format!("{space}{}{NEW_VALUE}{right}", &text[..colon]));
            }
            Change::Remove => left = Some(space),
        }
    }
    let mut rest = String::new();
    if let Some(space) = left {
        // The comma before the removed tail goes with the white space behind that comma.
        let last = &members[members.len() - 1].2;
        if kept.is_empty() {
            rest.push_str(space)
        }
        rest.push_str(last);
    }
    parts.append(&mut kept);
    format!("{before}{{{}{rest}}}{after}", parts.join(","))
}

/// The value in `"key": value`.
fn raw_value(member: &str) -> String {
    members(format!("{{{member}}}").as_bytes()).unwrap().remove(0).1
}

/// A byte to write, mostly one that means something; None deletes.
fn mutation() -> impl Strategy<Value = Option<u8>> {
    prop_oneof![
        4 => select(&b"[]{},:\"\\ \n0-.eutn"[..]).prop_map(Some),
        1 => any::<u8>().prop_map(Some),
        1 => Just(None),
    ]
}

/// Texts that are nearly JSON.
fn broken() -> impl Strategy<Value = Vec<u8>> {
    (object(), vec((any::<Index>(), mutation(), any::<bool>()), 1..4)).prop_map(|(object, mutations)| {
        let mut text = print(&object).into_bytes();
        for (at, byte, insert) in mutations {
            let at = at.index(text.len().max(1));
            match byte {
                Some(byte) if insert || at >= text.len() => text.insert(at, byte),
                Some(byte) => text[at] = byte,
                None if insert => text.truncate(at),
                None if at < text.len() => drop(text.remove(at)),
                None => {}
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn valid_objects_are_read_as_serde_json_reads_them(object in object()) {
        let text = print(&object);
        prop_assert_eq!(Object::scan(text.as_bytes(), &[]).unwrap().len(), object.1.len());
        check_scan(text.as_bytes());
    }

    #[test]
    fn other_values_are_not_objects(value in value()) {
        check_scan(value.as_bytes());
        let object = value.starts_with('{');
        prop_assert_eq!(Object::scan(value.as_bytes(), &[]).err(), (!object).then_some(ScanError::NotAnObject));
    }

    #[test]
    fn nearly_valid_texts_are_judged_as_serde_json_judges_them(text in broken()) {
        check_scan(&text);
    }

    #[test]
    fn texts_of_json_characters_are_judged_as_serde_json_judges_them(
        text in "\\{\"a\":[\\[\\]{},:\"\\\\0-9eE+\\-. \ntruefalsn]{0,24}"
    ) {
        check_scan(text.as_bytes());
    }

    #[test]
    fn edits_change_what_they_name_and_no_other_byte(
        object in object(), changes in changes(), inserts in vec(".{0,6}", 0..3)
    ) {
        let text = print(&object);
        check_edit(text.as_bytes(), |index| changes[index], &inserts);
        let new = edit(text.as_bytes(), |index| changes[index], &inserts);
        prop_assert_eq!(String::from_utf8(new).unwrap(), expected(&object, &changes, &inserts));
    }

    #[test]
    fn edits_are_those_of_a_serde_json_map(
        keys in proptest::collection::hash_set("[a-z_]{1,8}", 1..8), values in vec(STRING, 8), changes in changes()
    ) {
        let members: Vec<_> = keys.iter().zip(&values).map(|(key, value)| format!("{key:?} : {value}")).collect();
        let text = format!("{{{}}}", members.join(" ,"));
        // serde_json's strings hold no lone surrogates.
        let Ok(mut map) = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text) else {
            return Ok(());
        };
        let new = edit(text.as_bytes(), |index| changes[index], &["NEW".to_owned()]);
        let value: serde_json::Value = serde_json::from_str(NEW_VALUE).unwrap();
        for (key, change) in keys.iter().zip(&changes) {
            match change {
                Change::Keep => {}
                Change::Remove => drop(map.shift_remove(key)),
                Change::Replace => drop(map.insert(key.clone(), value.clone())),
            }
        }
        map.shift_insert(0, "NEW".to_owned(), value);
        let new: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&new).unwrap();
        prop_assert!(new.iter().eq(map.iter()), "{:?} is not {:?}", new, map);
    }

    #[test]
    fn strings_are_written_as_serde_json_writes_them(text in "(?s)[\\x00-\\x7f]{0,40}.{0,8}") {
        let mut out = b"x".to_vec();
        promptgate_core::json::write_string(&mut out, &text);
        prop_assert_eq!(String::from_utf8(out).unwrap(), format!("x{}", serde_json::to_string(&text).unwrap()));
    }
}
