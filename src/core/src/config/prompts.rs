//! The prompts that are known when a configuration is read.

use crate::catalog::{Catalog, NotFound, Reference};

/// The prompts that names in a configuration may lead to.
#[derive(Clone, Copy)]
pub(super) struct Prompts<'a> {
    /// Those that come with the configuration.
    pub(super) catalog: &'a Catalog,
    /// Whether there is a registry: what it holds is known only when it is asked.
    pub(super) registry: bool,
}

impl Prompts<'_> {
    /// Whether a reference leads to a prompt, as far as that is known.
    pub(super) fn find(&self, reference: &Reference) -> Result<(), NotFound> {
        if self.registry {
            return Ok(());
        }
        self.catalog.find(reference.id.as_str(), &reference.selector)
    }

    /// Whether there is a prompt with this id, as far as that is known.
    pub(super) fn may_hold(&self, id: &str) -> bool {
        self.registry || self.catalog.contains(id)
    }

    /// Whether some prompt carries this label, as far as that is known.
    pub(super) fn may_have_label(&self, label: &str) -> bool {
        self.registry || self.catalog.has_label(label)
    }
}
