//! What clients are told, in one place. A message says what to do, and holds no value of a request or
//! of a prompt.

use super::named::{ID, Names};
use super::request::Ask;
use crate::catalog::{NotFound, Resolved};
use crate::config::Config;
use crate::json::MAX_MEMBERS;
use crate::prompt::PromptError;
use crate::registry::FetchError;
use crate::reply::{Code, LocalReply};
use crate::schema::Violation;
use crate::template;
use crate::value::{JsonError, JsonErrorKind};

/// The longest name of a client's that a reply repeats, in characters.
const MAX_NAME: usize = 100;

pub(super) fn too_large(config: &Config) -> LocalReply {
    LocalReply::new(
        Code::RequestTooLarge,
        format!("The body is larger than {} bytes, the gateway's limit.", config.limits.body),
    )
}

pub(super) fn compressed() -> LocalReply {
    LocalReply::new(
        Code::UnsupportedContentEncoding,
        "The body is compressed, so the gateway can't see whether it names a prompt. \
         Send it without content-encoding.",
    )
}

pub(super) fn prompt_required() -> LocalReply {
    LocalReply::on(Code::PromptRequired, ID, "This gateway only takes requests that name a prompt.")
}

pub(super) fn not_an_object() -> LocalReply {
    LocalReply::new(Code::InvalidJson, "The body has to be a JSON object in UTF-8.")
}

pub(super) fn too_many_members(of: &str) -> LocalReply {
    LocalReply::new(
        Code::InvalidJson,
        format!("{of} may have {MAX_MEMBERS} fields at most in a request with a prompt."),
    )
}

pub(super) fn duplicate(name: &str) -> LocalReply {
    let message = format!("`{name}` occurs twice; which one counts would depend on the reader.");
    LocalReply::on(Code::DuplicateField, name, message)
}

/// A field of ours of the wrong type or form.
pub(super) fn malformed(param: &str, message: &str) -> LocalReply {
    LocalReply::on(Code::InvalidPromptReference, param, message)
}

/// A client's own messages of the wrong type.
pub(super) fn invalid_messages(param: &str, message: &str) -> LocalReply {
    LocalReply::on(Code::InvalidMessages, param, message)
}

/// The client sent what only the gateway says, where rules depend on it.
pub(super) fn forged_header() -> LocalReply {
    let message =
        "The request has a header that only the gateway sets, and that could choose its rules: remove it.";
    LocalReply::new(Code::PromptNotAllowed, message)
}

pub(super) fn not_allowed(names: &Names) -> LocalReply {
    LocalReply::on(Code::PromptNotAllowed, names.id, "This prompt may not be used here.")
}

pub(super) fn role_not_allowed(param: &str) -> LocalReply {
    let message = format!("`{param}` speaks in a role that clients may not take beside a prompt.");
    LocalReply::on(Code::ClientRoleNotAllowed, param, message)
}

pub(super) fn not_found(missing: NotFound, ask: &Ask<'_, '_>) -> LocalReply {
    let id = ask.reference.id.as_str();
    let (code, param, message) = match missing {
        NotFound::Prompt => {
            (Code::PromptNotFound, ask.names.id, format!("There is no prompt `{id}` on this gateway."))
        }
        NotFound::Version => {
            (Code::PromptVersionNotFound, ask.selected_by, format!("The prompt `{id}` has no such version."))
        }
        NotFound::Label => {
            (Code::PromptLabelNotFound, ask.selected_by, format!("The prompt `{id}` has no such label."))
        }
    };
    LocalReply::on(code, param, message)
}

/// A registry gives no prompt, and nothing usable is kept. Where a redirect leads is for the log.
pub(super) fn unavailable(error: &FetchError, ask: &Ask<'_, '_>) -> LocalReply {
    let error = match error {
        FetchError::Redirect { .. } => &FetchError::Redirect { to: None },
        error => error,
    };
    match error.code() {
        code @ Code::PromptUnavailable => {
            let message = format!("The prompt can't be fetched at the moment: {error}.");
            LocalReply::on(code, ask.names.id, message)
        }
        code => LocalReply::new(code, format!("The prompt can't be used: {error}.")),
    }
}

