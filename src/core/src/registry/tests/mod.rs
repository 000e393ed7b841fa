//! What registries are asked, and what their answers mean. Answers are shaped as those services send
//! them.

mod answers;
mod hostile;
mod requests;
mod statuses;

use std::rc::Rc;

use serde_json::{Value, json};

use super::*;
use crate::catalog::Selector;
use crate::config::Config;
use crate::prompt::Prompt;
use crate::template::{self, Options};
use crate::value::{self, Dict, Key};

/// A source, made of a configuration as operators write it.
fn source(settings: Value) -> Source {
    let mut registry = json!({"cluster": "registry", "authority": "registry.test"});
    registry.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    let config = json!({"registry": registry}).to_string();
    Rc::into_inner(Config::parse(config.as_bytes()).unwrap().registry.unwrap()).unwrap().source
}

/// One of each kind, without credentials.
fn sources() -> [Source; 7] {
    [
        source(json!({"provider": "promptgate"})),
        source(json!({"provider": "litellm"})),
        source(json!({"provider": "bitbucket", "workspace": "w", "repository": "r"})),
        source(json!({"provider": "gitlab", "project": "g/p"})),
        source(json!({"provider": "github", "owner": "o", "repository": "r"})),
        source(json!({"provider": "generic"})),
        source(json!({"provider": "langfuse"})),
    ]
}

/// `id`, `id@2`, `id@latest`, `id:label`
fn reference(text: &str) -> Reference {
    if let Some((id, label)) = text.split_once(':') {
        return Reference::new(id, Selector::label(label).unwrap()).unwrap();
    }
    match text.split_once('@') {
        Some((id, version)) => Reference::new(id, Selector::version(&version.into()).unwrap()).unwrap(),
        None => Reference::new(text, Selector::Default).unwrap(),
    }
}

fn response<'a>(status: u16, headers: &'a [(&'a str, &'a [u8])], body: &'a str) -> Response<'a> {
    Response { status, headers, body: body.as_bytes() }
}

/// The text of an answer with status 200, its number and its label.
fn version(
    source: &Source,
    asked: &str,
    body: &str,
) -> Result<(String, Option<u32>, Option<String>), FetchError> {
    match source.read(&reference(asked), &response(200, &[], body))?.content {
        Content::Version { text, number, label } => Ok((text, number, label.map(|label| label.to_string()))),
        other => panic!("{other:?}"),
    }
}

fn failure(source: &Source, asked: &str, body: &str) -> FetchError {
    version(source, asked, body).expect_err(body)
}

/// The roles and texts of a prompt's messages, with `variables`.
fn rendered(text: &str, variables: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    let prompt = Prompt::parse("p", text).unwrap();
    let mut values = Dict::new();
    for (name, value) in variables {
        values.insert(Key::from(*name), value::Value::from(*value)).unwrap();
    }
    let messages = prompt.template.render(&values, &Options::default()).unwrap();
    let text = |content| match content {
        template::Content::Text(text) => text,
        template::Content::Part(_) => panic!("no text"),
    };
    messages.into_iter().map(|message| (message.role.as_str(), text(message.content))).collect()
}

/// A prompt's parameters.
fn parameters(text: &str) -> Value {
    let prompt = Prompt::parse("p", text).unwrap();
    Value::Object(prompt.front_matter.parameters.into_iter().collect())
}
