//! LiteLLM's generic prompt management: any server with
//! `GET /beta/litellm_prompt_management?prompt_id=…`.
//!
//! LiteLLM sends no version. This asks for one with `prompt_version` or `prompt_label`, and believes
//! the answer only if it names the same.

use serde_json::{Map, Value};

use super::{
    Address, Content, FetchError, Kind, Provider, Reference, Response, Setting, SettingError, Settings,
    Source, dotprompt, encode, json, status,
};
use crate::catalog::Selector;

const PROMPT: &str = "an answer of LiteLLM's generic prompt management: `prompt_id`, `prompt_template`";
const TEMPLATE: &str = "`prompt_template`, a list of messages";

pub(super) static PROVIDER: Provider = Provider {
    name: "generic",
    authority: None,
    base_path: "",
    settings: &[Setting::secret("api_key"), Setting::optional("provider_specific_query_params", Kind::Query)],
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
    let mut suffix = String::new();
    for (name, value) in settings.query() {
        suffix.push_str(&format!("&{}={}", encode::segment(name), encode::segment(value)));
    }
    Ok(Address { prefix: format!("{base_path}/beta/litellm_prompt_management?prompt_id="), suffix, headers })
}

fn paths(source: &Source, reference: &Reference) -> Result<Vec<String>, FetchError> {
    let id = encode::segment(reference.id.as_str());
    let version = match &reference.selector {
        Selector::Default | Selector::Latest => String::new(),
        Selector::Version(number) => format!("&prompt_version={number}"),
        Selector::Label(label) => format!("&prompt_label={}", encode::segment(label.as_str())),
    };
    Ok(vec![source.path(&(id + &version))])
}

fn read(reference: &Reference, response: &Response<'_>) -> Result<Content, FetchError> {
    status::check(response, status::missing(reference))?;
    let answer = json::object(response, PROMPT)?;
    if json::text(&answer, "prompt_id", PROMPT)?.is_some_and(|id| id != reference.id.as_str()) {
        return Err(FetchError::Malformed("the prompt that was asked for, not another one"));
    }
    let number = json::version(&answer, "prompt_version", "`prompt_version`, a number from 1 on")?;
    let label = match &reference.selector {
        Selector::Version(asked) if number.map(u64::from) != Some(*asked) => {
            return Err(status::missing(reference));
        }
        Selector::Label(asked) => {
            if json::text(&answer, "prompt_label", "`prompt_label`, a name")? != Some(asked.as_str()) {
                return Err(status::missing(reference));
            }
            Some(asked.clone())
        }
        _ => None,
    };
    let model = json::member(&answer, "prompt_template_model");
    let parameters =
        json::mapping(&answer, "prompt_template_optional_params", PROMPT)?.cloned().unwrap_or_default();
    let text = dotprompt::compose(model, parameters, &messages(&answer)?)?;
    Ok(Content::Version { text, number, label })
}

fn messages(answer: &Map<String, Value>) -> Result<Vec<dotprompt::Message>, FetchError> {
    let Some(Value::Array(items)) = json::member(answer, "prompt_template") else {
        return Err(FetchError::Malformed(TEMPLATE));
    };
    let read = |item: &Value| match item {
        Value::Object(item) => {
            let message = dotprompt::message(item, TEMPLATE)?;
            Ok(dotprompt::Message { content: single_braces(&message.content), ..message })
        }
        _ => Err(FetchError::Malformed(TEMPLATE)),
    };
    items.iter().map(read).collect()
}

/// `{name}` is a variable here, as is `{{name}}`: both become the latter. Other braces stay.
fn single_braces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let inside = from.trim_start_matches('{');
        let open = from.len() - inside.len();
        let name_len =
            inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inside.len());
        let (name, after) = inside.split_at(name_len);
        let is_name = !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit());
        if let (1, true, Some(after)) = (open, is_name, after.strip_prefix('}')) {
            out.push_str("{{");
            out.push_str(name);
            out.push_str("}}");
            rest = after;
        } else {
            out.extend(from.chars().take(open));
            rest = inside;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::single_braces;

    #[test]
    fn names_in_single_braces_are_variables() {
        for (text, expected) in [
            ("Help me with {task}", "Help me with {{task}}"),
            ("{a}{b_2}", "{{a}}{{b_2}}"),
            ("{{a}} and {a}", "{{a}} and {{a}}"),
            ("{{{a}}}", "{{{a}}}"),
            ("{\"a\": {b}}", "{\"a\": {{b}}}"),
            ("{ a } {} {1} {a-b} {a", "{ a } {} {1} {a-b} {a"),
            ("{é} }{", "{é} }{"),
        ] {
            assert_eq!(single_braces(text), expected, "{text}");
        }
    }
}
