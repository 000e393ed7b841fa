//! Settings that depend on where a request goes.

use std::borrow::Cow;
use std::rc::Rc;

use serde_json::Value;

use super::error::ConfigError;
use super::models::{Aliases, Models, read_aliases, read_models};
use super::path::{is_below, normalize};
use super::pattern::{Pattern, pattern_text};
use super::policy::{self, Policy};
use super::prompts::Prompts;
use super::read::{Fields, Path, list, string};
use crate::catalog::Label;

const RULE_KEYS: &[&str] = &["match", "policy", "default_label", "models", "aliases"];
const MATCH_KEYS: &[&str] = &["route", "host", "path_prefix"];

/// What holds for a request, once it is known where it goes.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What clients may do.
    pub policy: Rc<Policy>,
    /// The label that chooses a version where the request does not.
    pub default_label: Option<Label>,
    /// Model bindings.
    pub models: Rc<Models>,
    /// Other names of prompts.
    pub aliases: Rc<Aliases>,
}

/// The general settings and those of the rules, worked out once.
#[derive(Debug, Default)]
pub(super) struct Rules {
    general: Rc<Settings>,
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    matcher: Matcher,
    settings: Rc<Settings>,
}

/// All that is given has to match.
#[derive(Debug)]
struct Matcher {
    route: Option<Pattern>,
    host: Option<Pattern>,
    path_prefix: Option<Box<str>>,
}

impl Rules {
    pub(super) fn settings(&self, route: Option<&str>, host: &str, path: &str) -> &Rc<Settings> {
        if self.rules.is_empty() {
            return &self.general;
        }
        let host = bare_host(host);
        let path = normalize(path);
        self.rules
            .iter()
            .find(|rule| rule.matcher.matches(route, &host, &path))
            .map_or(&self.general, |rule| &rule.settings)
    }

    pub(super) fn need_route(&self) -> bool {
        self.rules.iter().any(|rule| rule.matcher.route.is_some())
    }

    pub(super) fn default_settings(&self) -> &Rc<Settings> {
        &self.general
    }
}

impl Matcher {
    fn matches(&self, route: Option<&str>, host: &str, path: &str) -> bool {
        // A route without a name matches no pattern, not even "*".
        let route_matches = self
            .route
            .as_ref()
            .is_none_or(|pattern| route.is_some_and(|route| !route.is_empty() && pattern.matches(route)));
        route_matches
            && self.host.as_ref().is_none_or(|pattern| pattern.matches(host))
            && self.path_prefix.as_ref().is_none_or(|prefix| is_below(path, prefix))
    }
}

/// Reads the top level's `aliases`, `models`, `policy`, `default_label`, and `rules`.
pub(super) fn read(
    fields: &mut Fields,
    prompts: Prompts<'_>,
    warnings: &mut Vec<String>,
) -> Result<Rules, ConfigError> {
    let general = read_settings(fields, &Settings::default(), prompts, warnings)?;
    let rules = match fields.take("rules") {
        None => Vec::new(),
        Some((path, value)) => list(value, &path, "a list of rules")?
            .into_iter()
            .enumerate()
            .map(|(at, value)| read_rule(value, &path.index(at), &general, prompts, warnings))
            .collect::<Result<_, _>>()?,
    };
    Ok(Rules { general: Rc::new(general), rules })
}

fn read_rule(
    value: Value,
    path: &Path,
    general: &Settings,
    prompts: Prompts<'_>,
    warnings: &mut Vec<String>,
) -> Result<Rule, ConfigError> {
    let mut fields = Fields::new(value, path, RULE_KEYS)?;
    let matcher = fields.required("match", read_matcher)?;
    let settings = read_settings(&mut fields, general, prompts, warnings)?;
    Ok(Rule { matcher, settings: Rc::new(settings) })
}

