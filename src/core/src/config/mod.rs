//! The plugin configuration: what Envoy hands to the filter and what operators write.
//!
//! JSON or YAML text becomes a [`Config`] that cannot be wrong: every key is known, every name
//! points at something, every number is in bounds. Whatever is not so is one [`ConfigError`] that
//! says where, and quotes no value, because values are prompts.

mod bundle;
mod duration;
mod error;
mod header;
mod host;
mod limits;
mod models;
mod node;
mod options;
mod path;
mod pattern;
mod policy;
mod prompts;
mod read;
mod registry;
mod rules;
mod secret;
mod text;

use std::rc::Rc;

use serde_json::Value;

use crate::catalog::Catalog;
use node::Node;
use prompts::Prompts;
use read::{Fields, Path, boolean};
use rules::Rules;
use secret::Environment;
use text::Parsed;

pub(crate) use bundle::{REVISION, bundle_from_json, entry_from_json};
pub use error::ConfigError;
pub use host::Host;
pub(crate) use host::Verification;
pub use limits::Limits;
pub use models::{Aliases, Binding, MAX_MODEL, Models};
pub use options::{CompressedBodies, MissingVariables, Parameters, UnknownPromptObject};
pub use path::normalize as normalize_path;
pub use pattern::{Pattern, PatternSet};
pub use policy::{Policy, Role};
pub use registry::{CacheLimits, Registry};
pub use rules::Settings;
pub use text::read as read_text;

/// Every key of the top level.
const KEYS: &[&str] = &[
    "bundle",
    "registry",
    "models",
    "aliases",
    "default_label",
    "hold_headers",
    "model_header",
    "policy",
    "rules",
    "parameters",
    "missing_variables",
    "compressed_bodies",
    "debug_headers",
    "response_headers",
    "limits",
];

/// The default of `model_header`.
const MODEL_HEADER: &str = "x-promptgate-model";

/// A plugin configuration.
#[derive(Debug)]
pub struct Config {
    /// The prompts of `bundle`.
    pub catalog: Catalog,
    /// `registry`: where other prompts come from.
    pub registry: Option<Rc<Registry>>,
    /// `hold_headers`: whether request headers wait until the prompt is resolved.
    pub hold_headers: bool,
    /// `model_header`: the request header that carries the resolved model where headers are held.
    pub model_header: Box<str>,
    /// `parameters`: whose parameters win.
    pub parameters: Parameters,
    /// `missing_variables`: what an undefined variable does.
    pub missing_variables: MissingVariables,
    /// `compressed_bodies`: what becomes of a body that cannot be read.
    pub compressed_bodies: CompressedBodies,
    /// `debug_headers`: whether responses carry headers for debugging.
    pub debug_headers: bool,
    /// `response_headers`: whether responses say which prompt was used.
    pub response_headers: bool,
    /// `limits`: the bounds on a request and on rendering it.
    pub limits: Limits,
    rules: Rules,
    warnings: Vec<String>,
}

impl Config {
    /// Reads the text of a plugin configuration: JSON if its first character is `{`, else YAML.
    ///
    /// An empty text is refused: a filter without configuration is most likely one whose
    /// configuration got lost. `{}` says that all defaults are meant.
    ///
    /// Credentials that the text takes from the environment (`os.environ/NAME`) are left out; see
    /// [`Config::parse_with`].
    pub fn parse(text: &[u8]) -> Result<Self, ConfigError> {
        Config::load(text.to_vec(), None)
    }

    /// Reads the text of a plugin configuration as [`Config::parse`] does, and takes credentials from
    /// the environment; a variable that is not set is an error. The text is kept, because the prompts of a
    /// JSON bundle stay in it until they are used.
    pub fn parse_with(text: Vec<u8>, host: &dyn Host) -> Result<Self, ConfigError> {
        Config::load(text, Some(host))
    }

    /// Reads a plugin configuration that is a tree already, as [`Config::parse`] does.
    pub fn from_value(value: Value) -> Result<Self, ConfigError> {
        Config::read(Parsed { settings: value, bundle: None }, Verification::Needed, None)
    }

