//! The prompt that a request asks for, read from its few members that matter.

use super::dialect::{Dialect, Voice};
use super::named::{ID, Named, Names, OURS, text};
use super::replies::{duplicate, malformed, too_many_members};
use crate::catalog::{PromptId, Reference, Selector};
use crate::config::{Binding, Settings};
use crate::json::{MAX_MEMBERS, Object, ScanError};
use crate::prompt::ClientMessages;
use crate::reply::LocalReply;

pub(super) const MODEL: &str = "model";

/// Prefixes of models that ask LiteLLM for a prompt. They also mean that the client's messages are
/// ignored.
const PREFIXES: [&str; 3] = ["dotprompt/", "bitbucket/", "gitlab/"];

/// A scanned request.
pub(super) struct Request<'a> {
    pub(super) object: Object<'a>,
    /// The client sent a message of a role that policy keeps from clients.
    refused_role: bool,
}

/// What a request asks for.
pub(super) struct Ask<'a, 's> {
    pub(super) reference: Reference,
    /// The member to blame if the version or label is not there.
    pub(super) selected_by: &'static str,
    /// The text of the variables.
    pub(super) variables: Option<&'a str>,
    /// What the fields are called that ask.
    pub(super) names: &'static Names,
    /// A `prompt` object asks, which somebody else may understand.
    pub(super) by_object: bool,
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
        let keep: Vec<&str> = dialect.always_read().chain(dialect.touched()).collect();
        if !policy.restricts_roles() {
            return Ok(Request { object: Object::scan(body, &keep)?, refused_role: false });
        }
        let mut refused_role = false;
        let object = Object::scan_messages(body, &keep, dialect.messages, |speaker| {
            refused_role |= match (dialect.voice)(speaker) {
                Voice::Role(role) => !policy.allows_role(role),
                Voice::Silent => false,
                Voice::Unknown => true,
            };
        })?;
        Ok(Request { object, refused_role })
    }

    /// The member by which the client says something that policy keeps from clients.
    pub(super) fn refused_member(&self, dialect: &Dialect, settings: &Settings) -> Option<&'static str> {
        let policy = &settings.policy;
        if !policy.restricts_roles() {
            return None;
        }
        let says = |name: &str| self.object.given(name).is_some_and(|raw| !is_empty(raw));
        let system = dialect.system.as_ref();
        if let Some(system) = system.filter(|system| says(system.name))
            && !system.roles.iter().any(|role| policy.allows_role(role))
        {
            return Some(system.name);
        }
        // A list was looked at while it was scanned; a string is what the user says.
        let is_text = self.object.given(dialect.messages).is_some_and(|raw| raw.starts_with(b"\""));
        let refused_text = is_text && says(dialect.messages) && !policy.allows_role("user");
        (self.refused_role || refused_text).then_some(dialect.messages)
    }

    /// What the request asks for; nothing if it names no prompt.
    pub(super) fn ask<'s>(
        &self,
        dialect: &Dialect,
        settings: &'s Settings,
    ) -> Result<Option<Ask<'a, 's>>, LocalReply> {
        if let Some(name) = dialect.always_read().find(|name| self.object.is_duplicate(name)) {
            return Err(duplicate(name));
        }
        let prompt_object = dialect.prompt_object.and_then(|name| self.object.given(name));
        let by_object = prompt_object.is_some();
        let mut named = match prompt_object {
            Some(raw) => {
                if let Some(name) = self.own_field() {
                    let message =
                        format!("`{name}` can't stand beside `prompt`: one of them names the prompt.");
                    return Err(malformed(name, &message));
                }
                Named::by_object(raw)?
            }
            None => Named::by_fields(&self.object)?,
        };
        let reference = named.reference()?;
        let model = self.object.given(MODEL).and_then(text);
        let binding = model.as_deref().and_then(|model| settings.models.get(model));
        let bare =
            model.as_deref().and_then(|model| PREFIXES.iter().find_map(|prefix| model.strip_prefix(prefix)));
        let prefixed = bare.is_some();
        let bound = reference.is_none();
        let reference = match (reference, binding) {
            (Some(mut reference), _) => {
                let name = settings.aliases.resolve(reference.id.as_str());
                if name != reference.id.as_str() {
                    reference.id = PromptId::parse(name)
                        .map_err(|error| malformed(named.names.id, &error.to_string()))?;
                }
                reference
            }
            (None, Some(binding)) => match named.selector {
                Selector::Default => binding.reference.clone(),
                selector => Reference { id: binding.reference.id.clone(), selector },
            },
            (None, None) => return self.no_prompt(model.as_deref()).map(|()| None),
        };
        let model = match bare {
            Some(bare) => Some(bare.to_owned()),
            None => model,
        };
        let Named { selected_by, variables, names, .. } = named;
        Ok(Some(Ask { reference, selected_by, variables, names, by_object, model, prefixed, binding, bound }))
    }

    /// One of the request's own fields that is given.
    fn own_field(&self) -> Option<&'static str> {
        OURS.into_iter().find(|name| self.object.given(name).is_some())
    }

    /// Checks what is only wrong where a prompt applies.
    pub(super) fn check_size(&self, dialect: &Dialect) -> Result<(), LocalReply> {
        if self.object.len() > MAX_MEMBERS {
            return Err(too_many_members("The body"));
        }
        match dialect.touched().find(|name| self.object.is_duplicate(name)) {
            Some(name) => Err(duplicate(name)),
            None => Ok(()),
        }
    }

    /// A request without a prompt may not carry what belongs to one.
    fn no_prompt(&self, model: Option<&str>) -> Result<(), LocalReply> {
        if let Some(name) = self.own_field() {
            return Err(malformed(name, &format!("`{name}` is given, but no prompt: add `prompt_id`.")));
        }
        if model.is_some_and(|model| model.starts_with("dotprompt/")) {
            return Err(malformed(ID, "The model asks for a prompt, but none is named: add `prompt_id`."));
        }
        Ok(())
    }
}

/// An empty string or list says nothing.
fn is_empty(raw: &[u8]) -> bool {
    raw == b"\"\"" || crate::json::array_items(raw).is_some_and(<[u8]>::is_empty)
}
