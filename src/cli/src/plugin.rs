//! Plugin configurations: reading files, putting a bundle in.

use std::fs;
use std::path::Path;
use std::rc::Rc;

use promptgate_core::catalog::digest;
use promptgate_core::config::{Config, ConfigError, read_text};
use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Severity};
use crate::failure::{Detail, Failure};

/// A bundle with its digest as revision.
pub fn bundle(prompts: Value) -> Value {
    let mut bundle = Map::new();
    bundle.insert("revision".to_owned(), Value::String(digest(&prompts)));
    bundle.insert("prompts".to_owned(), prompts);
    Value::Object(bundle)
}

/// Reads a plugin configuration, YAML or JSON, as a tree.
pub fn read(path: &Path) -> Result<Value, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::io("read", path, error))?;
    read_text(&bytes).map_err(|error| refused(path, &error, &String::from_utf8_lossy(&bytes)))
}

/// Puts a bundle into a plugin configuration that has none.
pub fn merge(path: &Path, configuration: Value, bundle: Value) -> Result<Value, Failure> {
    let Value::Object(mut members) = configuration else {
        return Err(Failure::new(format!("{} is not a mapping", path.display())));
    };
    if members.contains_key("bundle") {
        return Err(Failure::new(format!("{} has a bundle of its own", path.display()))
            .help("remove `bundle` from it: the prompts come from the folder"));
    }
    members.insert("bundle".to_owned(), bundle);
    Ok(Value::Object(members))
}

/// Checks a plugin configuration as the filter does, and leaves out credentials that stand in the
/// environment. `path` is where it comes from.
pub fn check(path: &Path, configuration: Value) -> Result<Rc<Config>, Failure> {
    checked(path, configuration, |configuration| Config::from_value(configuration).map(Rc::new))
}

/// The same with credentials; `environment` looks them up.
pub fn check_with(
    path: &Path,
    configuration: Value,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Rc<Config>, Failure> {
    checked(path, configuration, |configuration| read_with(configuration, environment))
}

/// Reads a configuration with credentials from the environment.
pub fn read_with(
    configuration: Value,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Rc<Config>, ConfigError> {
    Config::parse_with(configuration.to_string().into_bytes(), &environment).map(Rc::new)
}

/// What is wrong with a configuration whose registry stands on the command line, as `option`.
/// `settings` are the keys that it takes.
pub fn refused_option(path: &Path, option: &str, settings: &[&str], error: &ConfigError) -> Failure {
    let place = error.place();
    let Some(key) = place.strip_prefix("registry") else {
        return refused(path, error, "");
    };
    let message = match key.strip_prefix('.') {
        Some(key) => format!("{option}: {key}: {}", error.message()),
        None => format!("{option} {}", error.message()),
    };
    Failure::new(message).help(format!(
        "its settings are given by --set KEY=VALUE: {}; where it is, by --registry-url",
        settings.join(", ")
    ))
}

fn checked(
    path: &Path,
    configuration: Value,
    read: impl FnOnce(Value) -> Result<Rc<Config>, ConfigError>,
) -> Result<Rc<Config>, Failure> {
    let bare_bundle = configuration.get("prompts").is_some() && configuration.get("bundle").is_none();
    let is_envoys = configuration.get("static_resources").is_some();
    read(configuration).map_err(|error| {
        let failure = refused(path, &error, "");
        if is_envoys {
            failure.help(
                "this is Envoy's configuration: the plugin's is what stands in it under `configuration`, \
                 in a file of its own",
            )
        } else if bare_bundle {
            failure.help("this is a bundle: put it under the key `bundle`")
        } else {
            failure
        }
    })
}

fn refused(path: &Path, error: &ConfigError, text: &str) -> Failure {
    let failure = Failure::new(format!("{} is not a valid plugin configuration: {error}", path.display()));
    let Some((line, column)) = position(error.place()) else {
        return failure;
    };
    let diagnostic = Diagnostic {
        rule: "",
        severity: Severity::Error,
        file: path.display().to_string(),
        line,
        column,
        message: error.message().to_owned(),
        help: None,
        whole_file: false,
    };
    Failure::new(format!("{} is not a valid plugin configuration", path.display()))
        .details(vec![Detail { diagnostic, text: text.to_owned() }])
}

/// `line 3, column 7`
fn position(place: &str) -> Option<(u32, u32)> {
    let (line, column) = place.strip_prefix("line ")?.split_once(", column ")?;
    Some((line.parse().ok()?, column.parse().ok()?))
}
