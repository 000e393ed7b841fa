//! Credentials, which had better not stand in a configuration.

use serde_json::Value;

use super::error::ConfigError;
use super::read::{Path, quoted, string};

/// LiteLLM's notation for the value of an environment variable.
const PREFIX: &str = "os.environ/";

/// The longest credential, in bytes: some tokens are signed documents.
const MAX_CREDENTIAL: usize = 8_192;

/// What is wrong with a secret in the configuration.
pub(super) const INLINE: &str = "whoever may see the configuration sees this secret; write os.environ/NAME and give \
                                 the variable to the filter, or have Envoy add the credential";

/// Looks environment variables up. None where there is no environment to ask: there, what is taken
/// from it is not there.
pub(super) type Environment<'a> = Option<&'a dyn Fn(&str) -> Option<String>>;

/// Where a credential comes from.
pub(super) enum Credential {
    /// It stands in the configuration.
    Inline(String),
    /// It stands in the environment.
    Resolved(String),
    /// It would stand in an environment.
    Unresolved,
}

/// Reads a credential, or takes it from the environment.
pub(super) fn read(
    value: Value,
    path: &Path,
    environment: Environment<'_>,
) -> Result<Credential, ConfigError> {
    let text = string(value, path, "a credential, or os.environ/NAME")?;
    let Some(name) = text.strip_prefix(PREFIX) else {
        return check(&text, path, "").map(Credential::Inline);
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.is_empty() || !name.bytes().all(is_name) {
        return Err(path.error("expected the name of an environment variable behind \"os.environ/\""));
    }
    let Some(environment) = environment else {
        return Ok(Credential::Unresolved);
    };
    let shown = quoted(name);
    match environment(name) {
        // Files that become variables often end in a line break.
        Some(value) => check(value.trim(), path, &format!("the environment variable {shown} ")).map(Credential::Resolved),
        None => Err(path.error(format_args!(
            "the environment variable {shown} is not set; the filter sees those of `vm_config.environment_variables` only"
        ))),
    }
}

/// A credential becomes part of a header. `what` is what the message speaks of.
fn check(text: &str, path: &Path, what: &str) -> Result<String, ConfigError> {
    if text.is_empty() {
        return Err(path.error(format_args!("{what}may not be empty")));
    }
    if text.len() > MAX_CREDENTIAL {
        return Err(path.error(format_args!("{what}may not be longer than {MAX_CREDENTIAL} bytes")));
    }
    if !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Err(path.error(format_args!("{what}may hold printable ASCII only")));
    }
    Ok(text.to_owned())
}
