//! From drafts to files: ids, versions, labels, and what stands in the folder already.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use promptgate_core::catalog::{EXTENSION, Label, MAX_VERSION, PromptId, Reference, Selector};

use super::draft::Draft;
use crate::failure::Failure;
use crate::folder::{self, File};

/// A draft with its place.
pub(super) struct Placed {
    pub(super) draft: Draft,
    pub(super) id: String,
    pub(super) version: u64,
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) status: Status,
}

/// How a file compares to what stands in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Nothing stands there.
    New,
    /// The same text stands there.
    Unchanged,
    /// Another text stands there.
    Different,
}

/// What the user says about places.
pub(super) struct Wish<'a> {
    pub(super) folder: &'a Path,
    pub(super) id: Option<&'a str>,
    pub(super) version: Option<u64>,
    pub(super) label: Option<&'a WishedLabel>,
}

/// `production`, or `production=3` for the label of version 3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WishedLabel {
    name: String,
    version: Option<u64>,
}

impl WishedLabel {
    /// Reads a label as it stands on the command line.
    pub(super) fn parse(text: &str) -> Result<WishedLabel, String> {
        let (name, version) = match text.split_once('=') {
            Some((name, version)) => (name, Some(parse_version(version)?)),
            None => (text, None),
        };
        let name = Label::parse(name).map_err(|error| error.to_string())?.to_string();
        Ok(WishedLabel { name, version })
    }
}

/// Reads a version as it stands on the command line.
pub(super) fn parse_version(text: &str) -> Result<u64, String> {
    match Selector::version(&text.into()) {
        Ok(Selector::Version(version)) => Ok(version),
        _ => Err(format!("a version is a number from 1 to {MAX_VERSION}")),
    }
}

/// Gives each draft its place. Fails where two of them want the same, or one would be known by two ids.
pub(super) fn place(drafts: Vec<Draft>, wish: &Wish<'_>) -> Result<Vec<Placed>, Failure> {
    let files = if wish.folder.exists() { folder::read(wish.folder)? } else { Vec::new() };
    let ids = drafts.iter().map(|draft| id(draft, wish)).collect::<Result<Vec<_>, _>>()?;
    one_id_each(&drafts, &ids)?;
    let mut placed: Vec<Placed> = Vec::new();
    for (mut draft, id) in drafts.into_iter().zip(ids) {
        let known = known_version(&mut draft, wish)?;
        let text = draft.text(None)?;
        let version = match known {
            Some(version) => version,
            None => {
                let version = free_version(&files, &placed, &id, &text)?;
                if draft.origin.is_some() {
                    draft.check(format!(
                        "nothing says which version it is; it is version {version} now. Where applications \
                         ask for a version, --version says which"
                    ));
                }
                version
            }
        };
        let path = path(wish.folder, &files, &id, version);
        if let Some(other) = placed.iter().find(|other| other.path == path) {
            if other.text == text {
                continue;
            }
            return Err(Failure::new(format!(
                "{} and {} are both version {version} of {id}, and differ",
                other.draft.source, draft.source
            ))
            .help("leave out one of them, or import one by itself with another --id"));
        }
        placed.push(Placed { draft, id, version, path, text, status: Status::New });
    }
    if let Some(label) = wish.label {
        set_label(&mut placed, label)?;
    }
    for file in &mut placed {
        file.status = status(file)?;
    }
    check_aliases(&files, &mut placed);
    check_folder(wish.folder, &files, &placed)?;
    Ok(placed)
}

/// The id: as the user says, else the file's name, else that by which applications know it.
fn id(draft: &Draft, wish: &Wish<'_>) -> Result<String, Failure> {
    let Some(id) = wish.id.or(draft.name.as_deref()).or(draft.origin.as_deref()) else {
        return Err(Failure::new(format!("{} does not say which prompt it is", draft.source))
            .help("name it: --id support/triage"));
    };
    match PromptId::parse(id) {
        Ok(parsed) if !parsed.has_version_suffix() => Ok(id.to_owned()),
        Ok(_) => Err(Failure::new(format!("`{id}` ends in a version"))
            .help("leave it out of the id: --version is for that")),
        Err(error) => Err(Failure::new(format!("{}: `{id}` is no id: {error}", draft.source))
            .help("name the prompt: --id support/triage")),
    }
}

/// Whether each old id stands for one new one, and each new one for one old one.
fn one_id_each(drafts: &[Draft], ids: &[String]) -> Result<(), Failure> {
    let mut by_origin: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut by_id: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (draft, id) in drafts.iter().zip(ids) {
        if let Some(origin) = draft.origin.as_deref() {
            by_origin.entry(origin).or_default().insert(id);
            by_id.entry(id).or_default().insert(origin);
        }
    }
    let list = |names: &BTreeSet<&str>| names.iter().copied().collect::<Vec<_>>().join(" and ");
    if let Some((origin, ids)) = by_origin.iter().find(|(_, ids)| ids.len() > 1) {
        return Err(Failure::new(format!("{origin} would become {}", list(ids)))
            .help("these are versions of one prompt: give it one name with --id, or name the files alike"));
    }
    if let Some((id, origins)) = by_id.iter().find(|(_, origins)| origins.len() > 1) {
        return Err(
            Failure::new(format!("{} would both become {id}", list(origins))).help("import them one by one")
        );
    }
    Ok(())
}

