//! Which registry: the command line, or the plugin configuration.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use clap::builder::PossibleValuesParser;
use promptgate_core::config::{Config, Registry};
use promptgate_core::registry::{Kind, PROVIDERS, Provider};
use serde_json::{Map, Value};

use super::address::{Address, Base};
use super::client::Client;
use super::connection::Connection;
use crate::assignment::Assignment;
use crate::failure::Failure;
use crate::{output, plugin};

/// How a configuration says that a credential stands in the environment.
const ENVIRONMENT: &str = "os.environ/";

/// Envoy's cluster, where no Envoy is involved: the engine wants a name.
const CLUSTER: &str = "registry";

/// What stands for credentials that are not there. It is never sent.
const UNSET: &str = "unset";

/// Which registry is asked, and how.
#[derive(clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Registry")]
pub struct Choice {
    /// Ask a registry of this kind; without it, the one of --config
    #[arg(long, value_name = "PROVIDER", value_parser = PossibleValuesParser::new(PROVIDERS.map(|provider| provider.name)))]
    registry: Option<String>,
    /// Where the registry is, instead of https:// and its authority: http://127.0.0.1:4000; a path behind
    /// that is its base_path
    #[arg(long = "registry-url", value_name = "URL", value_parser = Base::parse)]
    url: Option<Base>,
    /// A setting of the registry, as the plugin configuration has it: workspace=acme; may be given
    /// several times
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = Assignment::parse)]
    settings: Vec<Assignment>,
    /// The environment variable that holds the registry's token, key or password
    #[arg(long, value_name = "NAME")]
    token_env: Option<String>,
    /// Say on standard error what is asked of the registry and what comes back
    #[arg(long)]
    pub verbose: bool,
}

/// A configuration whose registry can be asked.
pub struct Chosen {
    /// The configuration.
    pub config: Rc<Config>,
    /// Environment variables that it names and that are not set.
    unset: Vec<String>,
}

impl Choice {
    /// Whether the command line says anything about a registry.
    fn is_used(&self) -> bool {
        self.registry.is_some() || self.url.is_some() || self.token_env.is_some() || !self.settings.is_empty()
    }

    /// Completes a configuration that came from `path` by what the command line says, and checks it.
    /// Where nothing says how long an answer may take, it is `timeout`, or the gateway's default.
    pub fn complete(
        &self,
        path: &Path,
        mut configuration: Value,
        timeout: Option<&str>,
    ) -> Result<Chosen, Failure> {
        if self.is_used() {
            self.change(path, &mut configuration)?;
        }
        if let (Some(timeout), Some(Value::Object(members))) = (timeout, configuration.get_mut("registry")) {
            members.entry("timeout").or_insert_with(|| timeout.into());
        }
        let unset = RefCell::new(Vec::new());
        let environment = |name: &str| {
            let value = std::env::var(name).ok().filter(|value| !value.trim().is_empty());
            Some(value.unwrap_or_else(|| {
                unset.borrow_mut().push(name.to_owned());
                UNSET.to_owned()
            }))
        };
        let config = match &self.registry {
            Some(provider) => plugin::read_with(configuration, &environment).map_err(|error| {
                plugin::refused_option(path, &format!("--registry {provider}"), &settings(provider), &error)
            })?,
            None => plugin::check_with(path, configuration, &environment)?,
        };
        config.warnings().iter().for_each(|warning| output::warning(warning));
        Ok(Chosen { config, unset: unset.into_inner() })
    }

    /// Puts what the command line says into a configuration.
    fn change(&self, path: &Path, configuration: &mut Value) -> Result<(), Failure> {
        let Value::Object(members) = configuration else {
            return Err(Failure::new(format!("{} is not a mapping", path.display())));
        };
        let section = match (&self.registry, members.get_mut("registry")) {
            (Some(_), Some(_)) => {
                return Err(Failure::new(format!("{} has a registry of its own", path.display()))
                    .help("leave out --registry: --registry-url and --set change that one"));
            }
            (Some(provider), None) => {
                let mut section = Map::new();
                section.insert("provider".to_owned(), provider.as_str().into());
                section.insert("cluster".to_owned(), CLUSTER.into());
                if let Some(base) = &self.url {
                    section.insert("authority".to_owned(), base.address.authority.as_str().into());
                }
                members.insert("registry".to_owned(), section.into());
                members.get_mut("registry")
            }
            (None, section) => section,
        };
        let Some(Value::Object(section)) = section else {
            let failure =
                Failure::new("there is no registry to be changed by --registry-url, --set or --token-env");
            return Err(failure.help("name one: --registry litellm, or --config with a `registry` section"));
        };
        if let Some(path) = self.url.as_ref().and_then(|base| base.path.as_deref()) {
            section.insert("base_path".to_owned(), path.into());
        }
        let provider = section.get("provider").and_then(Value::as_str).and_then(Provider::find);
        if let Some(variable) = &self.token_env {
            let key = secret(provider).ok_or_else(|| Failure::new("this registry takes no token"))?;
            section.insert(key.to_owned(), format!("{ENVIRONMENT}{variable}").into());
        }
        for setting in &self.settings {
            check_setting(provider, setting)?;
            let value = setting.value().ok_or_else(|| {
                Failure::new(format!("--set {}: this number is out of bounds", setting.name))
            })?;
            section.insert(setting.name.clone(), value);
        }
        Ok(())
    }

    /// Connects to the registry of a configuration.
    pub fn connect(&self, chosen: &Chosen, registry: &Registry) -> Result<Connection, Failure> {
        if let Some(variable) = chosen.unset.first() {
            let failure = Failure::new(format!("the environment variable {variable} is not set"));
            return Err(failure.help("the registry's credentials are taken from it"));
        }
        let address = match &self.url {
            Some(base) => base.address.clone(),
            None => Address::https(&registry.authority),
        };
        Ok(Connection::new(Client::new(address, &registry.authority)?, self.verbose))
    }
}

/// The settings of a provider, by name.
fn settings(provider: &str) -> Vec<&'static str> {
    let settings = Provider::find(provider).map_or(&[][..], |provider| provider.settings);
    settings.iter().map(|setting| setting.key).collect()
}

/// The setting that is a provider's secret.
fn secret(provider: Option<&'static Provider>) -> Option<&'static str> {
    let is_secret = |kind: Kind| kind == Kind::Credential { secret: true };
    Some(provider?.settings.iter().find(|setting| is_secret(setting.kind))?.key)
}

/// Refuses secrets on the command line, which everybody on the machine may see.
fn check_setting(provider: Option<&'static Provider>, setting: &Assignment) -> Result<(), Failure> {
    let from_environment = setting.text.as_ref().is_some_and(|text| text.starts_with(ENVIRONMENT));
    if secret(provider) != Some(setting.name.as_str()) || from_environment {
        return Ok(());
    }
    let name = &setting.name;
    Err(Failure::new(format!("{name} is a secret, and a command line is for everybody to read")).help(
        format!(
            "put it into an environment variable, such as TOKEN, and write --token-env TOKEN or --set \
         {name}={ENVIRONMENT}TOKEN"
        ),
    ))
}
