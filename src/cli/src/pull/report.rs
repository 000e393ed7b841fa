//! What was written, and what was not.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::place::{Placed, Status};
use crate::failure::Failure;
use crate::output;

/// How many files are named one by one.
const NAMED: usize = 10;

/// Says which files stand in the way.
pub(super) fn refused(different: &[&Placed]) {
    let files = list(different.iter().map(|file| file.path.as_path()));
    let failure = Failure::new(format!("not written: what stands in {files} is something else"));
    output::failure(&failure.help("--force replaces it; -o names another folder"));
}

/// Says what was written.
pub(super) fn written(placed: &[Placed], revision: Option<&str>, strangers: &[PathBuf], root: &Path) {
    for file in placed {
        let verb = match file.status {
            Status::New => "wrote",
            Status::Different(_) => "replaced",
            Status::Unchanged => continue,
        };
        output::status(&format!("{verb} {}", file.path.display()));
    }
    for file in placed.iter().filter(|file| !file.unlabelled.is_empty()) {
        output::warning(&format!(
            "{}: write its labels into the front matter by hand: labels: [{}]",
            file.path.display(),
            file.unlabelled.join(", ")
        ));
    }
    if !strangers.is_empty() {
        let files = list(strangers.iter().map(PathBuf::as_path));
        output::note(&format!("the registry does not have {files}"));
    }
    output::status(&summary(placed, revision));
    output::status(&format!("\nnext: promptgate lint {}", root.display()));
}

fn summary(placed: &[Placed], revision: Option<&str>) -> String {
    let prompts = placed.iter().map(|file| file.id.as_str()).collect::<BTreeSet<_>>().len();
    let unchanged = placed.iter().filter(|file| file.status == Status::Unchanged).count();
    let plural = if prompts == 1 { "" } else { "s" };
    let versions =
        if placed.len() == prompts { String::new() } else { format!(" in {} versions", placed.len()) };
    let revision = revision.map(|revision| format!(", {revision}")).unwrap_or_default();
    let written = placed.len() - unchanged;
    format!("{prompts} prompt{plural}{versions}{revision}: {written} written, {unchanged} unchanged")
}

/// The first few, and how many more.
fn list<'p>(paths: impl ExactSizeIterator<Item = &'p Path>) -> String {
    let count = paths.len();
    let mut names: Vec<String> = paths.take(NAMED).map(|path| path.display().to_string()).collect();
    if count > NAMED {
        names.push(format!("{} more", count - NAMED));
    }
    names.join(", ")
}
