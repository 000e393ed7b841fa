//! Requests: prompts and configuration, the client's body, and what upstream receives or the client is
//! answered. The same files are run through a real Envoy by `tests/envoy`.

use std::collections::BTreeMap;
use std::rc::Rc;

use promptgate_core::catalog;
use promptgate_core::config::Config;
use promptgate_core::exchange::{Effect, Event, Exchange, Head};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// Where the client sends it; Chat Completions unless said.
    #[serde(default = "chat_completions")]
    path: String,
    /// A single prompt, served as `p`.
    prompt: Option<String>,
    /// Prompts as files: names without `.prompt`, and texts.
    #[serde(default)]
    prompts: BTreeMap<String, String>,
    /// The plugin configuration without its bundle.
    #[serde(default)]
    config: serde_json::Map<String, Value>,
    /// The client's body.
    request: Value,
    /// Upstream's body.
    expect: Option<Value>,
    /// The local reply.
    reply: Option<Reply>,
}

fn chat_completions() -> String {
    "/v1/chat/completions".to_owned()
}

/// What a local reply has to say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    status: u16,
    code: String,
    /// The field to blame, or null for none; compared only where the case says either.
    #[serde(default, deserialize_with = "said")]
    param: Option<Option<String>>,
}

/// Tells a null from a field that is not there, which serde by itself takes for the same.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Reads a file of cases.
pub fn cases(json: &str) -> Result<Vec<Case>, serde_json::Error> {
    serde_json::from_str(json)
}

impl Case {
    /// Runs the case; says what is wrong if it does not come out as it should.
    pub fn run(&self) -> Result<(), String> {
        let actual = self.exchange()?;
        match (&self.expect, &self.reply, actual) {
            (Some(expected), None, Ok(body)) if same(expected, &body) => Ok(()),
            (None, Some(reply), Err(refusal)) if reply.matches(&refusal) => Ok(()),
            (expected, reply, actual) => {
                Err(format!("{}: expected {expected:?} {reply:?}, got {actual:?}", self.name))
            }
        }
    }

    /// The body for upstream, or the local reply.
    fn exchange(&self) -> Result<Result<Value, Value>, String> {
        let files = self.prompts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let files = files.chain(self.prompt.as_deref().map(|text| ("p", text)));
        let config = plugin(files, &self.config).map_err(|error| format!("{}: {error}", self.name))?;
        let body = self.request.to_string();
        let parse = |body: &[u8]| {
            serde_json::from_slice(body).map_err(|error| format!("{}: upstream's body: {error}", self.name))
        };
        Ok(match post(config, &self.path, body.as_bytes()) {
            Effect::Reply(refusal) => Err(json!({
                "status": refusal.reply.status(),
                "body": refusal.body(),
            })),
            Effect::Forward(forward) => Ok(parse(&forward.body.apply(body.as_bytes()))?),
            Effect::Continue | Effect::Await => Ok(parse(body.as_bytes())?),
            Effect::Fetch(_) => return Err(format!("{}: it waits for a registry, and has none", self.name)),
        })
    }
}

/// A plugin configuration with these files in its bundle.
pub(crate) fn plugin<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a str)>,
    settings: &serde_json::Map<String, Value>,
) -> Result<Config, String> {
    let prompts = catalog::from_files(files).map_err(|errors| format!("{errors:?}"))?;
    let mut config = settings.clone();
    config.insert("bundle".to_owned(), json!({ "prompts": prompts }));
    Config::parse(Value::Object(config).to_string().as_bytes()).map_err(|error| error.to_string())
}

/// What becomes of a request.
pub(crate) fn post(config: Config, path: &str, body: &[u8]) -> Effect {
    let head = Head { method: b"POST", path: path.as_bytes(), ..Head::default() };
    match Exchange::default().step(Event::Headers(&Rc::new(config), head, false)) {
        (exchange, Effect::Await) => exchange.step(Event::Body(body)).1,
        (_, effect) => effect,
    }
}

impl Reply {
    fn matches(&self, actual: &Value) -> bool {
        let error = actual.pointer("/body/error");
        // Anthropic's envelope has them one level deeper.
        let details = error.and_then(|error| error.get("details")).or(error);
        let field = |name: &str| details.and_then(|details| details.get(name)).and_then(Value::as_str);
        actual.get("status").and_then(Value::as_u64) == Some(self.status.into())
            && field("code").or(field("error_code")) == Some(&self.code)
            && self.param.as_ref().is_none_or(|param| field("param") == param.as_deref())
    }
}

/// Equality of JSON values; `1` and `1.0` are the same number.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| same(left, right)))
        }
        _ => left == right,
    }
}
