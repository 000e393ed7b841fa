//! The prompt that a request asks for, read from its few members that matter.

use super::dialect::Dialect;
use crate::catalog::{Reference, ReferenceError, Selector};
use crate::config::{Binding, Settings};
use crate::json::{MAX_MEMBERS, Member, Object, ScanError};
use crate::prompt::ClientMessages;
use crate::reply::{Code, LocalReply};

pub(super) const ID: &str = "prompt_id";
const VERSION: &str = "prompt_version";
const LABEL: &str = "prompt_label";
const ENVIRONMENT: &str = "prompt_environment";
pub(super) const VARIABLES: &str = "prompt_variables";
pub(super) const MODEL: &str = "model";

/// The members that are ours; all are removed before upstream.
pub(super) const OURS: [&str; 5] = [ID, VERSION, LABEL, ENVIRONMENT, VARIABLES];

/// Members that are read whatever the request asks for, so that none may occur twice.
const READ: [&str; 6] = [ID, VERSION, LABEL, ENVIRONMENT, VARIABLES, MODEL];

/// Prefixes of models that ask LiteLLM for a prompt. They also mean that the client's messages are
/// ignored.
const PREFIXES: [&str; 3] = ["dotprompt/", "bitbucket/", "gitlab/"];

/// A scanned request.
pub(super) struct Request<'a> {
    pub(super) object: Object<'a>,
    /// The client sent a message of a role that policy keeps from clients.
    pub(super) refused_role: bool,
}

/// What a request asks for.
pub(super) struct Ask<'a, 's> {
    pub(super) reference: Reference,
    /// The member to blame if the version or label is not there.
    pub(super) selected_by: &'static str,
    /// The text of `prompt_variables`.
    pub(super) variables: Option<&'a str>,
    /// The request's model without LiteLLM's prefix.
    pub(super) model: Option<String>,
    /// The model stood behind such a prefix.
    pub(super) prefixed: bool,
    /// The model's binding.
    pub(super) binding: Option<&'s Binding>,
    /// The binding's prompt is asked for, not one that the request names.
    pub(super) bound: bool,
}

impl Ask<'_, '_> {
    /// Whether the client's messages are ignored, as far as the request alone decides.
    pub(super) fn ignores_client(&self) -> bool {
        self.prefixed || self.binding_says() == Some(ClientMessages::Ignore)
    }

    /// Whether the client's messages are kept beside a prompt that says `prompt_says`.
    pub(super) fn keeps_client(&self, prompt_says: Option<ClientMessages>) -> bool {
        if self.ignores_client() || prompt_says == Some(ClientMessages::Ignore) {
            return false;
        }
        // A binding ignores them unless it or its prompt says otherwise.
        !self.bound || self.binding_says().or(prompt_says).is_some()
    }

    fn binding_says(&self) -> Option<ClientMessages> {
        if self.bound { self.binding?.client_messages } else { None }
    }
}

