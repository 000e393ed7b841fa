//! What was written, what was not, and what to do next.

use std::collections::BTreeMap;

use promptgate_core::prompt::compose::variables;
use serde_json::{Value, json};

use super::draft::{Draft, Note, NoteKind};
use super::place::{Placed, Status};
use crate::failure::Failure;
use crate::output;

/// For people, on standard error.
pub(super) fn human(placed: &[Placed], folder: &str) {
    for file in placed {
        let verb = match file.status {
            Status::New => "wrote",
            Status::Different => "replaced",
            Status::Unchanged => "unchanged:",
        };
        output::status(&format!("{verb} {}: {}", file.path.display(), summary(&file.draft)));
        notes(&file.draft);
    }
    let aliases = aliases(placed);
    if !aliases.is_empty() {
        output::status(
            "\nfor the plugin configuration, so that applications go on using the old ids:\n\n  aliases:",
        );
        for (origin, id) in &aliases {
            output::status(&format!("    {origin}: {id}"));
        }
    }
    output::status(&format!("\nnext: promptgate lint {folder}"));
}

fn summary(draft: &Draft) -> String {
    let roles: Vec<&str> = draft.messages.iter().map(|message| message.role.as_str()).collect();
    let names: Vec<&str> = variables(&draft.messages).iter().map(|variable| variable.name).collect();
    let count = match roles.len() {
        1 => "1 message".to_owned(),
        count => format!("{count} messages"),
    };
    let names = if names.is_empty() { "no variables".to_owned() } else { names.join(", ") };
    format!("{count} ({}); {names}", roles.join(", "))
}

fn notes(draft: &Draft) {
    for Note { kind, text } in &draft.notes {
        let text = format!("{}: {text}", draft.source);
        match kind {
            NoteKind::Lost | NoteKind::Secret => output::warning(&text),
            NoteKind::Check => output::note(&text),
        }
    }
    if !draft.defaults.is_empty() {
        let names = draft.defaults.join(", ");
        output::note(&format!(
            "{}: left out, because they are the defaults, and some models refuse them: {names}",
            draft.source
        ));
    }
}

/// For programs, on standard output.
pub(super) fn json(placed: &[Placed]) -> Result<(), Failure> {
    let files: Vec<Value> = placed.iter().map(file).collect();
    let report = json!({"files": files, "aliases": aliases(placed)});
    output::text(&format!("{report:#}\n"))
}

fn file(file: &Placed) -> Value {
    let draft = &file.draft;
    let roles: Vec<&str> = draft.messages.iter().map(|message| message.role.as_str()).collect();
    let variables: Vec<&str> = variables(&draft.messages).iter().map(|variable| variable.name).collect();
    let notes: Vec<Value> =
        draft.notes.iter().map(|note| json!({"kind": note.kind.as_str(), "message": note.text})).collect();
    json!({
        "source": draft.source,
        "path": file.path.display().to_string(),
        "status": if file.status == Status::Unchanged { "unchanged" } else { "written" },
        "id": file.id,
        "version": file.version,
        "origin": draft.origin,
        "roles": roles,
        "variables": variables,
        "defaults": draft.defaults,
        "notes": notes,
    })
}

/// The ids by which applications know prompts that have another one now.
fn aliases(placed: &[Placed]) -> BTreeMap<&str, &str> {
    placed
        .iter()
        .filter_map(|file| Some((file.draft.origin.as_deref()?, file.id.as_str())))
        .filter(|(origin, id)| origin != id)
        .collect()
}
