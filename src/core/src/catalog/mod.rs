//! Prompts by id, version and label.
//!
//! A [`Catalog`] is built once from a bundle and never changes: a new configuration is a new
//! catalogue, and requests in flight keep theirs. Texts are compiled when they are first asked for,
//! so that loading 10,000 prompts costs no more than moving their texts.

mod digest;
mod entry;
mod files;
mod id;
mod reference;
mod text;

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry as Slot};
use std::fmt;
use std::hash::BuildHasherDefault;

use crate::prompt::{Prompt, PromptError};

pub(crate) use digest::Hasher;
pub use digest::digest;
pub use entry::{Entry, EntryError, Version};
pub use files::{EXTENSION, FileError, FileErrorKind, from_files};
pub use id::{IdError, Label, LabelError, PromptId};
pub(crate) use reference::version_number;
pub use reference::{MAX_VERSION, Reference, ReferenceError, Selector, VersionError};
pub use text::Text;

/// A hash map without a random seed: its keys are the operator's, never a client's, so that nobody
/// can choose keys that collide.
pub(crate) type Table<V> = HashMap<Box<str>, V, BuildHasherDefault<DefaultHasher>>;

/// The prompts of a bundle.
#[derive(Default)]
pub struct Catalog {
    entries: Table<Entry>,
    revision: Option<Box<str>>,
}

/// One version of one prompt: what a request gets.
#[derive(Debug)]
pub struct Resolved<'a> {
    /// The prompt's id as the catalogue has it.
    pub id: &'a str,
    /// The version that was chosen.
    pub version: u32,
    /// The label that chose it, be it the request's or the default label.
    pub label: Option<&'a str>,
    /// The compiled prompt, or what is wrong with its text.
    pub prompt: &'a Result<Prompt, PromptError>,
}

/// What a reference asks for and the catalogue does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// No prompt has this id.
    Prompt,
    /// The prompt has no such version.
    Version,
    /// The prompt has no such label.
    Label,
}

/// A prompt whose text does not compile.
#[derive(Debug)]
pub struct Problem<'a> {
    /// The prompt's id.
    pub id: &'a str,
    /// The version at fault.
    pub version: u32,
    /// What is wrong with it.
    pub error: &'a PromptError,
}

impl Catalog {
    /// A catalogue without prompts.
    pub fn new() -> Self {
        Catalog::default()
    }

    /// Adds a prompt; false if its id is taken, and then nothing changes.
    pub fn insert(&mut self, id: PromptId, entry: Entry) -> bool {
        match self.entries.entry(id.into()) {
            Slot::Occupied(_) => false,
            Slot::Vacant(slot) => {
                slot.insert(entry);
                true
            }
        }
    }

    /// Makes room for `additional` more prompts.
    pub fn reserve(&mut self, additional: usize) {
        self.entries.reserve(additional);
    }

    /// Records the revision that came with the bundle, `sha256:…`.
    pub fn set_revision(&mut self, revision: impl Into<Box<str>>) {
        self.revision = Some(revision.into());
    }

    /// The revision that came with the bundle. A bundle without one is not hashed for it, because
    /// every worker of the gateway would repeat that work.
    pub fn revision(&self) -> Option<&str> {
        self.revision.as_deref()
    }

    /// Finds a version of a prompt and compiles it if this is its first use.
    ///
    /// Without version and label ([`Selector::Default`]) `default_label` decides where the prompt
    /// has it, and otherwise the highest version is taken.
    pub fn resolve(
        &self,
        id: &str,
        selector: &Selector,
        default_label: Option<&str>,
    ) -> Result<Resolved<'_>, NotFound> {
        let (id, entry) = self.entries.get_key_value(id).ok_or(NotFound::Prompt)?;
        entry.resolve(id, selector, default_label)
    }

    /// Whether a prompt, and the version or label of it, is there; compiles nothing.
    pub fn find(&self, id: &str, selector: &Selector) -> Result<(), NotFound> {
        let entry = self.entries.get(id).ok_or(NotFound::Prompt)?;
        entry.select(selector, None).map(|_| ())
    }

    /// One prompt's versions and labels.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// Whether a prompt with this id is there.
    pub fn contains(&self, id: &str) -> bool {
        self.entries.contains_key(id)
    }

    /// The ids of all prompts, in no particular order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(|id| &**id)
    }

    /// Whether any prompt carries this label.
    pub fn has_label(&self, label: &str) -> bool {
        self.entries.values().any(|entry| entry.label(label).is_some())
    }

    /// How many prompts there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no prompts.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Compiles every version of every prompt and returns those that fail, by id and version.
    pub fn check(&self) -> Vec<Problem<'_>> {
        let mut problems = Vec::new();
        for (id, entry) in &self.entries {
            for version in entry.versions() {
                if let Err(error) = version.compiled(id) {
                    problems.push(Problem { id, version: version.number(), error });
                }
            }
        }
        problems.sort_by_key(|problem| (problem.id, problem.version));
        problems
    }
}

/// Shows sizes only: texts of prompts belong into no log.
impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalog")
            .field("prompts", &self.entries.len())
            .field("revision", &self.revision)
            .finish()
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotFound::Prompt => "no such prompt",
            NotFound::Version => "the prompt has no such version",
            NotFound::Label => "the prompt has no such label",
        })
    }
}

impl std::error::Error for NotFound {}

#[cfg(test)]
mod tests;
