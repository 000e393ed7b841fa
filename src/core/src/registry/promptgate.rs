//! Promptgate's own protocol: files, as any web server or object store hands them out.
//!
//! `GET {base_path}/bundle.json` is what `promptgate bundle` writes, `GET
//! {base_path}/prompts/{id}.json` one prompt of it. `docs/registry-protocol.md` is the contract.

use super::{
    Address, Content, FetchError, Provider, Reference, Response, Setting, SettingError, Settings, Source,
    encode, status,
};
use crate::catalog::Catalog;
use crate::config::{self, Verification};

const BUNDLE: &str = "a bundle, as `promptgate bundle` writes it";
const REVISION: &str = "a bundle whose `revision` is the digest of its prompts";
const ENTRY: &str = "one prompt of a bundle: its text, or an object with `versions`";

/// The largest bundle, in bytes. Envoy's own buffers end there, too.
pub const MAX_BUNDLE: usize = 32 << 20;

pub(super) static PROVIDER: Provider = Provider {
    name: "promptgate",
    authority: None,
    base_path: "",
    settings: &[Setting::secret("api_key")],
    labels: true,
    immutable_versions: true,
    bundle: true,
    address,
    paths,
    read,
};

fn address(base_path: &str, settings: &Settings) -> Result<Address, SettingError> {
    let mut headers = vec![("accept", "application/json".to_owned())];
    headers.extend(settings.bearer("api_key"));
    Ok(Address { prefix: format!("{base_path}/"), suffix: ".json".to_owned(), headers })
}

pub(super) fn bundle_path(source: &Source) -> String {
    source.path("bundle")
}

fn paths(source: &Source, reference: &Reference) -> Result<Vec<String>, FetchError> {
    Ok(vec![source.path(&format!("prompts/{}", encode::path(reference.id.as_str())))])
}

/// A file that is not there says that the prompt is not, whichever version was asked for.
fn read(_: &Reference, response: &Response<'_>) -> Result<Content, FetchError> {
    status::check(response, FetchError::NotFound(crate::catalog::NotFound::Prompt))?;
    config::entry_from_json(response.body).map(Content::Entry).map_err(|_| FetchError::Malformed(ENTRY))
}

/// The prompts in the body of a response. What is wrong with them is not said in detail, because an
/// error would quote the keys of somebody else's text.
pub(super) fn read_bundle(body: &[u8], verification: Verification<'_>) -> Result<Catalog, FetchError> {
    config::bundle_from_json(body, verification).map_err(|error| {
        FetchError::Malformed(if error.place() == config::REVISION { REVISION } else { BUNDLE })
    })
}

/// Whether the server says that it honours RFC 7240's `wait`.
pub(super) fn waits(response: &Response<'_>) -> bool {
    let applied = response.header("preference-applied").unwrap_or_default();
    applied.split(',').any(|preference| {
        let name = preference.split(['=', ';']).next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case("wait")
    })
}
