//! The prompts that come with the configuration.

use serde_json::Value;

use super::error::ConfigError;
use super::read::{Fields, Path, expected, mapping, string, version};
use super::text;
use crate::catalog::{Catalog, Entry, EntryError, Label, PromptId, Selector, digest, version_number};

const DIGEST_PREFIX: &str = "sha256:";
const DIGEST_DIGITS: usize = 64;

/// The place of an error about the digest, in [`bundle_from_json`].
pub(crate) const REVISION: &str = "revision";

/// Reads the JSON of a bundle, as `promptgate bundle` writes it.
pub(crate) fn bundle_from_json(text: &[u8]) -> Result<Catalog, ConfigError> {
    read(text::json(text)?, &Path::root())
}

/// Reads the JSON of one prompt of a bundle.
pub(crate) fn entry_from_json(text: &[u8]) -> Result<Entry, ConfigError> {
    read_entry(text::json(text)?, &Path::root())
}

/// Reads `bundle`. The texts are moved, never copied or compiled.
pub(super) fn read(value: Value, path: &Path) -> Result<Catalog, ConfigError> {
    let mut fields = Fields::new(value, path, &[REVISION, "prompts"])?;
    let revision = fields.read(REVISION, read_revision)?;
    let prompts = fields.required("prompts", |value, path| mapping(value, path).map(Value::Object))?;
    let mut catalog = Catalog::new();
    if let Some(revision) = revision {
        if digest(&prompts) != revision {
            return Err(path.key(REVISION).error(
                "is not the digest of these prompts, write the bundle anew with `promptgate bundle`",
            ));
        }
        catalog.set_revision(revision);
    }
    let path = path.key("prompts");
    let prompts = mapping(prompts, &path)?;
    catalog.reserve(prompts.len());
    for (key, value) in prompts {
        let path = path.key(&key);
        let id = PromptId::parse(&key).map_err(|error| path.error(error))?;
        if id.has_version_suffix() {
            return Err(path.error(
                "a prompt id may not end in a version such as \".v2\", write the versions under `versions`",
            ));
        }
        let entry = read_entry(value, &path)?;
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
fn read_entry(value: Value, path: &Path) -> Result<Entry, ConfigError> {
    let value = match value {
        Value::String(text) => return Ok(Entry::single(text)),
        Value::Object(_) => value,
        other => {
            return Err(expected("the text of a prompt, or a mapping with `versions`", &other, path));
        }
    };
    let mut fields = Fields::new(value, path, &["labels", "versions"])?;
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

fn read_versions(value: Value, path: &Path) -> Result<Vec<(u32, String)>, ConfigError> {
    let read = |(key, value): (String, Value)| {
        let path = path.key(&key);
        let number = version_number(&key)
            .map_err(|_| path.error("expected a version number such as \"1\", up to nine digits"))?;
        Ok((number, string(value, &path, "the text of a prompt")?))
    };
    mapping(value, path)?.into_iter().map(read).collect()
}

fn read_labels(value: Value, path: &Path) -> Result<Vec<(Label, u32)>, ConfigError> {
    let read = |(key, value): (String, Value)| {
        let path = path.key(&key);
        let label = Label::parse(&key).map_err(|error| path.error(error))?;
        let version = match version(&value) {
            Ok(Selector::Version(version)) => u32::try_from(version).ok(),
            _ => None,
        };
        match version {
            Some(version) => Ok((label, version)),
            None => Err(path.error("expected the number of a version such as 1")),
        }
    };
    mapping(value, path)?.into_iter().map(read).collect()
}
