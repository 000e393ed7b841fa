//! LiteLLM's prompt management: `GET /prompts/{id}/info`, `/prompts/{id}.v{n}/info`.
//!
//! LiteLLM numbers versions within an environment, and lets `PATCH` change one in place. Without an
//! environment it takes production, else staging, else development; its environments are our labels.

use serde_json::{Map, Value};

use super::{
    Address, Content, FetchError, Provider, Reference, Response, Setting, SettingError, Settings, Source,
    dotprompt, encode, json, status,
};
use crate::catalog::Selector;

const INFO: &str = "LiteLLM's information about a prompt: an object with `prompt_spec`";
const VERSION: &str = "`prompt_spec.version`, the number of the version, as LiteLLM 1.106 sends it";
const DATA: &str = "`prompt_data` with `content` and `metadata`";

pub(super) static PROVIDER: Provider = Provider {
    name: "litellm",
    authority: None,
    base_path: "",
    settings: &[Setting::secret("api_key")],
    labels: true,
    immutable_versions: false,
    bundle: false,
    address,
    paths,
    read,
};

fn address(base_path: &str, settings: &Settings) -> Result<Address, SettingError> {
    let mut headers = vec![("accept", "application/json".to_owned())];
    headers.extend(settings.bearer("api_key"));
    Ok(Address { prefix: format!("{base_path}/prompts/"), suffix: "/info".to_owned(), headers })
}

fn paths(source: &Source, reference: &Reference) -> Result<Vec<String>, FetchError> {
    let id = reference.id.as_str();
    let name = match &reference.selector {
        Selector::Version(number) => format!("{id}.v{number}"),
        _ => id.to_owned(),
    };
    // LiteLLM's paths have one segment for it, however the slash is encoded.
    if id.contains('/') {
        return Err(status::missing(reference));
    }
    let mut path = source.path(&encode::segment(&name));
    if let Selector::Label(label) = &reference.selector {
        path.push_str("?environment=");
        path.push_str(&encode::segment(label.as_str()));
    }
    Ok(vec![path])
}

fn read(reference: &Reference, response: &Response<'_>) -> Result<Content, FetchError> {
    if says_not_found(response) {
        return Err(status::missing(reference));
    }
    let no_api =
        FetchError::Misdirected("LiteLLM's /prompts: look at `registry.authority` and `registry.base_path`");
    status::check(response, no_api)?;
    let answer = json::object(response, INFO)?;
    let spec = json::mapping(&answer, "prompt_spec", INFO)?.ok_or(FetchError::Malformed(INFO))?;
    let params = json::mapping(spec, "litellm_params", INFO)?.ok_or(FetchError::Malformed(INFO))?;
    let number = json::version(spec, "version", VERSION)?;
    if !is_prompt(reference, spec, params)? || !is_version(reference, spec, number)? {
        return Err(status::missing(reference));
    }
    let label = match &reference.selector {
        Selector::Label(label) => Some(label.clone()),
        _ => None,
    };
    Ok(Content::Version { text: text(reference, &answer, params)?, number, label })
}

/// LiteLLM answers 400 where others answer 404. A 404 is its prompt's, too, unless it is its router's,
/// which knows no such path.
fn says_not_found(response: &Response<'_>) -> bool {
    let Ok(error) = json::object(response, "") else { return false };
    let detail = json::text(&error, "detail", "").ok().flatten().unwrap_or_default();
    match response.status {
        400 => detail.starts_with("Prompt ") && detail.contains(" not found"),
        404 => !detail.is_empty() && detail != "Not Found",
        _ => false,
    }
}

/// Whether the answer is about this prompt. LiteLLM reads an id up to the first `.v`, else up to the
/// first `_v`: it takes `my` and `my_variable` for the same, sends either for the other, and calls
/// both `my`. The parameters of a prompt of its own have the id as it was saved.
fn is_prompt(
    reference: &Reference,
    spec: &Map<String, Value>,
    params: &Map<String, Value>,
) -> Result<bool, FetchError> {
    let is_own = json::text(params, "prompt_integration", INFO)? == Some("dotprompt");
    let saved = if is_own { json::text(params, "prompt_id", INFO)? } else { None };
    let id = saved.or(json::text(spec, "prompt_id", INFO)?);
    let found = id.and_then(|id| Reference::new(id, Selector::Default).ok());
    Ok(found.is_some_and(|found| found.id == reference.id))
}

/// Whether the answer is the version or label that was asked for: older releases ignore either and
/// send another one.
fn is_version(
    reference: &Reference,
    spec: &Map<String, Value>,
    number: Option<u32>,
) -> Result<bool, FetchError> {
    Ok(match &reference.selector {
        Selector::Version(asked) => {
            let number = number.ok_or(FetchError::Malformed(VERSION))?;
            u64::from(number) == *asked
        }
        Selector::Label(label) => json::text(spec, "environment", INFO)? == Some(label.as_str()),
        Selector::Default | Selector::Latest => true,
    })
}

/// The prompt's text, from wherever LiteLLM itself takes it first.
fn text(
    reference: &Reference,
    answer: &Map<String, Value>,
    params: &Map<String, Value>,
) -> Result<String, FetchError> {
    match json::member(params, "prompt_data") {
        // It may also be an object as text.
        Some(Value::String(data)) if !data.trim().is_empty() => {
            let data = serde_json::from_str(data).map_err(|_| FetchError::Malformed(DATA))?;
            return from_data(reference, &data);
        }
        Some(Value::Object(data)) if !data.is_empty() => return from_data(reference, data),
        Some(Value::String(_) | Value::Object(_)) | None => {}
        Some(_) => return Err(FetchError::Malformed(DATA)),
    }
    match json::text(params, "dotprompt_content", "`dotprompt_content`, the text of a .prompt file")? {
        Some(content) if !content.trim().is_empty() => return Ok(content.to_owned()),
        _ => {}
    }
    match json::mapping(answer, "raw_prompt_template", INFO)? {
        Some(template) => from_template(template),
        None => Err(FetchError::Unusable(
            "LiteLLM does not hold its text, it belongs to another of its integrations; ask that registry instead",
        )),
    }
}

/// `{"content", "metadata"}`, or such an object under the name of the prompt.
fn from_data(reference: &Reference, data: &Map<String, Value>) -> Result<String, FetchError> {
    if data.contains_key("content") {
        return from_template(data);
    }
    let named =
        data.get(reference.id.as_str()).or_else(|| if data.len() == 1 { data.values().next() } else { None });
    match named {
        Some(Value::Object(template)) => from_template(template),
        _ => Err(FetchError::Malformed(DATA)),
    }
}

/// The content is a template already; the metadata is a front matter.
fn from_template(template: &Map<String, Value>) -> Result<String, FetchError> {
    let content = json::text(template, "content", DATA)?.ok_or(FetchError::Malformed(DATA))?;
    let metadata = json::mapping(template, "metadata", DATA)?;
    Ok(dotprompt::join(metadata, content))
}
