//! Where prompts come from that the configuration does not bring itself.

use std::time::Duration;

use serde_json::{Number, Value};

use super::duration;
use super::error::ConfigError;
use super::limits::size;
use super::read::{Fields, Path, expected, integer, mapping, one_of, string};
use super::secret::{self, Environment};
use crate::registry::{Kind, PROVIDERS, Provider, Setting, Settings, Source};

/// The keys of every registry.
const KEYS: &[&str] =
    &["provider", "cluster", "authority", "base_path", "timeout", "refresh", "stale", "not_found", "cache"];

/// The key of registries that hand out all prompts at once.
const LONG_POLL: &str = "long_poll";

/// The longest text of a setting, in bytes.
const MAX_TEXT: usize = 1_024;

/// Entries of the cache are small structures; so many take some 100 MB without any text.
const MAX_ENTRIES: u64 = 1_000_000;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A registry and how it is asked.
#[derive(Debug, PartialEq, Eq)]
pub struct Registry {
    /// What is asked there.
    pub source: Source,
    /// `cluster`: Envoy's cluster.
    pub cluster: Box<str>,
    /// `authority`: HTTP's `:authority`.
    pub authority: Box<str>,
    /// `timeout`: how long an answer may take. An answer that the server holds back until something
    /// changes may take [`Registry::long_poll`] more.
    pub timeout: Duration,
    /// `refresh`: how old an entry may be before it is revalidated.
    pub refresh: Duration,
    /// `stale`: how old an entry may be that is served because the registry fails.
    pub stale: Duration,
    /// `not_found`: how long it is remembered that there is no such prompt.
    pub not_found: Duration,
    /// `long_poll`: how long a server may hold back its answer until something changes; zero where it
    /// may not, or where not all prompts are fetched at once.
    pub long_poll: Duration,
    /// `cache`: the bounds of what is kept.
    pub cache: CacheLimits,
}

/// The bounds of what is kept of a registry, in each worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheLimits {
    /// How many prompts.
    pub entries: usize,
    /// Bytes of their texts.
    pub bytes: usize,
}

impl Default for CacheLimits {
    fn default() -> Self {
        CacheLimits { entries: 10_000, bytes: 64 << 20 }
    }
}

/// Reads `registry`.
pub(super) fn read(
    value: Value,
    path: &Path,
    environment: Environment<'_>,
    warnings: &mut Vec<String>,
) -> Result<Registry, ConfigError> {
    let members = mapping(value, path)?;
    // Which keys are known depends on the provider.
    let provider = match members.get("provider") {
        Some(name) => read_provider(name.clone(), &path.key("provider"))?,
        None => return Err(path.error("needs the key \"provider\"")),
    };
    let mut known = KEYS.to_vec();
    known.extend(provider.bundle.then_some(LONG_POLL));
    known.extend(provider.settings.iter().map(|setting| setting.key));
    let mut fields = Fields::new(Value::Object(members), path, &known)?;

    let base_path = fields.read("base_path", base_path)?.unwrap_or_else(|| provider.base_path.to_owned());
    let authority = match (fields.read("authority", authority)?, provider.authority) {
        (Some(authority), _) => authority,
        (None, Some(authority)) => authority.into(),
        (None, None) => return Err(path.error("needs the key \"authority\"")),
    };
    let cluster = fields.required("cluster", cluster)?;
    let settings = read_settings(provider, &mut fields, path, environment, warnings)?;
    let source = Source::new(provider, &base_path, &settings)
        .map_err(|error| path.key(error.key).error(error.message))?;

    let millisecond = Duration::from_millis(1);
    let mut time = |key, default: Duration, least, most| {
        let read = |value, path: &Path| duration::read(value, path, least, most);
        Ok::<_, ConfigError>(fields.read(key, read)?.unwrap_or(default))
    };
    let timeout = time("timeout", 2 * SECOND, millisecond, MINUTE)?;
    let refresh = time("refresh", 30 * SECOND, SECOND, DAY)?;
    let stale = time("stale", DAY.max(refresh), Duration::ZERO, 30 * DAY)?;
    let not_found = time("not_found", 5 * SECOND, Duration::ZERO, HOUR)?;
    let long_poll = if provider.bundle {
        time(LONG_POLL, 30 * SECOND, Duration::ZERO, 10 * MINUTE)?
    } else {
        Duration::ZERO
    };
    if stale < refresh {
        return Err(path.key("stale").error("may not be shorter than `refresh`"));
    }
    let cache = fields.read("cache", read_cache)?.unwrap_or_default();
    Ok(Registry { source, cluster, authority, timeout, refresh, stale, not_found, long_poll, cache })
}

fn read_provider(value: Value, path: &Path) -> Result<&'static Provider, ConfigError> {
    let words: Vec<(&str, &'static Provider)> =
        PROVIDERS.into_iter().map(|provider| (provider.name, provider)).collect();
    one_of(value, path, &words)
}

fn read_cache(value: Value, path: &Path) -> Result<CacheLimits, ConfigError> {
    let mut fields = Fields::new(value, path, &["entries", "bytes"])?;
    let default = CacheLimits::default();
    Ok(CacheLimits {
        entries: fields.read("entries", entries)?.unwrap_or(default.entries),
        bytes: fields.read("bytes", size)?.unwrap_or(default.bytes),
    })
}

fn entries(value: Value, path: &Path) -> Result<usize, ConfigError> {
    if !value.is_number() {
        return Err(expected("a number of prompts", &value, path));
    }
    match integer(&value).filter(|entries| (1..=MAX_ENTRIES).contains(entries)).map(usize::try_from) {
        Some(Ok(entries)) => Ok(entries),
        _ => Err(path.error(format_args!("expected a whole number from 1 to {MAX_ENTRIES}"))),
    }
}

