//! What is wrong with a prompt that answers 422. The reply quotes nothing of it; its author, on a
//! machine of his own, may see the place.

use promptgate_core::catalog::{Reference, Resolved, Selector};
use promptgate_core::config::{Config, Settings};
use promptgate_core::exchange::Refusal;
use promptgate_core::reply::Code;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Severity};
use crate::failure::Detail;
use crate::folder::{self, File};

/// The place in the prompt that is at fault, if the prompt is.
pub(super) fn find(
    config: &Config,
    settings: &Settings,
    body: &[u8],
    refusal: &Refusal,
    files: &[File],
) -> Option<Detail> {
    if refusal.reply.code != Code::PromptRenderFailed {
        return None;
    }
    let request: Value = serde_json::from_slice(body).ok()?;
    let default_label = settings.default_label.as_ref().map(|label| label.as_str());
    let resolved = config
        .catalog
        .resolve(refusal.prompt_id.as_deref()?, &selector(&request, settings)?, default_label)
        .ok()?;
    let (message, line, column) = match resolved.prompt {
        Err(error) => (error.to_string(), error.line(), error.column()),
        Ok(_) => place(&refusal.reply.message)?,
    };
    Some(detail(&resolved, files, message, line, column))
}

/// The version that a request chooses. The engine has accepted it, so there is nothing to check.
fn selector(request: &Value, settings: &Settings) -> Option<Selector> {
    let given = |name: &str| request.get(name).filter(|value| !value.is_null());
    let label = given("prompt_label").or_else(|| given("prompt_environment"));
    let chosen = match (given("prompt_version"), label) {
        (Some(version), _) => Selector::version(version).ok()?,
        (None, Some(label)) => Selector::label(label.as_str()?).ok()?,
        (None, None) => Selector::Default,
    };
    match given("prompt_id") {
        Some(id) => Some(Reference::new(id.as_str()?, chosen).ok()?.selector),
        None if chosen == Selector::Default => {
            Some(settings.models.get(given("model")?.as_str()?)?.reference.selector.clone())
        }
        None => Some(chosen),
    }
}

/// What a reply says behind its first sentence: `…: what is wrong (line 3, column 7).`
fn place(message: &str) -> Option<(String, u32, u32)> {
    let (what, place) = message.rsplit_once(" (line ")?;
    let (line, column) = place.trim_end_matches(").").split_once(", column ")?;
    let what = what.split_once(": ").map_or(what, |(_, what)| what);
    Some((what.to_owned(), line.parse().ok()?, column.parse().ok()?))
}

fn detail(resolved: &Resolved<'_>, files: &[File], message: String, line: u32, column: u32) -> Detail {
    let (path, text) = folder::locate(files, resolved.id, resolved.version);
    let diagnostic = Diagnostic {
        rule: "",
        severity: Severity::Error,
        file: path,
        line,
        column,
        message,
        help: None,
        whole_file: false,
    };
    Detail { diagnostic, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        for (message, expected) in [
            (
                "The prompt could not be rendered: unknown method (line 3, column 14).",
                Some(("unknown method".to_owned(), 3, 14)),
            ),
            ("The prompt's model rendered to nothing.", None),
            ("a (line x, column 1).", None),
        ] {
            assert_eq!(place(message), expected, "{message}");
        }
    }
}
