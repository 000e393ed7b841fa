//! What an HTTP status means, for every registry alike.

use super::{FetchError, Response};
use crate::catalog::{NotFound, Reference, Selector};

/// The longest pause that a registry may ask for, in seconds: a day.
const MAX_RETRY_AFTER: u64 = 86_400;

/// The most that an error shows of where a redirect leads, in bytes.
const MAX_LOCATION: usize = 200;

/// What a registry does not have if it has not what the reference asks for. A registry that is asked
/// for a version or a label does not say whether the prompt itself is there.
pub(super) fn missing(reference: &Reference) -> FetchError {
    FetchError::NotFound(match reference.selector {
        Selector::Version(_) => NotFound::Version,
        Selector::Label(_) => NotFound::Label,
        Selector::Default | Selector::Latest => NotFound::Prompt,
    })
}

/// Lets a 200 pass. `missing` is what a 404 means.
pub(super) fn check(response: &Response<'_>, missing: FetchError) -> Result<(), FetchError> {
    Err(match response.status {
        200 => return Ok(()),
        300..=399 => FetchError::Redirect { to: location(response) },
        404 | 410 => missing,
        429 => FetchError::RateLimited { retry_after: retry_after(response) },
        403 if is_rate_limit(response) => FetchError::RateLimited { retry_after: retry_after(response) },
        status @ (401 | 403 | 407) => FetchError::Unauthorized { status },
        status @ (408 | 500..=599) => FetchError::Unavailable { status: Some(status) },
        status => FetchError::Unexpected { status },
    })
}

/// Some registries answer 403 when they are asked too often.
fn is_rate_limit(response: &Response<'_>) -> bool {
    response.header("retry-after").is_some() || response.header("x-ratelimit-remaining") == Some("0")
}

/// RFC 9110's seconds. A date would need a clock.
fn retry_after(response: &Response<'_>) -> Option<u64> {
    let seconds: u64 = response.header("retry-after")?.parse().ok()?;
    Some(seconds.min(MAX_RETRY_AFTER))
}

/// Where a redirect leads, without credentials, query and fragment, which may be secrets.
fn location(response: &Response<'_>) -> Option<String> {
    let location = response.header("location")?;
    let location = location.split_once(['?', '#']).map_or(location, |(location, _)| location);
    let location = match location.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            format!("{scheme}://{host}/{path}")
        }
        None => location.to_owned(),
    };
    let shown =
        (1..=MAX_LOCATION).contains(&location.len()) && location.bytes().all(|b| b.is_ascii_graphic());
    shown.then_some(location)
}
