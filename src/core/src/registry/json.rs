//! Reading JSON answers.

use serde_json::{Map, Value};

use super::{FetchError, Response};
use crate::catalog::MAX_VERSION;

/// The body as a JSON object. `expected` describes it.
pub(super) fn object(
    response: &Response<'_>,
    expected: &'static str,
) -> Result<Map<String, Value>, FetchError> {
    let body = response.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(response.body);
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(FetchError::Malformed(expected)),
    }
}

/// A member that is not null.
pub(super) fn member<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    object.get(key).filter(|value| !value.is_null())
}

/// A member that is an object; null and absent are none. `expected` describes it.
pub(super) fn mapping<'a>(
    object: &'a Map<String, Value>,
    key: &str,
    expected: &'static str,
) -> Result<Option<&'a Map<String, Value>>, FetchError> {
    match member(object, key) {
        None => Ok(None),
        Some(Value::Object(members)) => Ok(Some(members)),
        Some(_) => Err(FetchError::Malformed(expected)),
    }
}

/// A member that is text; null and absent are none. `expected` describes it.
pub(super) fn text<'a>(
    object: &'a Map<String, Value>,
    key: &str,
    expected: &'static str,
) -> Result<Option<&'a str>, FetchError> {
    match member(object, key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(FetchError::Malformed(expected)),
    }
}

/// A member that is the number of a version; null and absent are none. `expected` describes it.
pub(super) fn version(
    object: &Map<String, Value>,
    key: &str,
    expected: &'static str,
) -> Result<Option<u32>, FetchError> {
    let number = match member(object, key) {
        None => return Ok(None),
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(digits)) => digits.parse().ok(),
        Some(_) => None,
    };
    match number.and_then(|number| u32::try_from(number).ok()) {
        Some(number @ 1..=MAX_VERSION) => Ok(Some(number)),
        _ => Err(FetchError::Malformed(expected)),
    }
}