/// The prompt does not parse.
pub(super) fn broken(resolved: &Resolved<'_>, error: &PromptError) -> LocalReply {
    let (id, version, what) = (resolved.id, resolved.version, error.public_message());
    LocalReply::new(
        Code::PromptRenderFailed,
        format!("The prompt `{id}` (version {version}) is not valid: {what}."),
    )
}

/// The prompt writes where its own messages go.
pub(super) fn conflicting_parameter(resolved: &Resolved<'_>, name: &str) -> LocalReply {
    let (id, version) = (resolved.id, resolved.version);
    LocalReply::new(
        Code::PromptRenderFailed,
        format!(
            "The prompt `{id}` (version {version}) sets `{name}`, which is where its own messages go on this path."
        ),
    )
}

/// The template failed, through the client's fault or its author's.
pub(super) fn failed(resolved: &Resolved<'_>, names: &Names, error: &template::Error) -> LocalReply {
    let field = names.variables;
    if let Some(path) = error.missing_variable() {
        let message = format!("The prompt needs the variable `{path}`: add it to `{field}`.");
        return LocalReply::on(Code::MissingVariable, format!("{field}.{path}"), message);
    }
    match error.part_in_text() {
        Some(path) => not_text(resolved, names, Some(path)),
        None => unrendered(resolved, &error.public_message()),
    }
}

pub(super) fn unrendered(resolved: &Resolved<'_>, what: &str) -> LocalReply {
    let (id, version) = (resolved.id, resolved.version);
    let message = format!("The prompt `{id}` (version {version}) could not be rendered: {what}.");
    LocalReply::new(Code::PromptRenderFailed, message)
}

/// A content part stands where only text can; `variable` is the client's that it is, if it is one.
pub(super) fn not_text(resolved: &Resolved<'_>, names: &Names, variable: Option<&str>) -> LocalReply {
    let Some(variable) = variable else {
        return unrendered(resolved, "a content part stands where only text can");
    };
    LocalReply::on(
        Code::InvalidVariable,
        format!("{}.{variable}", names.variables),
        format!(
            "The variable `{variable}` is a content part where the prompt takes only text: send a string. \
             A part has to be the whole of a message."
        ),
    )
}

/// A variable that the prompt's schema does not accept.
pub(super) fn refused(names: &Names, violation: Violation) -> LocalReply {
    let Violation { path, expected, actual, missing } = violation;
    // Without a path it is the variables as a whole, such as too few of them.
    let (param, what) = if path.is_empty() {
        (names.variables.to_owned(), format!("`{}`", names.variables))
    } else {
        (format!("{}.{path}", names.variables), format!("The variable `{path}`"))
    };
    if missing {
        let message = format!("{what} is missing: the prompt expects {expected}.");
        LocalReply::on(Code::MissingVariable, param, message)
    } else {
        let message = format!("{what} is of the wrong kind: the prompt expects {expected}, not {actual}.");
        LocalReply::on(Code::InvalidVariable, param, message)
    }
}

/// Variables that can't be read.
pub(super) fn unreadable(names: &Names, error: JsonError) -> LocalReply {
    let (code, what) = match error.kind {
        JsonErrorKind::DuplicateKey => (Code::DuplicateField, "has a name that occurs twice"),
        JsonErrorKind::TooDeep => (Code::InvalidVariable, "nests deeper than 64 levels"),
        JsonErrorKind::IntegerTooLarge => (Code::InvalidVariable, "has an integer beyond 128 bits"),
        JsonErrorKind::TooLarge => {
            (Code::InvalidVariable, "takes more memory than variables may (limits.memory)")
        }
        JsonErrorKind::Syntax => {
            (Code::InvalidVariable, "has text that is not Unicode: half of a surrogate pair")
        }
    };
    let field = names.variables;
    match error.member {
        Some(name) => {
            let name: String = name.chars().take(MAX_NAME).collect();
            LocalReply::on(code, format!("{field}.{name}"), format!("The variable `{name}` {what}."))
        }
        None => LocalReply::on(code, field, format!("`{field}` {what}.")),
    }
}

pub(super) fn model_not_allowed(what: &str) -> LocalReply {
    LocalReply::on(Code::ModelNotAllowed, "model", format!("The variables choose a model that {what}."))
}

pub(super) fn no_model() -> LocalReply {
    malformed("model", "No model is named behind the prefix, nor by the prompt.")
}
