//! One prompt of the catalogue: its versions and the labels that name them.

use std::cell::{Cell, OnceCell};
use std::fmt;

use super::{Label, MAX_VERSION, NotFound, Resolved, Selector, Text};
use crate::prompt::{Prompt, PromptError};

/// How many bytes a compiled prompt takes for each byte of its text, where it is not a dense one.
const COMPILED: usize = 12;

/// A prompt's versions and labels. There is at least one version, and no label points nowhere.
pub struct Entry {
    /// In ascending order of their numbers, each number once.
    versions: Box<[Version]>,
    /// In ascending order of their names.
    labels: Box<[(Label, u32)]>,
}

/// One immutable version.
pub struct Version {
    number: u32,
    /// Moved into the compiled prompt on first use, so that a text is held once.
    text: Cell<Text>,
    /// Boxed, because most prompts of a large bundle are never asked for.
    compiled: OnceCell<Box<Result<Prompt, PromptError>>>,
}

/// Why versions and labels don't make a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryError {
    /// There is no version at all.
    NoVersions,
    /// A version number is zero or beyond [`MAX_VERSION`].
    VersionOutOfRange(u32),
    /// Two versions have the same number.
    DuplicateVersion(u32),
    /// Two versions have the same label.
    DuplicateLabel(Label),
    /// A label names a version that is not there.
    LabelPointsNowhere {
        /// The label.
        label: Label,
        /// The version that it names.
        version: u32,
    },
}

impl Entry {
    /// A prompt with a single text: version 1, no labels.
    pub fn single(text: impl Into<Text>) -> Self {
        Entry { versions: Box::new([Version::new(1, text.into())]), labels: Box::default() }
    }

    /// A prompt of several versions, in any order.
    pub fn new<T: Into<Text>>(
        versions: impl IntoIterator<Item = (u32, T)>,
        labels: impl IntoIterator<Item = (Label, u32)>,
    ) -> Result<Self, EntryError> {
        let mut versions: Vec<Version> =
            versions.into_iter().map(|(number, text)| Version::new(number, text.into())).collect();
        versions.sort_by_key(Version::number);
        if versions.is_empty() {
            return Err(EntryError::NoVersions);
        }
        let mut previous = None;
        for version in &versions {
            if version.number == 0 || version.number > MAX_VERSION {
                return Err(EntryError::VersionOutOfRange(version.number));
            }
            if previous.replace(version.number) == Some(version.number) {
                return Err(EntryError::DuplicateVersion(version.number));
            }
        }
        let mut labels: Vec<(Label, u32)> = labels.into_iter().collect();
        labels.sort();
        let mut previous: Option<&Label> = None;
        for (label, version) in &labels {
            if previous.replace(label) == Some(label) {
                return Err(EntryError::DuplicateLabel(label.clone()));
            }
            if versions.binary_search_by_key(version, Version::number).is_err() {
                return Err(EntryError::LabelPointsNowhere { label: label.clone(), version: *version });
            }
        }
        Ok(Entry { versions: versions.into(), labels: labels.into() })
    }

    /// The versions in ascending order of their numbers.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The labels in ascending order, each with the number of the version that it names.
    pub fn labels(&self) -> impl Iterator<Item = (&str, u32)> {
        self.labels.iter().map(|(label, version)| (label.as_str(), *version))
    }

    /// Finds a version and compiles it if this is its first use; see [`Catalog::resolve`].
    ///
    /// [`Catalog::resolve`]: super::Catalog::resolve
    pub fn resolve<'e>(
        &'e self,
        id: &'e str,
        selector: &Selector,
        default_label: Option<&str>,
    ) -> Result<Resolved<'e>, NotFound> {
        let (version, label) = self.select(selector, default_label)?;
        Ok(Resolved { id, version: version.number(), label, prompt: version.compiled(id) })
    }

    /// About how many bytes it takes, once all versions are compiled.
    pub(crate) fn weight(&self) -> usize {
        let weight = |version: &Version| match version.compiled.get() {
            Some(compiled) => match &**compiled {
                Ok(prompt) => prompt.template.weight(),
                Err(_) => 0,
            },
            None => {
                let text = version.text.take();
                let bytes = text.len();
                version.text.set(text);
                bytes.saturating_mul(COMPILED)
            }
        };
        self.versions.iter().map(weight).sum()
    }

    /// The label's name as this prompt holds it, and the version that it names.
    pub(super) fn label(&self, name: &str) -> Option<(&str, u32)> {
        let at = self.labels.binary_search_by(|(label, _)| label.as_str().cmp(name)).ok()?;
        self.labels.get(at).map(|(label, version)| (label.as_str(), *version))
    }

    /// The version that a selector means, and the label if one decided.
    pub(super) fn select(
        &self,
        selector: &Selector,
        default_label: Option<&str>,
    ) -> Result<(&Version, Option<&str>), NotFound> {
        let label = match selector {
            Selector::Latest => None,
            Selector::Version(number) => {
                let number = u32::try_from(*number).map_err(|_| NotFound::Version)?;
                return Ok((self.version(number).ok_or(NotFound::Version)?, None));
            }
            Selector::Label(name) => Some(self.label(name.as_str()).ok_or(NotFound::Label)?),
            Selector::Default => default_label.and_then(|name| self.label(name)),
        };
        match label {
            Some((name, number)) => Ok((self.version(number).ok_or(NotFound::Version)?, Some(name))),
            None => Ok((self.versions.last().ok_or(NotFound::Version)?, None)),
        }
    }

    fn version(&self, number: u32) -> Option<&Version> {
        let at = self.versions.binary_search_by_key(&number, Version::number).ok()?;
        self.versions.get(at)
    }
}

impl Version {
    fn new(number: u32, text: Text) -> Self {
        Version { number, text: Cell::new(text), compiled: OnceCell::new() }
    }

    /// The version's number.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The compiled prompt, or what is wrong with its text; `id` is the prompt's.
    pub fn compiled(&self, id: &str) -> &Result<Prompt, PromptError> {
        self.compiled.get_or_init(|| Box::new(Prompt::parse(id, &self.text.take().read())))
    }

    /// Whether this version was asked for before.
    #[cfg(test)]
    pub(super) fn is_compiled(&self) -> bool {
        self.compiled.get().is_some()
    }
}

/// Shows numbers and labels only: texts of prompts belong into no log.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<u32> = self.versions.iter().map(Version::number).collect();
        f.debug_struct("Entry").field("versions", &numbers).field("labels", &self.labels).finish()
    }
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EntryError::NoVersions => f.write_str("needs at least one version"),
            EntryError::VersionOutOfRange(number) => {
                write!(f, "version {number} is not a number from 1 to {MAX_VERSION}")
            }
            EntryError::DuplicateVersion(number) => write!(f, "version {number} is there twice"),
            EntryError::DuplicateLabel(label) => {
                write!(f, "label \"{}\" is there twice", label.as_str())
            }
            EntryError::LabelPointsNowhere { label, version } => write!(
                f,
                "label \"{}\" names version {version}, which this prompt does not have",
                label.as_str()
            ),
        }
    }
}

impl std::error::Error for EntryError {}
