//! Panics on demand, for the tests of failure policies.

use crate::headers::Headers;
use crate::host;

/// Panics if the request asks for it: `x-promptgate-inject-panic: <callback>`.
#[expect(clippy::panic, reason = "that is what this is for")]
pub(crate) fn at(callback: &str) {
    let headers = host::request_headers().unwrap_or_default();
    let headers = Headers::new(&headers);
    let mut asked = headers.iter().filter(|(name, _)| *name == b"x-promptgate-inject-panic");
    if asked.any(|(_, value)| value == callback.as_bytes()) {
        panic!("injected into {callback}");
    }
}
