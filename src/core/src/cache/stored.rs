//! A prompt that came from a registry.

use crate::catalog::{Entry, Label, NotFound, PromptId, Reference, Resolved, Selector};
use crate::registry::{Content, FetchError};

/// A prompt that came from a registry.
pub(super) struct Stored {
    id: PromptId,
    entry: Entry,
    /// One version, whatever was asked for; else all versions, to choose from.
    single: bool,
    /// The label that chose that version.
    label: Option<Label>,
    fixed: bool,
}

impl Stored {
    /// The prompt in an answer to `reference`. A version that is asked for by number never changes
    /// where versions are `immutable`.
    pub(super) fn new(
        reference: &Reference,
        content: Content,
        immutable: bool,
    ) -> Result<Stored, FetchError> {
        let id = reference.id.clone();
        match content {
            Content::Entry(entry) => Ok(Stored { id, entry, single: false, label: None, fixed: false }),
            Content::Version { text, number, label } => {
                let asked = match reference.selector {
                    Selector::Version(number) => u32::try_from(number).ok(),
                    _ => None,
                };
                // A registry that counts no versions has the first.
                let number = number.or(asked).unwrap_or(1);
                let entry = Entry::new(vec![(number, text)], Vec::new())
                    .map_err(|_| FetchError::Malformed("a version number from 1 on"))?;
                Ok(Stored { id, entry, single: true, label, fixed: immutable && asked.is_some() })
            }
            Content::Unchanged => Err(FetchError::Malformed("a prompt")),
        }
    }

    pub(super) fn resolve(
        &self,
        selector: &Selector,
        default_label: Option<&str>,
    ) -> Result<Resolved<'_>, NotFound> {
        let id = self.id.as_str();
        if !self.single {
            return self.entry.resolve(id, selector, default_label);
        }
        let resolved = self.entry.resolve(id, &Selector::Latest, None)?;
        Ok(Resolved { label: self.label.as_ref().map(Label::as_str), ..resolved })
    }

    /// Whether a single version compiles; of several each is compiled when it is used.
    pub(super) fn compiles(&self) -> bool {
        !self.single || self.resolve(&Selector::Latest, None).is_ok_and(|resolved| resolved.prompt.is_ok())
    }

    /// Whether it never changes.
    pub(super) fn is_fixed(&self) -> bool {
        self.fixed
    }

    /// About how many bytes it takes.
    pub(super) fn weight(&self) -> usize {
        self.entry.weight()
    }
}
