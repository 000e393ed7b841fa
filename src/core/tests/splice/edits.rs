//! What an edit leaves, removes and adds.

use promptgate_core::json::{Edit, MAX_MEMBERS, Object, Piece, array_items};

use super::oracle::{Change, check_edit};

/// Removes the members of these names, inserts `"n":0` for each of `inserts`.
fn edited(text: &str, remove: &[&str], inserts: &[&str]) -> String {
    let object = Object::scan(text.as_bytes(), &[]).unwrap();
    let mut edit = Edit::new(&object);
    for name in remove {
        for member in object.occurrences(name) {
            edit.remove(member);
        }
    }
    for name in inserts {
        edit.insert(name, vec![Piece::New(b"0".to_vec())]);
    }
    String::from_utf8(edit.apply()).unwrap()
}

#[test]
fn removes_a_member_and_its_comma() {
    for (text, remove, expected) in [
        (r#"{"a":1}"#, &["a"][..], "{}"),
        (r#"{"a":1,"b":2,"c":3}"#, &["a"], r#"{"b":2,"c":3}"#),
        (r#"{"a":1,"b":2,"c":3}"#, &["b"], r#"{"a":1,"c":3}"#),
        (r#"{"a":1,"b":2,"c":3}"#, &["c"], r#"{"a":1,"b":2}"#),
        (r#"{"a":1,"b":2,"c":3}"#, &["a", "b"], r#"{"c":3}"#),
        (r#"{"a":1,"b":2,"c":3}"#, &["b", "c"], r#"{"a":1}"#),
        (r#"{"a":1,"b":2,"c":3}"#, &["a", "c"], r#"{"b":2}"#),
        (r#"{"a":1,"b":2,"c":3}"#, &["c", "b", "a"], "{}"),
        (r#"{"a":1,"b":2,"a":3}"#, &["a"], r#"{"b":2}"#),
        (r#"{ "a" : 1 , "b" : 2 , "c" : 3 }"#, &["a"], r#"{ "b" : 2 , "c" : 3 }"#),
        (r#"{ "a" : 1 , "b" : 2 , "c" : 3 }"#, &["b"], r#"{ "a" : 1 , "c" : 3 }"#),
        (r#"{ "a" : 1 , "b" : 2 , "c" : 3 }"#, &["c"], r#"{ "a" : 1 , "b" : 2  }"#),
        (r#"{ "a" : 1 , "b" : 2 , "c" : 3 }"#, &["a", "b", "c"], "{  }"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}\n", &["a"], "{\n  \"b\": 2\n}\n"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}\n", &["b"], "{\n  \"a\": 1\n}\n"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}\n", &["a", "b"], "{\n  \n}\n"),
    ] {
        assert_eq!(edited(text, remove, &[]), expected, "{text} without {remove:?}");
    }
}

#[test]
fn inserts_to_the_front_in_the_order_of_the_calls() {
    for (text, remove, inserts, expected) in [
        ("{}", &[][..], &["x"][..], r#"{"x":0}"#),
        (" { } ", &[], &["x", "y"], r#" {"x":0,"y":0 } "#),
        (r#"{"a":1}"#, &[], &["x", "y"], r#"{"x":0,"y":0,"a":1}"#),
        (r#"{"a":1}"#, &["a"], &["x"], r#"{"x":0}"#),
        (r#"{"a":1,"b":2}"#, &["a", "b"], &["x", "y"], r#"{"x":0,"y":0}"#),
        (r#"{"a":1,"b":2}"#, &["a"], &["x"], r#"{"x":0,"b":2}"#),
        ("{\n  \"a\": 1\n}", &[], &["x"], "{\"x\":0,\n  \"a\": 1\n}"),
        ("{}", &[], &["a\"\\\n\u{1}é"], "{\"a\\\"\\\\\\n\\u0001é\":0}"),
    ] {
        assert_eq!(edited(text, remove, inserts), expected, "{text}");
    }
}

#[test]
fn replaces_a_value_where_it_stands() {
    let text = r#"{"a" : 1.10 ,"messages":[ {"role":"user"} ],"b":-0}"#;
    let object = Object::scan(text.as_bytes(), &[]).unwrap();
    let messages = object.get("messages").unwrap();
    let mut edit = Edit::new(&object);
    assert!(edit.is_empty());
    let client = &text[messages.range().start + 2..messages.range().end - 2];
    edit.replace(
        messages,
        vec![Piece::New(b"[{},".to_vec()), Piece::Keep(client.as_bytes()), Piece::New(b"]".to_vec())],
    );
    assert!(!edit.is_empty());
    let expected = r#"{"a" : 1.10 ,"messages":[{},{"role":"user"}],"b":-0}"#;
    assert_eq!(String::from_utf8(edit.apply()).unwrap(), expected);
}

#[test]
fn an_edit_of_nothing_is_the_same_text() {
    let text = b" {\"a\" : 1E400 ,\r\n\t\"a\":\"\\ud800\" } ";
    let object = Object::scan(text, &[]).unwrap();
    assert_eq!(Edit::new(&object).apply(), text);
}

#[test]
fn the_last_change_of_a_member_counts() {
    let object = Object::scan(br#"{"a":1,"b":2}"#, &[]).unwrap();
    let (a, b) = (object.get("a").unwrap(), object.get("b").unwrap());
    let mut edit = Edit::new(&object);
    edit.remove(a);
    edit.replace(a, vec![Piece::New(b"3".to_vec())]);
    edit.replace(b, vec![Piece::New(b"4".to_vec())]);
    edit.remove(b);
    edit.remove(b);
    assert_eq!(edit.apply(), br#"{"a":3}"#);
}

#[test]
fn every_change_of_five_members() {
    let text = br#" { "a":1 , "b" :[2], "c": "3","d":{} ,"e":null } "#;
    let change = |code: usize| [Change::Keep, Change::Remove, Change::Replace][code % 3];
    for code in 0..3_usize.pow(5) {
        for inserts in [&[][..], &["x".to_owned()], &["x".to_owned(), "y".to_owned()]] {
            check_edit(text, |index| change(code / 3_usize.pow(index as u32)), inserts);
        }
    }
}

#[test]
fn members_that_are_not_remembered_stay() {
    let many: Vec<_> = (0..MAX_MEMBERS * 2).map(|index| format!(r#""k{index}":{index}"#)).collect();
    let text = format!(r#"{{{},"model":"m","last":1}}"#, many.join(","));
    let object = Object::scan(text.as_bytes(), &["model", "last"]).unwrap();
    let mut edit = Edit::new(&object);
    for member in object.members() {
        edit.remove(member);
    }
    assert_eq!(String::from_utf8(edit.apply()).unwrap(), format!("{{{}}}", many[MAX_MEMBERS..].join(",")));
}

#[test]
fn what_stays_is_told_apart() {
    let list = r#"[{"role":"user"},{"role":"user"}]"#;
    let (items, new) = (&list[1..list.len() - 1], r#"[{"role":"system"},"#);
    for (text, front, kept, back) in [
        // The bracket behind the list is new, and the same.
        (
            format!(r#"{{"id":1,"m":{list},"x":2}}"#),
            format!(r#"{{"m":{new}"#),
            format!(r#"{items}],"x":2}}"#),
            "",
        ),
        (
            format!(r#"{{"m":{list},"x":2,"id":1}}"#),
            format!(r#"{{"m":{new}"#),
            format!(r#"{items}],"x":2"#),
            "}",
        ),
        (
            format!(r#"{{"m":{list} , "id":1, "x":2}}"#),
            format!(r#"{{"m":{new}"#),
            format!("{items}] , "),
            r#""x":2}"#,
        ),
    ] {
        let object = Object::scan(text.as_bytes(), &[]).unwrap();
        let mut edit = Edit::new(&object);
        edit.remove(object.get("id").unwrap());
        let messages = object.get("m").unwrap();
        let items = array_items(messages.raw()).unwrap();
        let front_of_list = Piece::New(new.as_bytes().to_vec());
        edit.replace(messages, vec![front_of_list, Piece::Keep(items), Piece::New(b"]".to_vec())]);
        let splice = edit.splice(1);
        let found =
            [&splice.front, &text.as_bytes()[splice.kept.clone()], &splice.back].map(String::from_utf8_lossy);
        assert_eq!(found, [front.as_str(), &kept, back]);
        assert_eq!(splice.apply(text.as_bytes()), edit.apply());
    }
}
