//! Bitbucket Cloud: files of a repository.
//!
//! `GET /2.0/repositories/{workspace}/{repository}/src/{branch}/{path}`: the answer is the file as it
//! is. Settings are called as in LiteLLM's `bitbucket_config`.

use super::{
    Address, Content, FetchError, Kind, Provider, Reference, Response, Setting, SettingError, Settings,
    Source, base64, encode, git, json, status,
};

const TOKEN: &str = "access_token";

pub(super) static PROVIDER: Provider = Provider {
    name: "bitbucket",
    authority: Some("api.bitbucket.org"),
    base_path: "/2.0",
    settings: &[
        Setting::required("workspace", Kind::Name),
        Setting::required("repository", Kind::Name),
        git::BRANCH_SETTING,
        git::FOLDER_SETTING,
        Setting::secret(TOKEN),
        Setting::optional("auth_method", Kind::Word(&["token", "basic"])),
        Setting::optional("username", Kind::Credential { secret: false }),
    ],
    labels: false,
    immutable_versions: false,
    bundle: false,
    address,
    paths,
    read,
};

fn address(base_path: &str, settings: &Settings) -> Result<Address, SettingError> {
    let workspace = encode::segment(settings.required("workspace"));
    let repository = encode::segment(settings.required("repository"));
    let branch = git::branch(settings);
    let folder = git::folder(settings, encode::path);
    Ok(Address {
        prefix: format!("{base_path}/repositories/{workspace}/{repository}/src/{branch}/{folder}"),
        headers: authorization(settings)?.into_iter().collect(),
        ..Address::default()
    })
}

fn authorization(settings: &Settings) -> Result<Option<(&'static str, String)>, SettingError> {
    match (settings.get("auth_method"), settings.get("username")) {
        (Some("basic"), None) => Err(SettingError {
            key: "auth_method",
            message: "\"basic\" needs `username`, for an API token the e-mail address of its account",
        }),
        (Some("basic"), Some(username)) => Ok(settings.get(TOKEN).map(|token| {
            let credentials = base64::encode(format!("{username}:{token}").as_bytes());
            ("authorization", format!("Basic {credentials}"))
        })),
        (_, Some(_)) => {
            Err(SettingError { key: "username", message: "has no effect without `auth_method: basic`" })
        }
        _ => Ok(settings.bearer(TOKEN)),
    }
}

fn paths(source: &Source, reference: &Reference) -> Result<Vec<String>, FetchError> {
    Ok(git::files(reference).iter().map(|file| source.path(&encode::path(file))).collect())
}

fn read(reference: &Reference, response: &Response<'_>) -> Result<Content, FetchError> {
    status::check(response, missing(reference, response))?;
    git::read(reference, response)
}

/// A file that is not there is told apart from a repository or branch that is not there, or that the
/// token may not see: that is no reason to drop prompts.
fn missing(reference: &Reference, response: &Response<'_>) -> FetchError {
    let error = json::object(response, "").unwrap_or_default();
    let message = json::mapping(&error, "error", "").ok().flatten();
    match message.and_then(|error| json::text(error, "message", "").ok().flatten()) {
        Some(message)
            if message.starts_with("Repository ") || message.starts_with("You may not have access") =>
        {
            FetchError::Misdirected(
                "this repository, or the token may not read it: look at `registry.repository`",
            )
        }
        Some(message) if message.starts_with("Commit not found") => {
            FetchError::Misdirected("this branch: look at `registry.branch`")
        }
        _ => status::missing(reference),
    }
}
