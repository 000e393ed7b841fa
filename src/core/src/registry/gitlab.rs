//! GitLab: files of a project's repository.
//!
//! `GET /api/v4/projects/{project}/repository/files/{path}/raw?ref={branch}`, where project and path
//! are one segment each. Settings are called as in LiteLLM's `gitlab_config`.

use super::{
    Address, Content, FetchError, Kind, Provider, Reference, Response, Setting, SettingError, Settings,
    Source, encode, git, json, status,
};

const TOKEN: &str = "access_token";

pub(super) static PROVIDER: Provider = Provider {
    name: "gitlab",
    authority: Some("gitlab.com"),
    base_path: "/api/v4",
    settings: &[
        Setting::required("project", Kind::Path),
        git::BRANCH_SETTING,
        git::FOLDER_SETTING,
        Setting::secret(TOKEN),
        Setting::optional("auth_method", Kind::Word(&["token", "oauth"])),
    ],
    labels: false,
    immutable_versions: false,
    bundle: false,
    address,
    paths,
    read,
};

fn address(base_path: &str, settings: &Settings) -> Result<Address, SettingError> {
    let project = encode::segment(settings.required("project"));
    let folder = git::folder(settings, encode::segment);
    let token = match settings.get("auth_method") {
        Some("oauth") => settings.bearer(TOKEN),
        _ => settings.get(TOKEN).map(|token| ("private-token", token.to_owned())),
    };
    Ok(Address {
        prefix: format!("{base_path}/projects/{project}/repository/files/{folder}"),
        suffix: format!("/raw?ref={}", git::branch(settings)),
        headers: token.into_iter().collect(),
    })
}

fn paths(source: &Source, reference: &Reference) -> Result<Vec<String>, FetchError> {
    Ok(git::files(reference).iter().map(|file| source.path(&encode::segment(file))).collect())
}

fn read(reference: &Reference, response: &Response<'_>) -> Result<Content, FetchError> {
    status::check(response, missing(reference, response))?;
    git::read(reference, response)
}

/// A file that is not there is told apart from a project or branch that is not there, or that the
/// token may not see: that is no reason to drop prompts.
fn missing(reference: &Reference, response: &Response<'_>) -> FetchError {
    let error = json::object(response, "").unwrap_or_default();
    match json::text(&error, "message", "").ok().flatten() {
        Some("404 Project Not Found") => {
            FetchError::Misdirected("this project, or the token may not read it: look at `registry.project`")
        }
        Some("404 Commit Not Found" | "404 Tree Not Found" | "404 Repository Not Found") => {
            FetchError::Misdirected("this branch: look at `registry.branch`")
        }
        _ => status::missing(reference),
    }
}
