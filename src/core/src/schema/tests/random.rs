use proptest::prelude::*;
use serde_json::json;

use super::super::picoschema::{Extra, convert};
use super::{Json, Schema, Value};
use crate::schema::compile;

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
            if let Ok(schema) = convert(&source, extra) {
                prop_assert!(compile::compile(&schema).is_ok(), "{schema}");
            }
        }
    }

    #[test]
    fn whatever_compiles_can_check_anything(source in schema_like(), value in schema_like()) {
        let variables = Value::from_tree(&json!({"a": value, "b": value, "type": value})).unwrap();
        if let Ok(schema) = Schema::compile(&source)
            && let Err(violation) = schema.validate(variables.as_dict().unwrap(), 1_000_000)
        {
            prop_assert!(!violation.expected.is_empty() && !violation.actual.is_empty());
            prop_assert_eq!(violation.missing, violation.actual == "nothing");
        }
    }
}