    fn load(text: Vec<u8>, host: Option<&dyn Host>) -> Result<Self, ConfigError> {
        let text = String::from_utf8(text).map_err(|error| text::not_utf8(error.utf8_error()))?;
        let text = Rc::new(text);
        let parsed = text::parse(&text)?;
        match host {
            Some(host) => {
                let environment = |name: &str| host.variable(name);
                Config::read(parsed, Verification::Once(host, &text), Some(&environment))
            }
            None => Config::read(parsed, Verification::Needed, None),
        }
    }

    fn read(
        parsed: Parsed,
        verification: Verification<'_>,
        environment: Environment<'_>,
    ) -> Result<Self, ConfigError> {
        let root = Path::root();
        let mut fields = Fields::new(parsed.settings, &root, KEYS)?;
        let in_settings = fields.take("bundle").map(|(_, value)| Node::from(value));
        let catalog = match parsed.bundle.or(in_settings) {
            Some(node) => bundle::read(node, &root.key("bundle"), verification)?,
            None => Catalog::new(),
        };
        let mut warnings = Vec::new();
        let registry = match fields.take("registry") {
            Some((path, value)) => Some(Rc::new(registry::read(value, &path, environment, &mut warnings)?)),
            None => None,
        };
        let prompts = Prompts { catalog: &catalog, registry: registry.is_some() };
        let rules = rules::read(&mut fields, prompts, &mut warnings)?;
        let hold_headers = fields.read("hold_headers", boolean)?.unwrap_or(false);
        let model_header = fields.read("model_header", header::name)?;
        if model_header.is_some() && !hold_headers {
            let path = root.key("model_header");
            warnings.push(format!("{path}: has no effect without `hold_headers: true`"));
        }
        Ok(Config {
            catalog,
            registry,
            hold_headers,
            model_header: model_header.unwrap_or_else(|| MODEL_HEADER.into()),
            parameters: fields.read("parameters", Parameters::read)?.unwrap_or_default(),
            missing_variables: fields.read("missing_variables", MissingVariables::read)?.unwrap_or_default(),
            compressed_bodies: fields.read("compressed_bodies", CompressedBodies::read)?.unwrap_or_default(),
            debug_headers: fields.read("debug_headers", boolean)?.unwrap_or(false),
            response_headers: fields.read("response_headers", boolean)?.unwrap_or(true),
            limits: fields.read("limits", limits::read)?.unwrap_or_default(),
            rules,
            warnings,
        })
    }

    /// The settings for a request: those of the first rule that matches it, else the general ones.
    ///
    /// `route` is the name of Envoy's route where it is known, `host` the request's authority and
    /// `path` its path; port, query and the like need not be removed.
    pub fn settings(&self, route: Option<&str>, host: &str, path: &str) -> &Rc<Settings> {
        self.rules.settings(route, host, path)
    }

    /// Whether any rule asks for the route's name, so that it has to be looked up.
    pub fn needs_route(&self) -> bool {
        self.rules.need_route()
    }

    /// The settings where no rule matches.
    pub fn default_settings(&self) -> &Rc<Settings> {
        self.rules.default_settings()
    }

    /// What is accepted and yet most likely a mistake, each in one line that says where.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

impl Default for Config {
    /// No prompts, and every setting at its default: what `{}` means.
    fn default() -> Self {
        Config {
            catalog: Catalog::new(),
            registry: None,
            hold_headers: false,
            model_header: MODEL_HEADER.into(),
            parameters: Parameters::default(),
            missing_variables: MissingVariables::default(),
            compressed_bodies: CompressedBodies::default(),
            debug_headers: false,
            response_headers: true,
            limits: Limits::default(),
            rules: Rules::default(),
            warnings: Vec::new(),
        }
    }
}

#[cfg(test)]
mod error_tests;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod registry_tests;
#[cfg(test)]
mod tests;
