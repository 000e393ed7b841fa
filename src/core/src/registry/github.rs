//! GitHub: files of a repository.
//!
//! `GET /repos/{owner}/{repository}/contents/{path}?ref={branch}`. The media type asks for the file
//! itself; without it the answer is a JSON object with the file in base64.

use super::{
    Address, Content, FetchError, Kind, Provider, Reference, Response, Setting, SettingError, Settings,
    Source, encode, git, json, status,
};

const TOKEN: &str = "access_token";

/// GitHub supports each version of its API for at least two years after the next one.
const API_VERSION: &str = "2022-11-28";

pub(super) static PROVIDER: Provider = Provider {
    name: "github",
    authority: Some("api.github.com"),
    base_path: "",
    settings: &[
        Setting::required("owner", Kind::Name),
        Setting::required("repository", Kind::Name),
        git::BRANCH_SETTING,
        git::FOLDER_SETTING,
        Setting::secret(TOKEN),
    ],
    labels: false,
    immutable_versions: false,
    bundle: false,
    address,
    paths,
    read,
};

fn address(base_path: &str, settings: &Settings) -> Result<Address, SettingError> {
    let owner = encode::segment(settings.required("owner"));
    let repository = encode::segment(settings.required("repository"));
    let folder = git::folder(settings, encode::path);
    let mut headers = vec![
        ("accept", "application/vnd.github.raw+json".to_owned()),
        ("x-github-api-version", API_VERSION.to_owned()),
    ];
    headers.extend(settings.bearer(TOKEN));
    Ok(Address {
        prefix: format!("{base_path}/repos/{owner}/{repository}/contents/{folder}"),
        suffix: format!("?ref={}", git::branch(settings)),
        headers,
    })
}

fn paths(source: &Source, reference: &Reference) -> Result<Vec<String>, FetchError> {
    Ok(git::files(reference).iter().map(|file| source.path(&encode::path(file))).collect())
}

fn read(reference: &Reference, response: &Response<'_>) -> Result<Content, FetchError> {
    status::check(response, missing(reference, response))?;
    git::read(reference, response)
}

/// GitHub says of a branch that it is not there; of a repository that is not there, or that the token
/// may not see, it says what it says of a file.
fn missing(reference: &Reference, response: &Response<'_>) -> FetchError {
    let error = json::object(response, "").unwrap_or_default();
    match json::text(&error, "message", "").ok().flatten() {
        Some(message) if message.starts_with("No commit found for the ref") => {
            FetchError::Misdirected("this branch: look at `registry.branch`")
        }
        _ => status::missing(reference),
    }
}
