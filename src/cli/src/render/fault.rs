//! What is wrong with a prompt that answers 422. The reply quotes nothing of it; its author, on a
//! machine of his own, may see the place.

use promptgate_core::catalog::{Resolved, Selector};
use promptgate_core::config::{Config, Settings};
use promptgate_core::exchange::Refusal;
use promptgate_core::reply::Code;
use serde_json::Value;

use super::named::Named;
use crate::diagnostic::{Diagnostic, Severity};
use crate::failure::Detail;
use crate::folder::{self, File};

/// The place in the prompt that is at fault, if the prompt is.
pub(super) fn find(
    config: &Config,
    settings: &Settings,
    path: &str,
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
        .resolve(refusal.prompt_id.as_deref()?, &selector(&request, path, settings)?, default_label)
        .ok()?;
    let (message, line, column) = match resolved.prompt {
        Err(error) => (error.to_string(), error.line(), error.column()),
        Ok(_) => place(&refusal.reply.message)?,
    };
    Some(detail(&resolved, files, message, line, column))
}

/// The version that a request chooses: its own choice, else that of its model's binding.
fn selector(request: &Value, path: &str, settings: &Settings) -> Option<Selector> {
    let named = Named::of(request, path);
    match named.selector()? {
        Selector::Default if named.id.is_none() => {
            let model = request.get("model")?.as_str()?;
            Some(settings.models.get(model)?.reference.selector.clone())
        }
        chosen => Some(chosen),
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
