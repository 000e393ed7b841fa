//! What to write instead, where a reply comes from a slip on the command line.

use promptgate_core::catalog::{Reference, Selector};
use promptgate_core::config::Config;
use promptgate_core::reply::{Code, LocalReply};
use serde_json::Value;

use super::named::Named;
use super::request::Ask;
use crate::words::nearest;

/// What to do about a reply, if there is something to suggest.
pub(super) fn on(config: &Config, ask: &Ask, path: &str, body: &[u8], reply: &LocalReply) -> Option<String> {
    match reply.code {
        Code::InvalidVariable => {
            let name = reply.param.as_deref()?.strip_prefix("prompt_variables.")?;
            Some(format!("write {}: name=text is always text, name:=json is not", ask.as_json(name)?))
        }
        Code::PromptNotFound => {
            let request: Value = serde_json::from_slice(body).ok()?;
            let reference = Reference::new(Named::of(&request, path).id?, Selector::Default).ok()?;
            let id = nearest(reference.id.as_str(), config.catalog.ids())?;
            Some(format!("did you mean `{id}`?"))
        }
        _ => None,
    }
}
