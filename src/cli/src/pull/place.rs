//! Which file each version becomes, and what stands there already.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use promptgate_core::catalog::EXTENSION;

use super::fetch::{Labels, Pulled};
use super::labels;
use crate::failure::Failure;
use crate::folder::{self, File};
use crate::write;

/// A version with its file.
pub(super) struct Placed {
    pub(super) id: String,
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) status: Status,
    /// Labels that the front matter could not be given.
    pub(super) unlabelled: Vec<String>,
}

/// How a file compares to what stands in its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Nothing stands there.
    New,
    /// The same text stands there.
    Unchanged,
    /// Another text stands there: these bytes.
    Different(Vec<u8>),
}

impl Status {
    /// Whether something would be lost.
    pub(super) fn is_different(&self) -> bool {
        matches!(self, Status::Different(_))
    }
}

impl Placed {
    /// What is to be written.
    pub(super) fn job(&self) -> write::Job<'_> {
        let before = match &self.status {
            Status::Different(bytes) => Some(bytes.clone()),
            Status::New | Status::Unchanged => None,
        };
        write::Job { path: self.path.clone(), text: &self.text, before }
    }
}

/// Gives each version its file; with `all`, returns also the files of prompts that are not among them.
pub(super) fn place(
    pulled: Vec<Pulled>,
    root: &Path,
    all: bool,
) -> Result<(Vec<Placed>, Vec<PathBuf>), Failure> {
    let files = if root.exists() { folder::read(root)? } else { Vec::new() };
    let names: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let mut placed: BTreeMap<String, Placed> = BTreeMap::new();
    for version in pulled {
        let name = name(&names, &version);
        let file = file(root, &name, version)?;
        if placed.get(&name).is_some_and(|other| other.text != file.text) {
            return Err(Failure::new(format!("the registry has two texts for {}", file.path.display()))
                .help("pull them into different folders"));
        }
        placed.insert(name, file);
    }
    let new: Vec<(String, &str)> =
        placed.iter().map(|(name, file)| (name.clone(), file.text.as_str())).collect();
    folder::check_new(&files, &new)?;
    let strangers = if all { strangers(&files, &placed) } else { Vec::new() };
    Ok((placed.into_values().collect(), strangers))
}

/// `hello` for version 1, unless `hello.v1` is there; `hello.v2` and so on for the others.
fn name(names: &BTreeSet<&str>, version: &Pulled) -> String {
    let numbered = format!("{}.v{}", version.id, version.version);
    if version.version == 1 && !names.contains(numbered.as_str()) { version.id.clone() } else { numbered }
}

fn file(root: &Path, name: &str, version: Pulled) -> Result<Placed, Failure> {
    let path = root.join(format!("{name}.{EXTENSION}"));
    let labelled = labels::apply(&version.id, &version.text, &version.labels);
    let unlabelled = match (&labelled, version.labels) {
        (Some(_), _) | (None, Labels::Unknown) => Vec::new(),
        (None, Labels::All(labels)) => labels,
        (None, Labels::One(label)) => vec![label],
    };
    let text = labelled.unwrap_or(version.text);
    let status = match fs::read(&path) {
        Ok(before) if before == text.as_bytes() => Status::Unchanged,
        Ok(before) => Status::Different(before),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Status::New,
        Err(error) => return Err(Failure::io("read", &path, error)),
    };
    Ok(Placed { id: version.id, path, text, status, unlabelled })
}

fn strangers(files: &[File], placed: &BTreeMap<String, Placed>) -> Vec<PathBuf> {
    let stranger = |file: &&File| !placed.contains_key(&file.name);
    files.iter().filter(stranger).map(|file| file.path.clone()).collect()
}
