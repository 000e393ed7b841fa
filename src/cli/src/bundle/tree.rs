//! `--tree`: a folder that any web server hands out as a registry. `docs/registry-protocol.md` is the
//! contract: `bundle.json`, and `prompts/{id}.json` for each prompt of it.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use promptgate_core::catalog::PromptId;
use promptgate_core::registry::{MAX_ANSWER, MAX_BUNDLE};
use serde_json::{Map, Value};

use super::build::Built;
use crate::failure::Failure;
use crate::write;

const BUNDLE: &str = "bundle.json";
const PROMPTS: &str = "prompts";

/// How many files of prompts were written and removed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    written: usize,
    removed: usize,
}

/// Brings a folder up to date. Each file is replaced as a whole, and one that says the same already is
/// left alone, so that its time stamp and `ETag` stay. What an earlier bundle had and this one has not is
/// removed; nothing else is touched.
///
/// `bundle.json` comes last: should this end half-way, the next run still finds there what to remove.
pub(super) fn write(root: &Path, built: &Built) -> Result<Changes, Failure> {
    let before = ids(root)?;
    let mut changes = Changes::default();
    for (id, prompt) in &built.prompts {
        let path = path(root, id);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| Failure::io("create", folder, error))?;
        }
        changes.written += usize::from(update(&path, &text(prompt))?);
    }
    for id in before.iter().filter(|id| !built.prompts.contains_key(id.as_str())) {
        changes.removed += usize::from(remove(root, &path(root, id))?);
    }
    fs::create_dir_all(root).map_err(|error| Failure::io("create", root, error))?;
    update(&root.join(BUNDLE), &built.text)?;
    Ok(changes)
}

/// Refuses a tree in which `prompts` is the folder that the prompts come from, or holds it.
pub(super) fn check(root: &Path, source: &Path) -> Result<(), Failure> {
    let real = |path: &Path| fs::canonicalize(path).ok();
    match (real(&root.join(PROMPTS)), real(source)) {
        (Some(prompts), Some(source)) if source.starts_with(&prompts) => {
            let failure = Failure::new(format!("{} is where the prompts come from", prompts.display()));
            Err(failure.help("write the tree to a folder of its own: --tree site"))
        }
        _ => Ok(()),
    }
}

/// What gateways would not take.
pub(super) fn warnings(bundle: &str, prompts: &Map<String, Value>) -> Vec<String> {
    let large = prompts.iter().filter(|(_, prompt)| text(prompt).len() > MAX_ANSWER);
    let mut warnings: Vec<String> = large
        .map(|(id, _)| format!("{id} is larger than what a gateway takes by itself, {MAX_ANSWER} bytes"))
        .collect();
    if bundle.len() > MAX_BUNDLE {
        warnings.push(format!("the bundle is larger than what a gateway takes, {MAX_BUNDLE} bytes"));
    }
    warnings
}

fn text(prompt: &Value) -> String {
    format!("{prompt:#}\n")
}

fn path(root: &Path, id: &str) -> PathBuf {
    root.join(PROMPTS).join(format!("{id}.json"))
}

/// The prompts of the bundle that is there.
fn ids(root: &Path) -> Result<Vec<String>, Failure> {
    let path = root.join(BUNDLE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::io("read", &path, error)),
    };
    let bundle: Option<Value> = serde_json::from_slice(&bytes).ok();
    let Some(prompts) = bundle.as_ref().and_then(|bundle| bundle.get("prompts")?.as_object()) else {
        return Err(Failure::new(format!("{} is no bundle", path.display()))
            .help("write the tree to a folder of its own, or remove that file"));
    };
    // A file may say what it likes; ids can't lead out of the folder.
    Ok(prompts.keys().filter(|id| PromptId::parse(id).is_ok()).cloned().collect())
}

/// Replaces a file unless it says the same; whether it did not.
fn update(path: &Path, text: &str) -> Result<bool, Failure> {
    if fs::read(path).is_ok_and(|before| before == text.as_bytes()) {
        return Ok(false);
    }
    write::replace(path, text.as_bytes())?;
    Ok(true)
}

/// Removes a file, and the folders above it that are empty then; whether it was there.
fn remove(root: &Path, path: &Path) -> Result<bool, Failure> {
    match fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(Failure::io("remove", path, error)),
    }
    let prompts = root.join(PROMPTS);
    for folder in path.ancestors().skip(1).take_while(|folder| **folder != prompts) {
        // It fails for a folder that holds something else.
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(true)
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of its files written, {} removed", self.written, self.removed)
    }
}