/// Reads the keys that the top level and rules have in common. What is not given is as in `base`:
/// key by key in `policy`, as a whole in the others.
fn read_settings(
    fields: &mut Fields,
    base: &Settings,
    prompts: Prompts<'_>,
    warnings: &mut Vec<String>,
) -> Result<Settings, ConfigError> {
    let mut settings = base.clone();
    if let Some((path, value)) = fields.take("aliases") {
        settings.aliases = Rc::new(read_aliases(value, &path, prompts)?);
    }
    if let Some((path, value)) = fields.take("models") {
        settings.models = Rc::new(read_models(value, &path, &settings.aliases, prompts)?);
    }
    if let Some((path, value)) = fields.take("policy") {
        settings.policy = Rc::new(policy::read(value, &path, &base.policy)?);
    }
    if let Some((path, value)) = fields.take("default_label") {
        settings.default_label = read_default_label(value, &path)?;
        let label = settings.default_label.as_ref();
        if label.is_some_and(|label| !prompts.may_have_label(label.as_str())) {
            warnings.push(format!("{path}: no prompt has this label, so the latest version is used"));
        }
    }
    Ok(settings)
}

/// Reads a label; null means none, so that a rule can take back the general one.
fn read_default_label(value: Value, path: &Path) -> Result<Option<Label>, ConfigError> {
    if value.is_null() {
        return Ok(None);
    }
    let text = string(value, path, "a label")?;
    Label::parse(&text).map(Some).map_err(|error| path.error(error))
}

fn read_matcher(value: Value, path: &Path) -> Result<Matcher, ConfigError> {
    let mut fields = Fields::new(value, path, MATCH_KEYS)?;
    let matcher = Matcher {
        route: fields.read("route", |value, path| Ok(Pattern::new(&pattern_text(value, path)?)))?,
        host: fields.read("host", read_host)?,
        path_prefix: fields.read("path_prefix", read_path_prefix)?,
    };
    if matcher.route.is_none() && matcher.host.is_none() && matcher.path_prefix.is_none() {
        return Err(path.error("needs at least one of \"route\", \"host\" and \"path_prefix\""));
    }
    Ok(matcher)
}

fn read_host(value: Value, path: &Path) -> Result<Pattern, ConfigError> {
    let text = pattern_text(value, path)?;
    if bare_host(&text).len() != text.len() {
        return Err(path.error("a host is compared without its port, so none may be given"));
    }
    if text.contains(['/', ' ']) {
        return Err(path.error("expected a host such as \"*.example.com\", not a URL"));
    }
    Ok(Pattern::new(&text.to_ascii_lowercase()))
}

fn read_path_prefix(value: Value, path: &Path) -> Result<Box<str>, ConfigError> {
    let text = string(value, path, "a path such as \"/team-a\"")?;
    if !text.starts_with('/') {
        return Err(path.error("a path starts with \"/\""));
    }
    if text.contains(['*', '?', '#']) {
        return Err(path.error("a prefix of a path holds no \"*\" and no query"));
    }
    Ok(normalize(&text).into())
}

/// The host of an authority: without its port and a trailing dot, in lower case.
fn bare_host(authority: &str) -> Cow<'_, str> {
    let host = match authority.rsplit_once(':') {
        // The colons of a bare IPv6 address are inside of brackets or have no port after them.
        Some((host, port))
            if port.bytes().all(|byte| byte.is_ascii_digit())
                && (host.ends_with(']') || !host.contains(':')) =>
        {
            host
        }
        _ => authority,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(host.to_ascii_lowercase())
    } else {
        Cow::Borrowed(host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for (authority, expected) in [
            ("example.com", "example.com"),
            ("Example.COM:8080", "example.com"),
            ("example.com.", "example.com"),
            ("example.com.:443", "example.com"),
            ("example.com:", "example.com"),
            ("[::1]:8080", "[::1]"),
            ("[::1]", "[::1]"),
            ("::1", "::1"),
            ("127.0.0.1:80", "127.0.0.1"),
            ("", ""),
        ] {
            assert_eq!(bare_host(authority), expected, "{authority}");
        }
    }
}
