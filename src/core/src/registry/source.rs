//! A registry as the operator configured it.

use std::fmt;

use super::{Answer, Bundle, Content, FetchError, Provider, Request, Response, SettingError, Settings};
use super::{promptgate, status};
use crate::catalog::{Catalog, MAX_VERSION, NotFound, Reference, Selector};
use crate::config::Verification;
use crate::prompt::MAX_SOURCE;

/// The largest answer about one prompt, in bytes. JSON may write a character of a text with six, and
/// some registries send a text twice.
pub const MAX_ANSWER: usize = 4 << 20;

/// The longest ETag that is kept, in bytes.
const MAX_ETAG: usize = 256;

/// Some registries refuse requests without one.
const USER_AGENT: &str = concat!("promptgate/", env!("CARGO_PKG_VERSION"));

/// A registry as the operator configured it: everything about a request that does not depend on the
/// prompt.
pub struct Source {
    provider: &'static Provider,
    address: Address,
}

/// What a provider makes of its settings.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// What stands before the prompt in a path, percent-encoded.
    pub(super) prefix: String,
    /// What stands behind it.
    pub(super) suffix: String,
    pub(super) headers: Vec<(&'static str, String)>,
}

impl Source {
    /// Puts a source together. `base_path` is empty or starts with `/` and does not end in one; the
    /// values of settings have been checked against [`Provider::settings`].
    pub fn new(
        provider: &'static Provider,
        base_path: &str,
        settings: &Settings,
    ) -> Result<Self, SettingError> {
        let address = (provider.address)(base_path, settings)?;
        Ok(Source { provider, address })
    }

    /// The kind of registry.
    pub fn provider(&self) -> &'static Provider {
        self.provider
    }

    /// What to ask for a prompt: each request if the one before is not found. There is at least one.
    ///
    /// What this kind of registry can't have is an error at once, and nothing is asked.
    pub fn requests(&self, reference: &Reference, etag: Option<&str>) -> Result<Vec<Request>, FetchError> {
        match &reference.selector {
            Selector::Version(number) if *number > u64::from(MAX_VERSION) => {
                return Err(FetchError::NotFound(NotFound::Version));
            }
            Selector::Label(_) if !self.provider.labels => {
                return Err(FetchError::NotFound(NotFound::Label));
            }
            _ => {}
        }
        let paths = (self.provider.paths)(self, reference)?;
        Ok(paths.into_iter().map(|path| self.request(path, etag)).collect())
    }

    /// What the answer to one of those requests means.
    pub fn read(&self, reference: &Reference, response: &Response<'_>) -> Result<Answer, FetchError> {
        if response.status == 304 {
            return Ok(Answer { etag: etag(response), content: Content::Unchanged });
        }
        if response.status == 200 {
            check_size(response, MAX_ANSWER)?;
        }
        let content = (self.provider.read)(reference, response)?;
        if let Content::Version { text, .. } = &content
            && text.len() > MAX_SOURCE
        {
            return Err(FetchError::TooLarge { limit: MAX_SOURCE });
        }
        Ok(Answer { etag: etag(response), content })
    }

    /// What to ask for all prompts at once, where this kind of registry can be asked for them. With
    /// `wait` the server may hold its answer for so many seconds until something changes.
    pub fn bundle_request(&self, etag: Option<&str>, wait: Option<u64>) -> Option<Request> {
        if !self.provider.bundle {
            return None;
        }
        let mut request = self.request(promptgate::bundle_path(self), etag);
        if let Some(seconds) = wait.filter(|seconds| *seconds > 0) {
            request.headers.push(("prefer", format!("wait={seconds}")));
        }
        Some(request)
    }

    /// What the answer to [`Source::bundle_request`] means.
    pub fn read_bundle(&self, response: &Response<'_>) -> Result<Bundle, FetchError> {
        let waits = promptgate::waits(response);
        if response.status == 304 {
            return Ok(Bundle { etag: etag(response), catalog: None, waits });
        }
        status::check(response, FetchError::Misdirected("a bundle.json: look at `registry.base_path`"))?;
        check_size(response, promptgate::MAX_BUNDLE)?;
        let catalog = promptgate::read_bundle(response.body, Verification::Needed)?;
        Ok(Bundle { etag: etag(response), catalog: Some(catalog), waits })
    }

    /// The prompts in a body that [`Source::read_bundle`] has read before, be it elsewhere.
    pub fn read_bundle_again(&self, body: &[u8]) -> Result<Catalog, FetchError> {
        promptgate::read_bundle(body, Verification::Done)
    }

    /// A path that begins and ends as every path of this source.
    pub(super) fn path(&self, middle: &str) -> String {
        [&self.address.prefix, middle, &self.address.suffix].concat()
    }

    fn request(&self, path: String, etag: Option<&str>) -> Request {
        let mut headers = self.address.headers.clone();
        headers.push(("user-agent", USER_AGENT.to_owned()));
        headers.extend(etag.map(|etag| ("if-none-match", etag.to_owned())));
        Request { path, headers }
    }
}

/// Two sources are the same if they ask the same of the same kind of registry.
impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.provider.name == other.provider.name && self.address == other.address
    }
}

impl Eq for Source {}

/// Shows the kind only: headers and queries hold secrets.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("provider", &self.provider.name).finish_non_exhaustive()
    }
}

/// Refuses what is too large, cut off or compressed: nothing here asks for compression.
fn check_size(response: &Response<'_>, limit: usize) -> Result<(), FetchError> {
    let claimed = response.header("content-length").and_then(|length| length.parse::<u64>().ok());
    let received = response.body.len() as u64;
    if claimed.unwrap_or(received).max(received) > limit as u64 {
        return Err(FetchError::TooLarge { limit });
    }
    if claimed.is_some_and(|claimed| claimed != received) {
        return Err(FetchError::Malformed("as many bytes as its content-length says"));
    }
    match response.header("content-encoding") {
        None | Some("" | "identity") => Ok(()),
        Some(_) => Err(FetchError::Malformed("an answer that is not compressed")),
    }
}

/// The ETag, if it is fit to be sent back.
fn etag(response: &Response<'_>) -> Option<String> {
    let etag = response.header("etag")?;
    let fit = (1..=MAX_ETAG).contains(&etag.len()) && etag.bytes().all(|byte| byte.is_ascii_graphic());
    fit.then(|| etag.to_owned())
}
