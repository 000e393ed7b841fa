//! Local replies: the errors that a client receives instead of an upstream's answer.

use std::fmt;

use serde_json::{Map, Value, json};

/// What went wrong, as the `code` of OpenAI's error envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// 400: a prompt field of the wrong type or form.
    InvalidPromptReference,
    /// 400: a variable that the template needs was not sent.
    MissingVariable,
    /// 400: a variable that the prompt's schema does not accept.
    InvalidVariable,
    /// 400: a key that we read or write occurs twice.
    DuplicateField,
    /// 400: the client's own messages are not what their API takes, such as a list.
    InvalidMessages,
    /// 400: the body is not a JSON object, though it has to be one.
    InvalidJson,
    /// 403: policy does not allow this prompt.
    PromptNotAllowed,
    /// 403: policy wants a prompt and the request names none.
    PromptRequired,
    /// 403: a model that came out of a template is not among those that policy names.
    ModelNotAllowed,
    /// 403: the client sent a message of a role that policy keeps from clients.
    ClientRoleNotAllowed,
    /// 404: no such prompt.
    PromptNotFound,
    /// 404: the prompt has no such version.
    PromptVersionNotFound,
    /// 404: the prompt has no such label.
    PromptLabelNotFound,
    /// 413: over the configured body limit.
    RequestTooLarge,
    /// 415: a compressed body.
    UnsupportedContentEncoding,
    /// 422: the prompt itself is at fault.
    PromptRenderFailed,
    /// 503: no registry answers and nothing usable is cached.
    PromptUnavailable,
}

impl Code {
    /// The HTTP status of the local reply.
    pub const fn status(self) -> u16 {
        match self {
            Code::InvalidPromptReference
            | Code::MissingVariable
            | Code::InvalidVariable
            | Code::DuplicateField
            | Code::InvalidMessages
            | Code::InvalidJson => 400,
            Code::PromptNotAllowed
            | Code::PromptRequired
            | Code::ModelNotAllowed
            | Code::ClientRoleNotAllowed => 403,
            Code::PromptNotFound | Code::PromptVersionNotFound | Code::PromptLabelNotFound => 404,
            Code::RequestTooLarge => 413,
            Code::UnsupportedContentEncoding => 415,
            Code::PromptRenderFailed => 422,
            Code::PromptUnavailable => 503,
        }
    }

    /// The code as it stands in the envelope; also the outcome in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::InvalidPromptReference => "invalid_prompt_reference",
            Code::MissingVariable => "missing_variable",
            Code::InvalidVariable => "invalid_variable",
            Code::DuplicateField => "duplicate_field",
            Code::InvalidMessages => "invalid_messages",
            Code::InvalidJson => "invalid_json",
            Code::PromptNotAllowed => "prompt_not_allowed",
            Code::PromptRequired => "prompt_required",
            Code::ModelNotAllowed => "model_not_allowed",
            Code::ClientRoleNotAllowed => "client_role_not_allowed",
            Code::PromptNotFound => "prompt_not_found",
            Code::PromptVersionNotFound => "prompt_version_not_found",
            Code::PromptLabelNotFound => "prompt_label_not_found",
            Code::RequestTooLarge => "request_too_large",
            Code::UnsupportedContentEncoding => "unsupported_content_encoding",
            Code::PromptRenderFailed => "prompt_render_failed",
            Code::PromptUnavailable => "prompt_unavailable",
        }
    }

    /// Every code, for metrics that are defined before they are counted.
    pub const ALL: [Code; 17] = [
        Code::InvalidPromptReference,
        Code::MissingVariable,
        Code::InvalidVariable,
        Code::DuplicateField,
        Code::InvalidMessages,
        Code::InvalidJson,
        Code::PromptNotAllowed,
        Code::PromptRequired,
        Code::ModelNotAllowed,
        Code::ClientRoleNotAllowed,
        Code::PromptNotFound,
        Code::PromptVersionNotFound,
        Code::PromptLabelNotFound,
        Code::RequestTooLarge,
        Code::UnsupportedContentEncoding,
        Code::PromptRenderFailed,
        Code::PromptUnavailable,
    ];
}

/// The form of an error's body: that of the API which the client speaks, so that its SDK raises its
/// typed errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Envelope {
    /// `{"error": {"message", "type", "param", "code"}}`
    #[default]
    OpenAi,
    /// `{"type": "error", "error": {"type", "message", "details": {"error_code", "param"}}}`
    Anthropic,
}

/// An error reply: a status, and what its body says in one [`Envelope`] or another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalReply {
    /// What went wrong.
    pub code: Code,
    /// The request field at fault, such as `prompt_id` or `prompt_variables.name`.
    pub param: Option<String>,
    /// What to do about it. Never holds variable values, message contents or prompt text.
    pub message: String,
}

impl LocalReply {
    /// A reply that blames no field.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        LocalReply { code, param: None, message: message.into() }
    }

    /// A reply that blames the request field `param`.
    pub fn on(code: Code, param: impl Into<String>, message: impl Into<String>) -> Self {
        LocalReply { code, param: Some(param.into()), message: message.into() }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.code.status()
    }

    /// The body.
    pub fn body(&self, envelope: Envelope) -> Value {
        match envelope {
            Envelope::OpenAi => json!({
                "error": {
                    "message": self.message,
                    "type": if self.status() >= 500 { "server_error" } else { "invalid_request_error" },
                    "param": self.param,
                    "code": self.code.as_str(),
                }
            }),
            Envelope::Anthropic => {
                let mut details = Map::new();
                details.insert("error_code".to_owned(), self.code.as_str().into());
                if let Some(param) = &self.param {
                    details.insert("param".to_owned(), param.as_str().into());
                }
                json!({
                    "type": "error",
                    "error": {
                        "type": anthropic_type(self.status()),
                        "message": self.message,
                        "details": details,
                    }
                })
            }
        }
    }
}

/// Anthropic's name for errors of a status: <https://docs.anthropic.com/en/api/errors>.
const fn anthropic_type(status: u16) -> &'static str {
    match status {
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        500.. => "api_error",
        _ => "invalid_request_error",
    }
}

impl fmt::Display for LocalReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status(), self.code.as_str(), self.message)
    }
}

impl std::error::Error for LocalReply {}
