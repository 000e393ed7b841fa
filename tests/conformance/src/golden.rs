//! Requests in full: what upstream receives, byte for byte. `tests/fixtures/requests` tells of them.

use std::collections::BTreeMap;

use promptgate_core::exchange::Effect;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::requests::{plugin, post};

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    prompts: BTreeMap<String, String>,
    #[serde(default)]
    config: Map<String, Value>,
    path: String,
    request: String,
    expect: String,
}

/// Runs a case; says where the body begins to differ if it does.
pub fn run(json: &str) -> Result<(), String> {
    let case: Case = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let files = case.prompts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let config = plugin(files, &case.config)?;
    let body = match post(config, &case.path, case.request.as_bytes()) {
        Effect::Forward(forward) => forward.body.apply(case.request.as_bytes()),
        Effect::Continue | Effect::Await => case.request.into_bytes(),
        Effect::Reply(refusal) => return Err(refusal.reply.to_string()),
        Effect::Fetch(_) => return Err("it waits for a registry, and has none".to_owned()),
    };
    let found = String::from_utf8(body).map_err(|error| error.to_string())?;
    if found == case.expect {
        return Ok(());
    }
    let same = found.chars().zip(case.expect.chars()).take_while(|(left, right)| left == right).count();
    let rest = |text: &str| text.chars().skip(same).take(120).collect::<String>();
    Err(format!("after {same} characters: expected …{}, found …{}", rest(&case.expect), rest(&found)))
}
