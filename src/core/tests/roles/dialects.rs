//! The same in each shape of request: whatever non-blank text the variables hold, upstream receives
//! messages of the same roles in the same fields.

use std::rc::Rc;

use promptgate_core::config::Config;
use promptgate_core::exchange::{Effect, Event, Exchange, Head};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::templates::{VARIABLES, piece, value};

/// Paths, and what a client sends there beside a prompt.
fn clients() -> [(&'static str, Value); 5] {
    let turn = json!([{"role": "user", "content": "mine"}]);
    [
        ("/v1/chat/completions", json!({"messages": turn})),
        ("/v1/responses", json!({"input": turn, "instructions": "mine"})),
        ("/v1/responses", json!({"input": "mine"})),
        ("/v1/messages", json!({"messages": turn, "system": [{"type": "text", "text": "mine"}]})),
        ("/v1/messages", json!({"messages": turn, "system": "mine"})),
    ]
}

/// A body with every text taken out of it, or the code of the reply.
fn shape(config: &Rc<Config>, path: &str, client: &Value, values: &[String]) -> Value {
    let variables: Map<String, Value> =
        VARIABLES.iter().zip(values).map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let mut body = client.as_object().unwrap().clone();
    body.insert("prompt_id".to_owned(), json!("p"));
    body.insert("prompt_variables".to_owned(), Value::Object(variables));
    let head = Head { method: b"POST", path: path.as_bytes(), ..Head::default() };
    let (exchange, _) = Exchange::default().step(Event::Headers(config, head, false));
    let body = Value::Object(body).to_string();
    match exchange.step(Event::Body(body.as_bytes())).1 {
        Effect::Forward(forward) => {
            without_texts(serde_json::from_slice(&forward.body.apply(body.as_bytes())).unwrap())
        }
        Effect::Reply(refusal) => json!(refusal.reply.code.as_str()),
        other => json!(format!("{other:?}")),
    }
}

fn without_texts(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(without_texts).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| match name.as_str() {
                "role" | "type" => (name, value),
                _ => (name, without_texts(value)),
            })
            .collect(),
        Value::String(_) => json!("…"),
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn values_change_nothing_but_texts(
        pieces in prop::collection::vec(piece(), 1..8),
        values in prop::collection::vec(value(), 3),
    ) {
        let source = pieces.concat();
        let config = json!({"bundle": {"prompts": {"p": format!("---\nname: p\n---\n{source}")}}});
        let config = Rc::new(Config::parse(config.to_string().as_bytes()).unwrap());
        let plain = vec!["x".to_owned(); 3];
        for (path, client) in clients() {
            let (expected, found) = (shape(&config, path, &client, &plain), shape(&config, path, &client, &values));
            prop_assert_eq!(expected, found, "{} with {:?} and {:?}", path, source, values);
        }
    }
}
