//! How a request names its prompt, to say more about a reply. The engine has judged the request; this
//! reads what it says once more, and takes nothing for wrong.

use promptgate_core::catalog::{Reference, Selector};
use promptgate_core::config::normalize_path;
use serde_json::Value;

/// What the paths of OpenAI's Responses API end in.
const RESPONSES: &str = "/responses";

/// The member of such a request that names a prompt by an object.
const PROMPT_OBJECT: &str = "prompt";

/// What a request says about its prompt.
pub(super) struct Named<'r> {
    /// The prompt's id, which may end in a version.
    pub(super) id: Option<&'r str>,
    version: Option<&'r Value>,
    label: Option<&'r Value>,
}

/// Whether a path is one of the Responses API.
pub(super) fn is_responses(path: &str) -> bool {
    normalize_path(path).ends_with(RESPONSES)
}

/// Whether a body names a prompt by an object, which only the Responses API has.
pub(super) fn has_prompt_object(body: &[u8]) -> bool {
    let request: Option<Value> = serde_json::from_slice(body).ok();
    request.is_some_and(|request| request.get(PROMPT_OBJECT).is_some_and(Value::is_object))
}

impl<'r> Named<'r> {
    /// Reads the request to `path`.
    pub(super) fn of(request: &'r Value, path: &str) -> Named<'r> {
        let object = given(request, PROMPT_OBJECT).filter(|_| is_responses(path));
        let (id, version, label) = match object {
            Some(object) => {
                (given(object, "id").or_else(|| given(object, "prompt_id")), given(object, "version"), None)
            }
            None => (
                given(request, "prompt_id"),
                given(request, "prompt_version"),
                given(request, "prompt_label").or_else(|| given(request, "prompt_environment")),
            ),
        };
        Named { id: id.and_then(Value::as_str), version, label }
    }

    /// The version that it chooses; none if it is not well-formed.
    pub(super) fn selector(&self) -> Option<Selector> {
        let chosen = match (self.version, self.label) {
            (Some(version), _) => Selector::version(version).ok()?,
            (None, Some(label)) => Selector::label(label.as_str()?).ok()?,
            (None, None) => Selector::Default,
        };
        match self.id {
            Some(id) => Some(Reference::new(id, chosen).ok()?.selector),
            None => Some(chosen),
        }
    }
}

/// A member that is there and not null.
fn given<'r>(object: &'r Value, name: &str) -> Option<&'r Value> {
    object.get(name).filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn versions() {
        let two = Some(Selector::version(&json!(2)).unwrap());
        for (path, request, id, selector) in [
            ("/v1/responses", json!({"prompt": {"id": "a", "version": "2"}}), Some("a"), two.clone()),
            ("/v1/responses/?x=1", json!({"prompt": {"prompt_id": "a.v2"}}), Some("a.v2"), two.clone()),
            ("/v1/responses", json!({"prompt": null, "prompt_id": "a"}), Some("a"), Some(Selector::Default)),
            // On other paths the object is somebody else's.
            (
                "/v1/chat/completions",
                json!({"prompt": {"id": "b"}, "prompt_id": "a", "prompt_version": 2}),
                Some("a"),
                two,
            ),
            ("/v1/messages", json!({"prompt_environment": "x"}), None, Selector::label("x").ok()),
            ("/v1/messages", json!({"prompt_id": "a", "prompt_version": "x"}), Some("a"), None),
        ] {
            let named = Named::of(&request, path);
            assert_eq!((named.id, named.selector()), (id, selector), "{request}");
        }
    }
}
