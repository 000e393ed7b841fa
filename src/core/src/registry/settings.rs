//! What a provider wants to know from the operator.

use std::fmt;

/// One setting of a provider.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its key.
    pub key: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// Whether it has to be there.
    pub required: bool,
}

/// What the value of a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name that becomes one segment of a path: no `/`.
    Name,
    /// Names joined by `/`, or a whole number.
    Path,
    /// Part of the credentials. `secret` if nobody may read it.
    Credential {
        /// Whether nobody may read it, so that it had better not stand in the configuration.
        secret: bool,
    },
    /// One of these words.
    Word(&'static [&'static str]),
    /// A mapping that becomes part of a query.
    Query,
}

/// The values of a provider's settings, checked.
#[derive(Default)]
pub struct Settings {
    values: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
}

/// Settings that don't go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingError {
    /// The key at fault.
    pub key: &'static str,
    /// What is wrong with it.
    pub message: &'static str,
}

impl Setting {
    pub(super) const fn required(key: &'static str, kind: Kind) -> Self {
        Setting { key, kind, required: true }
    }

    pub(super) const fn optional(key: &'static str, kind: Kind) -> Self {
        Setting { key, kind, required: false }
    }

    pub(super) const fn secret(key: &'static str) -> Self {
        Setting::optional(key, Kind::Credential { secret: true })
    }
}

impl Settings {
    /// Sets a value.
    pub fn set(&mut self, key: &'static str, value: String) {
        self.values.push((key, value));
    }

    /// Adds a name and a value to the query.
    pub fn add_to_query(&mut self, name: String, value: String) {
        self.query.push((name, value));
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str())
    }

    /// A setting that is there, because it is required.
    pub(super) fn required(&self, key: &str) -> &str {
        self.get(key).unwrap_or_default()
    }

    pub(super) fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// `Bearer` and the token of that setting, where it is there.
    pub(super) fn bearer(&self, key: &str) -> Option<(&'static str, String)> {
        self.get(key).map(|token| ("authorization", format!("Bearer {token}")))
    }
}

/// Shows keys only: some values are secrets.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.iter().map(|(key, _)| key)).finish()
    }
}
