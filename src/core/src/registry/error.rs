//! Why a registry gives no prompt.

use std::fmt;

use crate::catalog::NotFound;
use crate::reply::Code;

/// Why a registry gives no prompt. Its text is for the operator: it says what to look at, and quotes
/// nothing of the answer but where a redirect leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// The registry does not have it. The one answer that is definitive.
    NotFound(NotFound),
    /// It does not take the credentials.
    Unauthorized {
        /// HTTP's status.
        status: u16,
    },
    /// It has been asked too often.
    RateLimited {
        /// After how many seconds it wants to be asked again.
        retry_after: Option<u64>,
    },
    /// It fails, or can't be reached: Envoy answers 503 where a connection is refused or reset, 504
    /// after the timeout, and nothing at all where the answer breaks off or is beyond its own buffers.
    Unavailable {
        /// HTTP's status, if there was one.
        status: Option<u16>,
    },
    /// It was not asked: so many prompts are on their way that one more would be too many.
    Busy,
    /// It answered with a status that means nothing here.
    Unexpected {
        /// HTTP's status.
        status: u16,
    },
    /// It points elsewhere, and Envoy does not follow.
    Redirect {
        /// Where to, without query.
        to: Option<String>,
    },
    /// It answers, but what the configuration names is not there; the text says which setting to look
    /// at.
    Misdirected(&'static str),
    /// Its answer is not what this registry gives; the text says what was expected.
    Malformed(&'static str),
    /// Its answer is larger than a prompt or a bundle may be.
    TooLarge {
        /// How many bytes it may have.
        limit: usize,
    },
    /// The prompt is there and can't become a `.prompt` file; the text says why not.
    Unusable(&'static str),
}

impl FetchError {
    /// What the client of the gateway is told, where nothing older can be served.
    pub fn code(&self) -> Code {
        match self {
            FetchError::NotFound(NotFound::Prompt) => Code::PromptNotFound,
            FetchError::NotFound(NotFound::Version) => Code::PromptVersionNotFound,
            FetchError::NotFound(NotFound::Label) => Code::PromptLabelNotFound,
            FetchError::Unusable(_) => Code::PromptRenderFailed,
            _ => Code::PromptUnavailable,
        }
    }

    /// Whether other prompts will fare alike: the registry is to blame, not what it has of one prompt.
    pub fn is_of_registry(&self) -> bool {
        match self {
            FetchError::Unauthorized { .. }
            | FetchError::RateLimited { .. }
            | FetchError::Unavailable { .. }
            | FetchError::Unexpected { .. }
            | FetchError::Redirect { .. }
            | FetchError::Misdirected(_) => true,
            FetchError::NotFound(_)
            | FetchError::Busy
            | FetchError::Malformed(_)
            | FetchError::TooLarge { .. }
            | FetchError::Unusable(_) => false,
        }
    }

    /// A short name, for metrics.
    pub fn outcome(&self) -> &'static str {
        match self {
            FetchError::NotFound(_) => "not_found",
            FetchError::Unauthorized { .. } => "unauthorized",
            FetchError::RateLimited { .. } => "rate_limited",
            FetchError::Unavailable { .. } => "unavailable",
            FetchError::Busy => "busy",
            FetchError::Unexpected { .. } => "unexpected",
            FetchError::Redirect { .. } => "redirect",
            FetchError::Misdirected(_) => "misdirected",
            FetchError::Malformed(_) => "malformed",
            FetchError::TooLarge { .. } => "too_large",
            FetchError::Unusable(_) => "unusable",
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FetchError::NotFound(what) => what.fmt(f),
            FetchError::Unauthorized { status } => write!(
                f,
                "the registry refuses the credentials (status {status}): look at the token, its expiry and its scopes"
            ),
            FetchError::RateLimited { retry_after: None } => {
                f.write_str("the registry has been asked too often: raise `registry.refresh`")
            }
            FetchError::RateLimited { retry_after: Some(seconds) } => write!(
                f,
                "the registry has been asked too often and wants {seconds} s of silence: raise `registry.refresh`"
            ),
            FetchError::Unavailable { status: Some(504) } => f.write_str(
                "the registry does not answer in time (status 504): look at `registry.timeout` and at its load",
            ),
            FetchError::Unavailable { status: Some(503) } => f.write_str(
                "the registry is unavailable (status 503, also Envoy's own for a connection that is refused or \
                 reset): look at the hosts of `registry.cluster` and its TLS",
            ),
            FetchError::Unavailable { status: Some(status) } => {
                write!(f, "the registry fails (status {status}): look at its own log")
            }
            FetchError::Unavailable { status: None } => f.write_str(
                "no whole answer from the registry: look at `registry.cluster`, its hosts, and the size of the answer",
            ),
            FetchError::Busy => f.write_str(
                "too many prompts are being fetched at once: somebody may be asking for ids that do not exist",
            ),
            FetchError::Unexpected { status } => write!(
                f,
                "the registry answers with status {status}: look at `registry.provider` and `registry.base_path`"
            ),
            FetchError::Redirect { to: None } => f.write_str(
                "the registry redirects, which Envoy does not follow: look at `registry.authority` and \
                 `registry.base_path`",
            ),
            FetchError::Redirect { to: Some(to) } => write!(
                f,
                "the registry redirects, which Envoy does not follow: point `registry.authority` and \
                 `registry.base_path` to {to}"
            ),
            FetchError::Misdirected(what) => write!(f, "the registry does not have {what}"),
            FetchError::Malformed(expected) => {
                write!(f, "the registry's answer is not what it should be: expected {expected}")
            }
            FetchError::TooLarge { limit } => {
                write!(f, "the registry's answer is too large: at most {limit} bytes")
            }
            FetchError::Unusable(why) => write!(f, "the registry's prompt can't be used: {why}"),
        }
    }
}

impl std::error::Error for FetchError {}
