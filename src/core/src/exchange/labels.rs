//! What an exchange tells beside the body: headers, and what access logs may show.

use std::borrow::Cow;

use super::{Applied, Refusal};
use crate::config::{Config, MAX_MODEL};
use crate::reply::{Code, Envelope, LocalReply};

const ID: &str = "x-promptgate-id";
const VERSION: &str = "x-promptgate-version";
const LABEL: &str = "x-promptgate-label";
const SOURCE: &str = "x-promptgate-source";

/// Whether a request header is one of ours, so that no client may send it. `name` is in lower case.
pub fn is_our_header(name: &[u8], config: &Config) -> bool {
    [ID, VERSION, LABEL, SOURCE, &*config.model_header].iter().any(|ours| ours.as_bytes() == name)
}

impl Applied {
    /// The model, if it can stand in a header or a log as it is. A model can be any text of the
    /// client's; what could forge a header or a line of a log is kept to the body.
    pub fn visible_model(&self) -> Option<&str> {
        let visible = |model: &&str| {
            !model.is_empty()
                && model.len() <= MAX_MODEL
                && model.bytes().all(|byte| matches!(byte, b'!'..=b'~'))
        };
        self.model.as_deref().filter(visible)
    }

    /// The model for the header by which routes are chosen.
    pub fn route_model(&self) -> Option<&str> {
        self.visible_model().filter(|_| self.routable)
    }

    /// The headers that the response gets.
    pub fn response_headers(&self, config: &Config) -> Vec<(&'static str, Cow<'_, str>)> {
        let mut headers = Vec::with_capacity(4);
        if config.response_headers {
            headers.push((ID, Cow::Borrowed(self.id.as_str())));
            headers.push((VERSION, Cow::Owned(self.version.to_string())));
            headers.extend(self.label.as_deref().map(|label| (LABEL, Cow::Borrowed(label))));
        }
        if config.debug_headers {
            headers.push((SOURCE, Cow::Borrowed(self.origin.as_str())));
        }
        headers
    }
}

impl Refusal {
    /// The body of the answer.
    pub fn body(&self) -> serde_json::Value {
        self.reply.body(self.envelope)
    }

    /// The answer where the host does not let a request be read or changed: it must not go on
    /// without its prompt.
    pub fn unreadable() -> Refusal {
        let message = "The gateway could not read or change the request; its log says more.";
        let reply = LocalReply::new(Code::PromptUnavailable, message);
        Refusal { reply, envelope: Envelope::default(), prompt_id: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::Origin;

    fn applied(model: &str, routable: bool) -> Applied {
        let (id, model) = ("p".to_owned(), Some(model.to_owned()));
        Applied { id, version: 2, label: Some("live".to_owned()), model, routable, origin: Origin::Bundle }
    }

    #[test]
    fn models_that_could_forge_something_stay_in_the_body() {
        let long = "x".repeat(MAX_MODEL + 1);
        for (model, visible) in [
            ("gpt-4", true),
            ("", false),
            ("a b", false),
            ("a\nb", false),
            ("ü", false),
            (long.as_str(), false),
        ] {
            assert_eq!(applied(model, true).visible_model().is_some(), visible, "{model:?}");
        }
        assert_eq!(applied("gpt-4", false).visible_model(), Some("gpt-4"));
        assert_eq!(applied("gpt-4", false).route_model(), None);
    }

    #[test]
    fn response_headers_are_what_is_configured() {
        let names = |settings: &str| {
            let config = Config::parse(settings.as_bytes()).unwrap();
            let applied = applied("m", true);
            let headers = applied.response_headers(&config);
            headers.into_iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>()
        };
        assert_eq!(
            names("{}"),
            ["x-promptgate-id: p", "x-promptgate-version: 2", "x-promptgate-label: live"]
        );
        assert_eq!(
            names(r#"{"response_headers": false, "debug_headers": true}"#),
            ["x-promptgate-source: bundle"]
        );
    }

    #[test]
    fn an_unreadable_request_is_answered_with_503() {
        let refusal = Refusal::unreadable();
        let reply = &refusal.reply;
        assert_eq!(
            (reply.status(), reply.code.as_str(), reply.param.as_deref()),
            (503, "prompt_unavailable", None)
        );
        assert_eq!(refusal.body()["error"]["type"], "server_error");
    }
}
