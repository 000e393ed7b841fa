//! Prompts from elsewhere: what to ask a registry, and what its answer means.
//!
//! A [`Source`] is a registry as the operator configured it. It turns a [`Reference`] into requests
//! and a response into a prompt; whoever hosts the engine sends them. Each kind of registry is one
//! file with two such functions, and a line in [`PROVIDERS`].
//!
//! Answers are somebody else's text. They are bounded, and no error quotes them.

mod base64;
mod bitbucket;
mod dotprompt;
mod encode;
mod error;
mod generic;
mod git;
mod github;
mod gitlab;
mod json;
mod langfuse;
mod litellm;
mod message;
mod promptgate;
mod settings;
mod source;
mod status;

use std::fmt;

use crate::catalog::{Catalog, Entry, Label, Reference};

pub use error::FetchError;
pub use message::{Request, Response};
pub use promptgate::MAX_BUNDLE;
pub use settings::{Kind, Setting, SettingError, Settings};
pub use source::{MAX_ANSWER, Source};

use source::Address;

/// Every kind of registry, by name.
pub static PROVIDERS: [&Provider; 7] = [
    &promptgate::PROVIDER,
    &litellm::PROVIDER,
    &bitbucket::PROVIDER,
    &gitlab::PROVIDER,
    &github::PROVIDER,
    &generic::PROVIDER,
    &langfuse::PROVIDER,
];

/// A kind of registry.
pub struct Provider {
    /// What `registry.provider` calls it.
    pub name: &'static str,
    /// The authority of the public service, where there is one.
    pub authority: Option<&'static str>,
    /// What precedes every path of its API, unless the operator says otherwise.
    pub base_path: &'static str,
    /// The settings that it takes beside those of every registry.
    pub settings: &'static [Setting],
    /// Whether a version can be asked for by label.
    pub labels: bool,
    /// Whether a version, once there, never changes. Where it may, an entry that was fetched by number
    /// has to be revalidated like any other.
    pub immutable_versions: bool,
    /// Whether it hands out all prompts at once: see [`Source::bundle_request`].
    pub bundle: bool,
    address: fn(&str, &Settings) -> Result<Address, SettingError>,
    /// The paths to ask for, in order, each if the one before is not found; at least one.
    paths: fn(&Source, &Reference) -> Result<Vec<String>, FetchError>,
    read: fn(&Reference, &Response<'_>) -> Result<Content, FetchError>,
}

impl Provider {
    /// The provider of that name.
    pub fn find(name: &str) -> Option<&'static Provider> {
        PROVIDERS.into_iter().find(|provider| provider.name == name)
    }
}

/// What a registry says about one reference.
#[derive(Debug)]
pub struct Answer {
    /// What to send as `If-None-Match` the next time.
    pub etag: Option<String>,
    /// The prompt.
    pub content: Content,
}

/// The prompt in an [`Answer`].
pub enum Content {
    /// What was fetched before still holds.
    Unchanged,
    /// The one version that was asked for.
    Version {
        /// The text of a `.prompt` file.
        text: String,
        /// Its number, where the registry tells it.
        number: Option<u32>,
        /// The label that it was asked for by.
        label: Option<Label>,
    },
    /// All versions and labels of the prompt.
    Entry(Entry),
}

/// What a registry says about all of its prompts.
#[derive(Debug)]
pub struct Bundle {
    /// What to send as `If-None-Match` the next time.
    pub etag: Option<String>,
    /// The prompts, or nothing where those fetched before still hold.
    pub catalog: Option<Catalog>,
    /// Whether the server waits for a change, so that the next request need not wait for `refresh`.
    pub waits: bool,
}

/// Shows numbers and labels only: texts of prompts belong into no log.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Content::Unchanged => f.write_str("Unchanged"),
            Content::Version { number, label, .. } => f
                .debug_struct("Version")
                .field("number", number)
                .field("label", label)
                .finish_non_exhaustive(),
            Content::Entry(entry) => entry.fmt(f),
        }
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
