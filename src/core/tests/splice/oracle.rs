//! What serde_json makes of the same texts.

use std::fmt;

use promptgate_core::json::{Edit, Object, Piece, ScanError, Speaker};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A member: its decoded key and the text of its value.
pub type Member = (Vec<u8>, String);

/// The members of the object that `text` is.
///
/// `RawValue` is as lenient as RFC 8259 where `Value` is not: any depth, any number, lone surrogates.
pub fn members(text: &[u8]) -> Result<Vec<Member>, ScanError> {
    let value: &RawValue = serde_json::from_slice(text).map_err(|_| ScanError::NotJson)?;
    if !value.get().starts_with('{') {
        return Err(ScanError::NotAnObject);
    }
    Ok(serde_json::Deserializer::from_str(value.get()).deserialize_map(Members).unwrap())
}

/// Compares [`Object::scan`] with serde_json, and [`Object::scan_messages`] with both.
pub fn check_scan(text: &[u8]) {
    let expected = members(text);
    let mut roles = Vec::new();
    let visited = Object::scan_messages(text, &[], "messages", |speaker| {
        roles.push(match speaker {
            Speaker::Role(role) => Some(role.to_owned()),
            Speaker::Type { .. } | Speaker::Unknown => None,
        });
    });
    match (Object::scan(text, &[]), expected) {
        (Ok(object), Ok(expected)) => {
            assert_eq!(object.text(), text);
            assert_eq!(object.len(), expected.len());
            assert_eq!(found(&object), expected);
            for member in object.members() {
                assert_eq!(&object.text()[member.range()], member.raw());
                assert!(object.text()[member.offset()..].starts_with(b"\""));
            }
            assert_eq!(found(&visited.unwrap()), expected);
            assert_eq!(roles, roles_of(&expected));
        }
        (Err(found), Err(expected)) => {
            assert_eq!(found, expected);
            assert_eq!(visited.unwrap_err(), expected);
        }
        (found, expected) => panic!("found {found:?}, serde_json says {expected:?}"),
    }
}

fn found(object: &Object<'_>) -> Vec<Member> {
    let text = |raw: &[u8]| String::from_utf8(raw.to_vec()).unwrap();
    object.members().iter().map(|member| (member.key().to_vec(), text(member.raw()))).collect()
}

fn roles_of(members: &[Member]) -> Vec<Option<String>> {
    let lists = members.iter().filter(|(key, raw)| key == b"messages" && raw.starts_with('['));
    let mut roles = Vec::new();
    for (_, list) in lists {
        for message in serde_json::from_str::<Vec<&RawValue>>(list).unwrap() {
            let members = self::members(message.get().as_bytes()).unwrap_or_default();
            let before = roles.len();
            roles.extend(
                members
                    .iter()
                    .filter(|(key, _)| key == b"role")
                    .map(|(_, raw)| serde_json::from_str(raw).ok()),
            );
            if roles.len() == before {
                roles.push(None);
            }
        }
    }
    roles
}

/// What to do with a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Keep,
    Remove,
    Replace,
}

/// The value of every replaced and inserted member, with an unpaired bracket in a string.
pub const NEW_VALUE: &str = r#"{"new":["]",1.10]}"#;

/// Changes an object's members in turn, inserts members, and returns the new text.
pub fn edit(text: &[u8], changes: impl Fn(usize) -> Change, inserts: &[String]) -> Vec<u8> {
    let object = Object::scan(text, &[]).unwrap();
    let mut edit = Edit::new(&object);
    let (front, back) = NEW_VALUE.split_at(5);
    let value = || vec![Piece::New(front.as_bytes().to_vec()), Piece::Keep(back.as_bytes())];
    for (index, member) in object.members().iter().enumerate() {
        match changes(index) {
            Change::Keep => {}
            Change::Remove => edit.remove(member),
            Change::Replace => edit.replace(member, value()),
        }
    }
    for key in inserts {
        edit.insert(key, value());
    }
    let new = edit.apply();
    assert_eq!(new.capacity(), new.len(), "one allocation of the size that is needed");
    assert!(!edit.is_empty() || new == text);
    for least in [0, 1, 8, usize::MAX] {
        let splice = edit.splice(least);
        assert_eq!(splice.apply(text), new);
        assert_eq!(splice.len(), new.len());
        assert!(splice.kept.is_empty() || splice.kept.len() >= least);
    }
    new
}

/// Compares an edit with the same edit of serde_json's members.
pub fn check_edit(text: &[u8], changes: impl Fn(usize) -> Change, inserts: &[String]) {
    let mut expected: Vec<Member> =
        inserts.iter().map(|key| (key.as_bytes().to_vec(), NEW_VALUE.to_owned())).collect();
    for (index, (key, raw)) in members(text).unwrap().into_iter().enumerate() {
        match changes(index) {
            Change::Keep => expected.push((key, raw)),
            Change::Remove => {}
            Change::Replace => expected.push((key, NEW_VALUE.to_owned())),
        }
    }
    let new = edit(text, changes, inserts);
    assert_eq!(members(&new).as_ref(), Ok(&expected), "{}", String::from_utf8_lossy(&new));
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<Member>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(key) = map.next_key_seed(Key)? {
            members.push((key, map.next_value::<&RawValue>()?.get().to_owned()));
        }
        Ok(members)
    }
}

struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Vec<u8>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<u8>, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_bytes<E: Error>(self, key: &[u8]) -> Result<Vec<u8>, E> {
        Ok(key.to_vec())
    }
}
