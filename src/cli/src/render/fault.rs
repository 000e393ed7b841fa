//! What is wrong with a prompt that answers 422. The reply quotes nothing of it; its author, on a
//! machine of his own, may see the place.

use promptgate_core::cache::{Cache, Found};
use promptgate_core::catalog::{PromptId, Reference, Resolved, Selector};
use promptgate_core::config::{Config, Settings};
use promptgate_core::exchange::Refusal;
use promptgate_core::reply::Code;
use serde_json::Value;

use super::named::Named;
use crate::diagnostic::{Diagnostic, Severity};
use crate::failure::Detail;
use crate::folder::{self, File};

/// A request and what decides about it.
pub(super) struct Case<'a> {
    pub(super) config: &'a Config,
    pub(super) settings: &'a Settings,
    /// What was fetched.
    pub(super) cache: Option<&'a Cache>,
    pub(super) path: &'a str,
    pub(super) body: &'a [u8],
    /// The files that the catalogue's prompts come from.
    pub(super) files: &'a [File],
}

/// The place in the prompt that is at fault, if the prompt is.
pub(super) fn find(case: &Case<'_>, refusal: &Refusal) -> Option<Detail> {
    if refusal.reply.code != Code::PromptRenderFailed {
        return None;
    }
    let request: Value = serde_json::from_slice(case.body).ok()?;
    let reference = reference(&request, case)?;
    let default_label = case.settings.default_label.as_ref().map(|label| label.as_str());
    let kept =
        case.cache.filter(|_| refusal.prompt_id.is_none()).and_then(|cache| match cache.find(&reference) {
            Found::Prompt(kept, _) => Some(kept),
            _ => None,
        });
    let resolved = match &kept {
        Some(kept) => kept.resolve(&reference, default_label),
        None => case.config.catalog.resolve(reference.id.as_str(), &reference.selector, default_label),
    }
    .ok()?;
    let (message, line, column) = match resolved.prompt {
        Err(error) => (error.to_string(), error.line(), error.column()),
        Ok(_) => place(&refusal.reply.message)?,
    };
    // Files are what the catalogue was made of, not what was fetched.
    let files = if kept.is_some() { &[] } else { case.files };
    Some(detail(&resolved, files, message, line, column))
}

/// The version of a prompt that a request asks for: by itself, else by the binding of its model.
fn reference(request: &Value, case: &Case<'_>) -> Option<Reference> {
    let named = Named::of(request, case.path);
    let chosen = named.selector()?;
    match named.id {
        Some(id) => {
            // The selector has the version that the id may end in.
            let id = Reference::new(id, Selector::Default).ok()?.id;
            let id = PromptId::parse(case.settings.aliases.resolve(id.as_str())).ok()?;
            Some(Reference { id, selector: chosen })
        }
        None => {
            let bound = &case.settings.models.get(request.get("model")?.as_str()?)?.reference;
            let selector = if chosen == Selector::Default { bound.selector.clone() } else { chosen };
            Some(Reference { id: bound.id.clone(), selector })
        }
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