/// The version that the draft, its file or the user names.
fn known_version(draft: &mut Draft, wish: &Wish<'_>) -> Result<Option<u64>, Failure> {
    let own = draft.version.or(draft.named_version);
    if let (Some(version), Some(named)) = (draft.version, draft.named_version)
        && version != named
    {
        draft.check(format!("the file's name says version {named}, its content {version}"));
    }
    match (own, wish.version) {
        (Some(own), Some(wished)) if own != wished => {
            Err(Failure::new(format!("{} is version {own}, --version says {wished}", draft.source))
                .help("leave out --version: applications ask for the version by its number"))
        }
        (own, wished) => Ok(own.or(wished)),
    }
}

/// The next version; or the one that says the same already, so that a second run changes nothing.
fn free_version(files: &[File], placed: &[Placed], id: &str, text: &str) -> Result<u64, Failure> {
    let mut highest = 0;
    for (version, other) in versions(files, id) {
        if other == text.as_bytes() {
            return Ok(version);
        }
        highest = highest.max(version);
    }
    let planned = placed.iter().filter(|file| file.id == id).map(|file| file.version).max();
    match highest.max(planned.unwrap_or(0)) + 1 {
        version if version <= u64::from(MAX_VERSION) => Ok(version),
        _ => Err(Failure::new(format!("{id} has no free version left")).help("choose one with --version")),
    }
}

/// The versions of a prompt in a folder.
fn versions<'f>(files: &'f [File], id: &str) -> impl Iterator<Item = (u64, &'f [u8])> {
    files.iter().filter_map(move |file| {
        let (name, version) = split(&file.name)?;
        (name == id).then_some((version.unwrap_or(1), file.bytes.as_slice()))
    })
}

/// Splits `name.v2` into name and version; none where the name is no id.
pub(super) fn split(name: &str) -> Option<(String, Option<u64>)> {
    let reference = Reference::new(name, Selector::Default).ok()?;
    let version = match reference.selector {
        Selector::Version(version) => Some(version),
        _ => None,
    };
    Some((reference.id.to_string(), version))
}

/// Where a version stands, or will. `name.prompt` is version 1, where it is there.
fn path(folder: &Path, files: &[File], id: &str, version: u64) -> PathBuf {
    let short = files.iter().find(|file| version == 1 && file.name == id);
    match short {
        Some(file) => file.path.clone(),
        None => folder.join(format!("{id}.v{version}.{EXTENSION}")),
    }
}

fn set_label(placed: &mut [Placed], label: &WishedLabel) -> Result<(), Failure> {
    let ids: BTreeSet<&str> = placed.iter().map(|file| file.id.as_str()).collect();
    let one_version_each = ids.len() == placed.len();
    match label.version {
        None if !one_version_each => {
            return Err(Failure::new(format!(
                "the label {} can name one version of a prompt only",
                label.name
            ))
            .help(format!("say which: --label {}=3", label.name)));
        }
        Some(version) if !placed.iter().any(|file| file.version == version) => {
            return Err(Failure::new(format!("there is no version {version} to be labelled {}", label.name)));
        }
        _ => {}
    }
    let labelled =
        placed.iter_mut().filter(|file| label.version.is_none_or(|version| version == file.version));
    for file in labelled {
        file.text = file.draft.text(Some(&label.name))?;
    }
    Ok(())
}

/// Notes old ids that would have to be aliases, and are ids of prompts in the folder.
fn check_aliases(files: &[File], placed: &mut [Placed]) {
    let mut noted = BTreeSet::new();
    for Placed { draft, id, .. } in placed {
        let Some(origin) = draft.origin.clone().filter(|origin| origin != id) else { continue };
        if versions(files, &origin).next().is_some() && noted.insert(origin.clone()) {
            draft.check(format!(
                "the folder has a prompt {origin}, too: remove its files before you add the alias, which \
                 can't be the id of a prompt"
            ));
        }
    }
}

fn status(file: &Placed) -> Result<Status, Failure> {
    if !file.path.exists() {
        return Ok(Status::New);
    }
    let before = fs::read(&file.path).map_err(|error| Failure::io("read", &file.path, error))?;
    Ok(if before == file.text.as_bytes() { Status::Unchanged } else { Status::Different })
}

/// Whether the folder will still make a bundle, as far as the new files go.
fn check_folder(folder: &Path, files: &[File], placed: &[Placed]) -> Result<(), Failure> {
    let new: Vec<(String, &str)> =
        placed.iter().map(|file| (folder::name(folder, &file.path), file.text.as_str())).collect();
    folder::check_new(files, &new)
}
