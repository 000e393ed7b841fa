//! From `.prompt` files to the prompts of a bundle.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use std::fmt;

use serde_json::{Map, Value};

use super::{IdError, MAX_VERSION, PromptId, Reference, ReferenceError, Selector};
use crate::prompt::FrontMatter;

/// What files are called.
pub const EXTENSION: &str = "prompt";

/// A file that can't become part of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The file's name, as it was given.
    pub name: String,
    /// What is wrong with it.
    pub kind: FileErrorKind,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileErrorKind {
    /// Its name is no prompt id.
    Id(IdError),
    /// Its version is beyond [`MAX_VERSION`].
    Version,
    /// Another file is the same version: `name.prompt` is version 1, as is `name.v1.prompt`.
    SameVersion {
        /// That file's name.
        other: String,
    },
    /// Another version of the prompt carries the same label.
    SameLabel {
        /// The label.
        label: String,
        /// That version's file.
        other: String,
    },
}

struct File<'a> {
    name: &'a str,
    text: &'a str,
}

/// The `prompts` of a bundle, from the names of files without their extension (`folder/name`,
/// `name.v2`) and their texts.
///
/// The result depends on the set of files only, not on their order: prompts are sorted by id,
/// versions by number, labels by name. A prompt with nothing but a version 1 takes the short form.
/// Labels come from the front matters; a file whose front matter can't be read has none.
pub fn from_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Value, Vec<FileError>> {
    let mut prompts: BTreeMap<PromptId, BTreeMap<u64, File<'a>>> = BTreeMap::new();
    let mut errors = Vec::new();
    for (name, text) in files {
        match place(name) {
            Ok((id, version)) => match prompts.entry(id).or_default().entry(version) {
                Slot::Vacant(slot) => {
                    slot.insert(File { name, text });
                }
                Slot::Occupied(slot) => errors.push(FileError {
                    name: name.to_owned(),
                    kind: FileErrorKind::SameVersion { other: slot.get().name.to_owned() },
                }),
            },
            Err(kind) => errors.push(FileError { name: name.to_owned(), kind }),
        }
    }
    let mut bundle = Map::new();
    for (id, versions) in &prompts {
        let labels = labels(id, versions, &mut errors);
        bundle.insert(id.to_string(), entry(versions, &labels));
    }
    if errors.is_empty() { Ok(Value::Object(bundle)) } else { Err(errors) }
}

/// The prompt and version that a file's name stands for.
fn place(name: &str) -> Result<(PromptId, u64), FileErrorKind> {
    let reference = Reference::new(name, Selector::Default).map_err(|error| match error {
        ReferenceError::Id(error) => FileErrorKind::Id(error),
        ReferenceError::OtherVersion | ReferenceError::VersionAndLabel => FileErrorKind::Version,
    })?;
    match reference.selector {
        Selector::Version(version) if version > u64::from(MAX_VERSION) => Err(FileErrorKind::Version),
        Selector::Version(version) => Ok((reference.id, version)),
        _ => Ok((reference.id, 1)),
    }
}

fn labels<'a>(
    id: &PromptId,
    versions: &BTreeMap<u64, File<'a>>,
    errors: &mut Vec<FileError>,
) -> BTreeMap<String, (u64, &'a str)> {
    let mut labels = BTreeMap::new();
    for (version, file) in versions {
        let Ok(front_matter) = FrontMatter::of(id.as_str(), file.text) else { continue };
        for label in front_matter.labels {
            match labels.entry(label) {
                Slot::Vacant(slot) => {
                    slot.insert((*version, file.name));
                }
                Slot::Occupied(slot) => {
                    let kind = FileErrorKind::SameLabel {
                        label: slot.key().clone(),
                        other: slot.get().1.to_owned(),
                    };
                    errors.push(FileError { name: file.name.to_owned(), kind });
                }
            }
        }
    }
    labels
}

fn entry(versions: &BTreeMap<u64, File<'_>>, labels: &BTreeMap<String, (u64, &str)>) -> Value {
    if let (1, Some(file), true) = (versions.len(), versions.get(&1), labels.is_empty()) {
        return Value::from(file.text);
    }
    let mut entry = Map::new();
    if !labels.is_empty() {
        let labels = labels.iter().map(|(label, (version, _))| (label.clone(), Value::from(*version)));
        entry.insert("labels".to_owned(), Value::Object(labels.collect()));
    }
    let versions = versions.iter().map(|(version, file)| (version.to_string(), Value::from(file.text)));
    entry.insert("versions".to_owned(), Value::Object(versions.collect()));
    Value::Object(entry)
}

impl fmt::Display for FileErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileErrorKind::Id(error) => write!(f, "the file's name is the prompt's id: {error}"),
            FileErrorKind::Version => write!(f, "a version is a number from 1 to {MAX_VERSION}"),
            FileErrorKind::SameVersion { other } => {
                write!(f, "`{other}` is the same version of the same prompt: rename or remove one of them")
            }
            FileErrorKind::SameLabel { label, other } => {
                write!(f, "the label `{label}` stands in `{other}` too: it can name one version only")
            }
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.kind)
    }
}

impl std::error::Error for FileError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_become_prompts_in_any_order() {
        let mut files = [
            ("team/b", "User: b"),
            ("a", "---\nlabels: [production]\n---\nUser: one {{"),
            ("a.v10", "User: ten"),
            ("a.v2", "User: {{ broken"),
        ];
        let expected = json!({
            "a": {
                "labels": {"production": 1},
                "versions": {"1": files[1].1, "2": "User: {{ broken", "10": "User: ten"},
            },
            "team/b": "User: b",
        });
        assert_eq!(from_files(files).unwrap().to_string(), expected.to_string());
        files.reverse();
        assert_eq!(from_files(files).unwrap().to_string(), expected.to_string());
    }

    #[test]
    fn what_is_wrong_is_all_told() {
        let label = "---\nlabels: [x]\n---\nUser: q";
        let files = [("a", label), ("a.v1", "User: q"), ("a.v2", label), (".a", ""), ("a.v1234567890", "")];
        let errors = from_files(files).unwrap_err();
        let kinds: Vec<_> = errors.into_iter().map(|error| (error.name, error.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("a.v1".to_owned(), FileErrorKind::SameVersion { other: "a".to_owned() }),
                (".a".to_owned(), FileErrorKind::Id(IdError::Form)),
                ("a.v1234567890".to_owned(), FileErrorKind::Version),
                (
                    "a.v2".to_owned(),
                    FileErrorKind::SameLabel { label: "x".to_owned(), other: "a".to_owned() }
                ),
            ]
        );
    }
}
