//! Names of headers that the operator chooses.

use serde_json::Value;

use super::error::ConfigError;
use super::read::{Path, string};

/// The longest header name, in bytes.
const MAX_NAME: usize = 128;

/// Headers that frame the message, choose its way or carry credentials: a model's name in one of
/// them breaks the request.
const RESERVED: &[&str] = &[
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-request-id",
];

/// Reads the name of a request header that the filter sets.
pub(super) fn name(value: Value, path: &Path) -> Result<Box<str>, ConfigError> {
    let name = string(value, path, "the name of a header")?;
    if name.is_empty() {
        return Err(path.error("the name of a header may not be empty"));
    }
    if name.len() > MAX_NAME {
        return Err(path.error(format_args!("the name of a header may not be longer than {MAX_NAME} bytes")));
    }
    if name.starts_with(':') {
        return Err(path.error("may not be a pseudo-header"));
    }
    if !name.bytes().all(is_token) {
        return Err(path.error(
            "expected the name of a header in lower case: letters, digits, \"-\" and \"_\", no spaces",
        ));
    }
    if RESERVED.contains(&name.as_str()) || name.starts_with("x-envoy-") {
        return Err(path.error("may not be a header that HTTP or Envoy uses itself"));
    }
    Ok(name.into())
}

/// A character of RFC 9110's `token`, without upper-case letters: HTTP/2 has none in names.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