impl<'a> Request<'a> {
    /// Reads a body.
    pub(super) fn scan(
        body: &'a [u8],
        dialect: &Dialect,
        settings: &Settings,
    ) -> Result<Request<'a>, ScanError> {
        let policy = &settings.policy;
        let mut keep = READ.to_vec();
        keep.push(dialect.messages);
        if !policy.restricts_roles() {
            return Ok(Request { object: Object::scan(body, &keep)?, refused_role: false });
        }
        let mut refused_role = false;
        let visit = |role: Option<&str>| refused_role |= !role.is_some_and(|role| policy.allows_role(role));
        let object = Object::scan_messages(body, &keep, dialect.messages, visit)?;
        Ok(Request { object, refused_role })
    }

    /// A member that is there and not null.
    fn given(&self, name: &str) -> Option<&Member<'a>> {
        self.object.get(name).filter(|member| member.raw() != "null")
    }

    /// What the request asks for; nothing if it names no prompt.
    pub(super) fn ask<'s>(
        &self,
        dialect: &Dialect,
        settings: &'s Settings,
    ) -> Result<Option<Ask<'a, 's>>, LocalReply> {
        if let Some(name) = READ.into_iter().find(|name| self.object.is_duplicate(name)) {
            return Err(duplicate(name));
        }
        let id = self.given(ID).map(prompt_id).transpose()?;
        let (selector, mut selected_by) = self.selector()?;
        let variables = self.given(VARIABLES).map(|member| member.raw());
        if variables.is_some_and(|raw| !raw.starts_with('{')) {
            return Err(malformed(VARIABLES, "`prompt_variables` has to be an object of names and values."));
        }
        let model = self.given(MODEL).and_then(|member| text(member.raw()));
        let binding = model.as_deref().and_then(|model| settings.models.get(model));
        let bare =
            model.as_deref().and_then(|model| PREFIXES.iter().find_map(|prefix| model.strip_prefix(prefix)));
        let prefixed = bare.is_some();
        let reference = match (&id, binding) {
            (Some(id), _) => {
                let suffixed = selector == Selector::Default;
                let mut reference = reference(id, selector, selected_by)?;
                if suffixed && reference.selector != Selector::Default {
                    selected_by = ID;
                }
                let name = settings.aliases.resolve(reference.id.as_str());
                if name != reference.id.as_str() {
                    reference.id = crate::catalog::PromptId::parse(name)
                        .map_err(|error| malformed(ID, &error.to_string()))?;
                }
                reference
            }
            (None, Some(binding)) => match selector {
                Selector::Default => binding.reference.clone(),
                selector => Reference { id: binding.reference.id.clone(), selector },
            },
            (None, None) => return self.no_prompt(model.as_deref()).map(|()| None),
        };
        self.check_size(dialect)?;
        let model = match bare {
            Some(bare) => Some(bare.to_owned()),
            None => model,
        };
        Ok(Some(Ask { reference, selected_by, variables, model, prefixed, binding, bound: id.is_none() }))
    }

    /// Checks what is only wrong where a prompt applies.
    fn check_size(&self, dialect: &Dialect) -> Result<(), LocalReply> {
        if self.object.len() > MAX_MEMBERS {
            let message = format!("A request with a prompt may have {MAX_MEMBERS} top-level fields at most.");
            return Err(LocalReply::new(Code::InvalidJson, message));
        }
        if self.object.is_duplicate(dialect.messages) {
            return Err(duplicate(dialect.messages));
        }
        Ok(())
    }

    fn selector(&self) -> Result<(Selector, &'static str), LocalReply> {
        let mut given =
            [VERSION, LABEL, ENVIRONMENT].into_iter().filter_map(|name| Some((name, self.given(name)?)));
        let Some((name, member)) = given.next() else { return Ok((Selector::Default, VERSION)) };
        if let Some((other, _)) = given.next() {
            let message = format!("Only one of `{name}` and `{other}` can choose the version.");
            return Err(malformed(other, &message));
        }
        let selector = if name == VERSION {
            version(member.raw()).ok_or_else(|| {
                malformed(
                    VERSION,
                    "`prompt_version` has to be a whole number from 1, such as 2 or \"v2\", or \"latest\".",
                )
            })?
        } else {
            let label = text(member.raw())
                .ok_or_else(|| malformed(name, &format!("`{name}` has to be a string.")))?;
            Selector::label(&label)
                .map_err(|error| malformed(name, &format!("`{name}` is not a label: {error}.")))?
        };
        Ok((selector, name))
    }

    /// A request without a prompt may not carry what belongs to one.
    fn no_prompt(&self, model: Option<&str>) -> Result<(), LocalReply> {
        if let Some(name) = OURS.into_iter().find(|name| self.given(name).is_some()) {
            return Err(malformed(name, &format!("`{name}` is given, but no prompt: add `prompt_id`.")));
        }
        if model.is_some_and(|model| model.starts_with("dotprompt/")) {
            return Err(malformed(ID, "The model asks for a prompt, but none is named: add `prompt_id`."));
        }
        Ok(())
    }
}

fn prompt_id(member: &Member<'_>) -> Result<String, LocalReply> {
    text(member.raw()).ok_or_else(|| malformed(ID, "`prompt_id` has to be a string."))
}

fn version(raw: &str) -> Option<Selector> {
    // Anything longer is no version, and must not be parsed into a tree.
    if raw.len() > 64 || raw.starts_with(['{', '[']) {
        return None;
    }
    Selector::version(&serde_json::from_str(raw).ok()?).ok()
}

fn reference(id: &str, selector: Selector, selected_by: &'static str) -> Result<Reference, LocalReply> {
    Reference::new(id, selector).map_err(|error| match error {
        ReferenceError::Id(error) => malformed(ID, &format!("`prompt_id` is not valid: {error}.")),
        ReferenceError::OtherVersion => {
            malformed(VERSION, "`prompt_id` ends in a version, and `prompt_version` asks for another one.")
        }
        ReferenceError::VersionAndLabel => malformed(
            selected_by,
            &format!("`prompt_id` ends in a version, so `{selected_by}` can't choose one."),
        ),
    })
}

/// The text of a JSON string; none for other values and for half of a surrogate pair.
fn text(raw: &str) -> Option<String> {
    raw.starts_with('"').then(|| serde_json::from_str(raw).ok())?
}

fn malformed(param: &str, message: &str) -> LocalReply {
    LocalReply::on(Code::InvalidPromptReference, param, message)
}

pub(super) fn duplicate(name: &str) -> LocalReply {
    let message = format!("`{name}` occurs twice; which one counts would depend on the reader.");
    LocalReply::on(Code::DuplicateField, name, message)
}
