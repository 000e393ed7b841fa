//! Langfuse's prompts: `GET /api/public/v2/prompts/{name}?version=…|label=…`, Basic.
//!
//! Text and chat prompts; `config` is the model and parameters. Without version and label Langfuse
//! takes the label `production`.

use serde_json::{Map, Value};

use super::{
    Address, Content, FetchError, Kind, Provider, Reference, Response, Setting, SettingError, Settings,
    Source, base64, dotprompt, encode, json, status,
};
use crate::catalog::Selector;
use crate::template::Role;

const PROMPT: &str = "a prompt of Langfuse: `name`, `version`, `prompt`, `config`";
const TEXT: &str = "`prompt`, a text or a list of messages";

/// The label that Langfuse keeps on the newest version.
const LATEST: &str = "latest";

/// The role of a text prompt's only message; the same that LiteLLM gives it.
const TEXT_ROLE: Role = Role::System;

pub(super) static PROVIDER: Provider = Provider {
    name: "langfuse",
    authority: Some("cloud.langfuse.com"),
    base_path: "",
    settings: &[
        Setting::optional("public_key", Kind::Credential { secret: false }),
        Setting::secret("secret_key"),
    ],
    labels: true,
    immutable_versions: true,
    bundle: false,
    address,
    paths,
    read,
};

fn address(base_path: &str, settings: &Settings) -> Result<Address, SettingError> {
    let mut headers = vec![("accept", "application/json".to_owned())];
    match (settings.get("public_key"), settings.get("secret_key")) {
        (Some(public), Some(secret)) => {
            let credentials = base64::encode(format!("{public}:{secret}").as_bytes());
            headers.push(("authorization", format!("Basic {credentials}")));
        }
        (None, None) => {}
        (Some(_), None) => {
            return Err(SettingError { key: "public_key", message: "needs `secret_key` beside it" });
        }
        (None, Some(_)) => {
            return Err(SettingError { key: "secret_key", message: "needs `public_key` beside it" });
        }
    }
    Ok(Address { prefix: format!("{base_path}/api/public/v2/prompts/"), headers, ..Address::default() })
}

fn paths(source: &Source, reference: &Reference) -> Result<Vec<String>, FetchError> {
    let name = encode::segment(reference.id.as_str());
    let query = match &reference.selector {
        Selector::Default => String::new(),
        Selector::Latest => format!("?label={LATEST}"),
        Selector::Version(number) => format!("?version={number}"),
        Selector::Label(label) => format!("?label={}", encode::segment(label.as_str())),
    };
    Ok(vec![source.path(&(name + &query))])
}

fn read(reference: &Reference, response: &Response<'_>) -> Result<Content, FetchError> {
    // Langfuse's own 404 is JSON.
    let missing = if response.is_html() {
        FetchError::Misdirected("Langfuse's API: look at `registry.authority` and `registry.base_path`")
    } else {
        status::missing(reference)
    };
    status::check(response, missing)?;
    let prompt = json::object(response, PROMPT)?;
    let number = json::version(&prompt, "version", PROMPT)?.ok_or(FetchError::Malformed(PROMPT))?;
    if json::text(&prompt, "name", PROMPT)? != Some(reference.id.as_str()) {
        return Err(FetchError::Malformed("the prompt that was asked for, not another one"));
    }
    let label = match &reference.selector {
        Selector::Version(asked) if u64::from(number) != *asked => return Err(status::missing(reference)),
        Selector::Label(label) => Some(label.clone()),
        _ => None,
    };
    let (model, parameters) = config(&prompt)?;
    let text = dotprompt::compose(model, parameters, &messages(&prompt)?)?;
    Ok(Content::Version { text, number: Some(number), label })
}

/// `config` is whatever people put there; its members are parameters, as for LiteLLM.
fn config(prompt: &Map<String, Value>) -> Result<(Option<&Value>, Map<String, Value>), FetchError> {
    let Some(config) = json::member(prompt, "config") else {
        return Ok((None, Map::new()));
    };
    let Value::Object(config) = config else {
        return Err(FetchError::Unusable("its `config` is not an object with a model and parameters"));
    };
    let parameters = config.iter().filter(|(key, _)| *key != "model");
    Ok((json::member(config, "model"), parameters.map(|(key, value)| (key.clone(), value.clone())).collect()))
}

fn messages(prompt: &Map<String, Value>) -> Result<Vec<dotprompt::Message>, FetchError> {
    match json::member(prompt, "prompt") {
        Some(Value::String(text)) => Ok(vec![dotprompt::Message { role: TEXT_ROLE, content: text.clone() }]),
        Some(Value::Array(items)) => items.iter().map(message).collect(),
        _ => Err(FetchError::Malformed(TEXT)),
    }
}

fn message(item: &Value) -> Result<dotprompt::Message, FetchError> {
    let Value::Object(item) = item else {
        return Err(FetchError::Malformed(TEXT));
    };
    if json::text(item, "type", TEXT)? == Some("placeholder") {
        return Err(FetchError::Unusable(
            "it has a placeholder for messages; leave it out, a request's own messages follow the prompt's",
        ));
    }
    dotprompt::message(item, TEXT)
}