fn cluster(value: Value, path: &Path) -> Result<Box<str>, ConfigError> {
    text(value, path, "the name of an Envoy cluster").map(Into::into)
}

/// Reads a host, with a port or without.
fn authority(value: Value, path: &Path) -> Result<Box<str>, ConfigError> {
    let text = text(value, path, "a host such as \"prompts.internal\"")?;
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    if !text.bytes().all(is_host) {
        return Err(
            path.error("expected a host such as \"prompts.internal\" or \"10.0.0.7:8080\", not a URL")
        );
    }
    Ok(text.into())
}

/// Reads what precedes every path, percent-encoded as it will be sent. A `/` at its end is dropped.
fn base_path(value: Value, path: &Path) -> Result<String, ConfigError> {
    let text = string(value, path, "a path such as \"/api/v3\"")?;
    let text = text.trim_end_matches('/');
    if text.len() > MAX_TEXT {
        return Err(path.error(format_args!("may not be longer than {MAX_TEXT} bytes")));
    }
    if !text.is_empty() && !text.starts_with('/') {
        return Err(path.error("a path starts with \"/\""));
    }
    if text.contains(['?', '#']) {
        return Err(path.error("a path has no query"));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(path.error("a path is ASCII without spaces; percent-encode everything else"));
    }
    if text.split('/').skip(1).any(|segment| matches!(segment, "" | "." | "..")) {
        return Err(path.error("no part of a path is empty, \".\" or \"..\""));
    }
    Ok(text.to_owned())
}

fn read_settings(
    provider: &'static Provider,
    fields: &mut Fields,
    path: &Path,
    environment: Environment<'_>,
    warnings: &mut Vec<String>,
) -> Result<Settings, ConfigError> {
    let mut settings = Settings::default();
    for setting in provider.settings {
        match fields.take(setting.key) {
            Some((path, value)) => read_setting(setting, value, &path, environment, warnings, &mut settings)?,
            None if setting.required => {
                return Err(path.error(format_args!("needs the key \"{}\"", setting.key)));
            }
            None => {}
        }
    }
    Ok(settings)
}

fn read_setting(
    setting: &Setting,
    value: Value,
    path: &Path,
    environment: Environment<'_>,
    warnings: &mut Vec<String>,
    settings: &mut Settings,
) -> Result<(), ConfigError> {
    let text = match setting.kind {
        Kind::Name => name(value, path)?,
        Kind::Path => names(value, path)?,
        Kind::Word(words) => {
            let words: Vec<(&str, &str)> = words.iter().map(|word| (*word, *word)).collect();
            one_of(value, path, &words)?.to_owned()
        }
        Kind::Credential { secret } => match secret::read(value, path, environment)? {
            secret::Credential::Inline(text) => {
                if secret {
                    warnings.push(format!("{path}: {}", secret::INLINE));
                }
                text
            }
            secret::Credential::Resolved(text) => text,
            secret::Credential::Unresolved => return Ok(()),
        },
        Kind::Query => return query(value, path, settings),
    };
    settings.set(setting.key, text);
    Ok(())
}

/// Reads a name that becomes one segment of a path.
fn name(value: Value, path: &Path) -> Result<String, ConfigError> {
    let text = text(value, path, "a name")?;
    if text.contains('/') {
        return Err(path.error("a name holds no \"/\""));
    }
    check_segments(&text, path)?;
    Ok(text)
}

/// Reads names joined by `/`, or a whole number. A `/` at either end is dropped.
fn names(value: Value, path: &Path) -> Result<String, ConfigError> {
    if let Some(number) = integer(&value) {
        return Ok(number.to_string());
    }
    let text = text(value, path, "a name such as \"group/prompts\"")?;
    let text = text.trim_matches('/');
    check_segments(text, path)?;
    Ok(text.to_owned())
}

/// `..` would lead a path out of where it belongs, however it is encoded.
fn check_segments(text: &str, path: &Path) -> Result<(), ConfigError> {
    if text.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
        return Err(path.error("no part of it may be empty, \".\" or \"..\""));
    }
    Ok(())
}

/// Reads text that is not empty, of bounded length, and without control characters.
fn text(value: Value, path: &Path, what: &str) -> Result<String, ConfigError> {
    let text = string(value, path, what)?;
    if text.trim().is_empty() {
        return Err(path.error("may not be empty"));
    }
    if text.len() > MAX_TEXT {
        return Err(path.error(format_args!("may not be longer than {MAX_TEXT} bytes")));
    }
    if text.chars().any(char::is_control) {
        return Err(path.error("may not hold control characters"));
    }
    Ok(text)
}

/// Reads a mapping of names to texts, numbers or booleans.
fn query(value: Value, path: &Path, settings: &mut Settings) -> Result<(), ConfigError> {
    for (name, value) in mapping(value, path)? {
        let path = path.key(&name);
        let value = match value {
            Value::String(text) => text,
            Value::Bool(flag) => flag.to_string(),
            Value::Number(number) => show(&number),
            other => return Err(expected("a text, a number or a boolean", &other, &path)),
        };
        settings.add_to_query(name, value);
    }
    Ok(())
}

/// `5.0` is 5: tools that go through a protobuf Struct write it so.
fn show(number: &Number) -> String {
    integer(&Value::Number(number.clone())).map_or_else(|| number.to_string(), |number| number.to_string())
}
