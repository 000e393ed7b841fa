//! What a request says about its prompt: in fields of its own, or in OpenAI's `prompt` object.

use crate::catalog::{Reference, ReferenceError, Selector};
use crate::json::{Member, Object};
use crate::reply::LocalReply;

use super::replies::{duplicate, malformed};

pub(super) const ID: &str = "prompt_id";
const VERSION: &str = "prompt_version";
const LABEL: &str = "prompt_label";
const ENVIRONMENT: &str = "prompt_environment";
const VARIABLES: &str = "prompt_variables";

/// The members that are ours; all are removed before upstream.
pub(super) const OURS: [&str; 5] = [ID, VERSION, LABEL, ENVIRONMENT, VARIABLES];

/// What the fields are called where they stand, to blame them by.
pub(super) struct Names {
    pub(super) id: &'static str,
    pub(super) version: &'static str,
    pub(super) variables: &'static str,
}

/// The request's own fields.
pub(super) const FIELDS: Names = Names { id: ID, version: VERSION, variables: VARIABLES };

/// The members of a `prompt` object. OpenAI's samples use both names of the id.
const MEMBERS: Names = Names { id: "prompt.id", version: "prompt.version", variables: "prompt.variables" };
const MEMBERS_WITH_PREFIX: Names = Names { id: "prompt.prompt_id", ..MEMBERS };

/// What a request says about its prompt.
pub(super) struct Named<'a> {
    pub(super) id: Option<String>,
    pub(super) selector: Selector,
    /// The field that chose the version or label.
    pub(super) selected_by: &'static str,
    /// The text of the variables, which is an object.
    pub(super) variables: Option<&'a str>,
    pub(super) names: &'static Names,
}

impl<'a> Named<'a> {
    /// Reads the request's own fields.
    pub(super) fn by_fields(object: &Object<'a>) -> Result<Named<'a>, LocalReply> {
        let id = object.given(ID).map(|raw| string(ID, raw)).transpose()?;
        let mut chosen =
            [VERSION, LABEL, ENVIRONMENT].into_iter().filter_map(|name| Some((name, object.given(name)?)));
        let (selector, selected_by) = match chosen.next() {
            None => (Selector::Default, VERSION),
            Some((VERSION, raw)) => (version(VERSION, raw)?, VERSION),
            Some((name, raw)) => {
                let label = Selector::label(&string(name, raw)?)
                    .map_err(|error| malformed(name, &format!("`{name}` is not a label: {error}.")))?;
                (label, name)
            }
        };
        if let Some((other, _)) = chosen.next() {
            let message = format!("Only one of `{selected_by}` and `{other}` can choose the version.");
            return Err(malformed(other, &message));
        }
        let variables = variables(VARIABLES, object.given(VARIABLES))?;
        Ok(Named { id, selector, selected_by, variables, names: &FIELDS })
    }

    /// Reads a `prompt` object, whose text is `raw`.
    pub(super) fn by_object(raw: &'a [u8]) -> Result<Named<'a>, LocalReply> {
        let Ok(object) = Object::scan(raw, &[]) else {
            return Err(malformed(
                "prompt",
                "`prompt` has to be an object with `id`, `version` and `variables`.",
            ));
        };
        for member in object.members() {
            let known = ["id", ID, "version", "variables"].into_iter().find(|name| member.is(name));
            match known {
                Some(name) if object.is_duplicate(name) => return Err(duplicate(&format!("prompt.{name}"))),
                Some(_) => {}
                None => {
                    let message = "`prompt` has no such member: it takes `id`, `version` and `variables`.";
                    return Err(malformed(&blame(member), message));
                }
            }
        }
        let (names, id) = match (object.given("id"), object.given(ID)) {
            (Some(_), Some(_)) => {
                let message = "Only one of `id` and `prompt_id` can name the prompt.";
                return Err(malformed(MEMBERS_WITH_PREFIX.id, message));
            }
            (Some(id), None) => (&MEMBERS, id),
            (None, Some(id)) => (&MEMBERS_WITH_PREFIX, id),
            (None, None) => return Err(malformed(MEMBERS.id, "`prompt` names no prompt: add `id`.")),
        };
        let selector = object.given("version").map(|raw| version(names.version, raw)).transpose()?;
        Ok(Named {
            id: Some(string(names.id, id)?),
            selector: selector.unwrap_or(Selector::Default),
            selected_by: names.version,
            variables: variables(names.variables, object.given("variables"))?,
            names,
        })
    }

    /// The prompt that is named, if one is. A version may stand at the end of its id.
    pub(super) fn reference(&mut self) -> Result<Option<Reference>, LocalReply> {
        let Some(id) = &self.id else { return Ok(None) };
        let (names, selected_by) = (self.names, self.selected_by);
        let reference = Reference::new(id, self.selector.clone()).map_err(|error| match error {
            ReferenceError::Id(error) => {
                malformed(names.id, &format!("`{}` is not valid: {error}.", names.id))
            }
            ReferenceError::OtherVersion => {
                let message = format!(
                    "`{}` ends in a version, and `{}` asks for another one.",
                    names.id, names.version
                );
                malformed(names.version, &message)
            }
            ReferenceError::VersionAndLabel => {
                let message =
                    format!("`{}` ends in a version, so `{selected_by}` can't choose one.", names.id);
                malformed(selected_by, &message)
            }
        })?;
        if self.selector == Selector::Default && reference.selector != Selector::Default {
            self.selected_by = names.id;
        }
        Ok(Some(reference))
    }
}

/// The name of a member that does not belong into `prompt`, if it looks like a name.
fn blame(member: &Member<'_>) -> String {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    match str::from_utf8(member.key()) {
        Ok(name) if name.len() <= 64 && name.as_bytes().iter().all(is_name) => format!("prompt.{name}"),
        _ => "prompt".to_owned(),
    }
}

fn string(name: &str, raw: &[u8]) -> Result<String, LocalReply> {
    text(raw).ok_or_else(|| malformed(name, &format!("`{name}` has to be a string.")))
}

fn version(name: &str, raw: &[u8]) -> Result<Selector, LocalReply> {
    // Anything longer is no version, and must not be parsed into a tree.
    let short = raw.len() <= 64 && !matches!(raw.first(), Some(b'{' | b'['));
    let value = short.then(|| serde_json::from_slice(raw).ok()).flatten();
    value.and_then(|value| Selector::version(&value).ok()).ok_or_else(|| {
        let message =
            format!("`{name}` has to be a whole number from 1, such as 2 or \"v2\", or \"latest\".");
        malformed(name, &message)
    })
}

fn variables<'a>(name: &str, raw: Option<&'a [u8]>) -> Result<Option<&'a str>, LocalReply> {
    let Some(raw) = raw else { return Ok(None) };
    // They may be whole documents, which std's reader takes four times as long for.
    match raw.starts_with(b"{").then(|| simdutf8::basic::from_utf8(raw)) {
        Some(Ok(text)) => Ok(Some(text)),
        _ => Err(malformed(name, &format!("`{name}` has to be an object of names and values."))),
    }
}

/// The text of a JSON string; none for other values and for half of a surrogate pair.
pub(super) fn text(raw: &[u8]) -> Option<String> {
    raw.starts_with(b"\"").then(|| serde_json::from_slice(raw).ok())?
}
