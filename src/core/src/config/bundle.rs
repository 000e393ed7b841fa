//! The prompts that come with the configuration.

use serde_json::Value;

use super::error::ConfigError;
use super::host::Verification;
use super::node::Node;
use super::read::{Fields, Path, expected, string, version};
use super::text;
use crate::catalog::{Catalog, Entry, EntryError, Hasher, Label, PromptId, Selector, Text, version_number};

const DIGEST_PREFIX: &str = "sha256:";
const DIGEST_DIGITS: usize = 64;

/// The place of an error about the digest, in [`bundle_from_json`].
pub(crate) const REVISION: &str = "revision";

/// Reads the JSON of a bundle, as `promptgate bundle` writes it.
pub(crate) fn bundle_from_json(text: &[u8], verification: Verification<'_>) -> Result<Catalog, ConfigError> {
    read(text::node(text)?, &Path::root(), verification)
}

/// Reads the JSON of one prompt of a bundle.
pub(crate) fn entry_from_json(text: &[u8]) -> Result<Entry, ConfigError> {
    read_entry(text::node(text)?, &Path::root())
}

/// Reads `bundle`. The texts are moved, never copied or compiled.
pub(super) fn read(node: Node, path: &Path, verification: Verification<'_>) -> Result<Catalog, ConfigError> {
    let mut fields = Fields::of(node.members(path)?, path, &[REVISION, "prompts"])?;
    let revision = fields.read(REVISION, |node, path| read_revision(node.into_value(), path))?;
    let prompts = fields.required("prompts", |node, path| node.members(path).map(Node::Members))?;
    let mut catalog = Catalog::new();
    if let Some(revision) = revision {
        let digest = || {
            let mut hasher = Hasher::default();
            prompts.hash(&mut hasher);
            hasher.finish()
        };
        if !verification.holds(|| digest() == revision) {
            return Err(path.key(REVISION).error(
                "is not the digest of these prompts, write the bundle anew with `promptgate bundle`",
            ));
        }
        catalog.set_revision(revision);
    }
    let path = path.key("prompts");
    let prompts = prompts.members(&path)?;
    catalog.reserve(prompts.len());
    for (key, node) in prompts {
        let path = path.key(&key);
        let id = PromptId::parse(&key).map_err(|error| path.error(error))?;
        if id.has_version_suffix() {
            return Err(path.error(
                "a prompt id may not end in a version such as \".v2\", write the versions under `versions`",
            ));
        }
        let entry = read_entry(node, &path)?;
        if !catalog.insert(id, entry) {
            return Err(path.error("is there twice"));
        }
    }
    Ok(catalog)
}

fn read_revision(value: Value, path: &Path) -> Result<String, ConfigError> {
    let text = string(value, path, "a digest such as sha256:…")?;
    let digits = text.strip_prefix(DIGEST_PREFIX).unwrap_or_default();
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if digits.len() != DIGEST_DIGITS || !digits.bytes().all(is_digit) {
        return Err(path.error(format_args!(
            "expected \"{DIGEST_PREFIX}\" and {DIGEST_DIGITS} hexadecimal digits in lower case"
        )));
    }
    Ok(text)
}

/// Reads one prompt: its text, or its labels and versions.
fn read_entry(node: Node, path: &Path) -> Result<Entry, ConfigError> {
    let members = match node {
        Node::Text(text) => return Ok(Entry::single(text)),
        Node::Members(members) => members,
        other => {
            return Err(expected("the text of a prompt, or a mapping with `versions`", &other, path));
        }
    };
    let mut fields = Fields::of(members, path, &["labels", "versions"])?;
    let versions = fields.required("versions", read_versions)?;
    let labels = fields.read("labels", read_labels)?.unwrap_or_default();
    Entry::new(versions, labels).map_err(|error| match &error {
        EntryError::LabelPointsNowhere { label, version } => path
            .key("labels")
            .key(label.as_str())
            .error(format_args!("names version {version}, which this prompt does not have")),
        EntryError::NoVersions => path.key("versions").error(error),
        _ => path.error(error),
    })
}

fn read_versions(node: Node, path: &Path) -> Result<Vec<(u32, Text)>, ConfigError> {
    let read = |(key, node): (String, Node)| {
        let path = path.key(&key);
        let number = version_number(&key)
            .map_err(|_| path.error("expected a version number such as \"1\", up to nine digits"))?;
        match node {
            Node::Text(text) => Ok((number, text)),
            other => Err(expected("the text of a prompt", &other, &path)),
        }
    };
    node.members(path)?.into_iter().map(read).collect()
}

fn read_labels(node: Node, path: &Path) -> Result<Vec<(Label, u32)>, ConfigError> {
    let read = |(key, node): (String, Node)| {
        let path = path.key(&key);
        let label = Label::parse(&key).map_err(|error| path.error(error))?;
        let version = match version(&node.into_value()) {
            Ok(Selector::Version(version)) => u32::try_from(version).ok(),
            _ => None,
        };
        match version {
            Some(version) => Ok((label, version)),
            None => Err(path.error("expected the number of a version such as 1")),
        }
    };
    node.members(path)?.into_iter().map(read).collect()
}
