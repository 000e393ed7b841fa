//! What hosts of Git repositories have in common: prompts are files, named as on disk.

use super::{Content, FetchError, Kind, Response, Setting, Settings, encode};
use crate::catalog::{EXTENSION, Reference, Selector};

/// The branch, where none is named.
const BRANCH: &str = "main";

/// How the pointer begins that Git stores in place of a large file.
const LFS_POINTER: &str = "version https://git-lfs.github.com/spec/";

/// The branch, tag or commit that prompts are read from.
pub(super) const BRANCH_SETTING: Setting = Setting::optional("branch", Kind::Path);

/// The folder of the repository that holds the prompts.
pub(super) const FOLDER_SETTING: Setting = Setting::optional("prompts_path", Kind::Path);

/// The branch, encoded as one segment.
pub(super) fn branch(settings: &Settings) -> String {
    encode::segment(settings.get(BRANCH_SETTING.key).unwrap_or(BRANCH))
}

/// The folder with a `/` behind it, encoded by `encode`; empty for the top of the repository.
pub(super) fn folder(settings: &Settings, encode: fn(&str) -> String) -> String {
    settings.get(FOLDER_SETTING.key).map(|folder| encode(&format!("{folder}/"))).unwrap_or_default()
}

/// The files that may hold what the reference asks for, in order. `name.prompt` is version 1, as is
/// `name.v1.prompt`, and it is what a request gets that names no version: a repository can't be asked
/// for the highest number, and its newest commit is the latest version.
pub(super) fn files(reference: &Reference) -> Vec<String> {
    let id = &reference.id;
    let plain = format!("{id}.{EXTENSION}");
    match reference.selector {
        Selector::Version(1) => vec![plain, format!("{id}.v1.{EXTENSION}")],
        Selector::Version(number) => vec![format!("{id}.v{number}.{EXTENSION}")],
        Selector::Default | Selector::Latest | Selector::Label(_) => vec![plain],
    }
}

/// The file in a response whose status is fine.
pub(super) fn read(reference: &Reference, response: &Response<'_>) -> Result<Content, FetchError> {
    if response.is_html() {
        return Err(FetchError::Malformed("a .prompt file, not a page for a browser"));
    }
    if response.media_type().eq_ignore_ascii_case("application/json") {
        return Err(FetchError::Malformed(
            "the .prompt file itself, not a folder or a description of the file",
        ));
    }
    let text =
        std::str::from_utf8(response.body).map_err(|_| FetchError::Malformed("a .prompt file in UTF-8"))?;
    if text.trim().is_empty() {
        return Err(FetchError::Malformed("a .prompt file that is not empty"));
    }
    if text.starts_with(LFS_POINTER) {
        return Err(FetchError::Malformed("the .prompt file itself, not a pointer to Git LFS"));
    }
    let number = match reference.selector {
        Selector::Version(number) => u32::try_from(number).ok(),
        _ => Some(1),
    };
    Ok(Content::Version { text: text.to_owned(), number, label: None })
}
