//! From a request's body to upstream's: the whole way of one request with a prompt.

use memchr::memmem;

use super::dialect::{Dialect, NotText, Placed};
use super::head::{not_an_object, prompt_required};
use super::named::ID;
use super::render::{self, RenderedModel};
use super::request::{Ask, MODEL, Request};
use crate::cache::{Cache, Found, Kept, Key, Origin};
use crate::catalog::{NotFound, Resolved};
use crate::config::{Config, Settings, UnknownPromptObject};
use crate::json::{Edit, Object, Piece, write_string};
use crate::prompt::{Prompt, PromptError};
use crate::registry::FetchError;
use crate::reply::{Code, LocalReply};

/// What becomes of a body.
pub(super) enum Outcome {
    /// It goes on as it is.
    Pass,
    /// It is replaced.
    Rewritten(Vec<u8>, Option<Applied>),
    /// The request is answered.
    Reply(LocalReply, Option<String>),
    /// Its prompt has been asked for.
    Fetch(Key),
}

/// Why a request does not get its prompt now.
enum Stop {
    Reply(LocalReply),
    Fetch(Key),
    /// Upstream is to resolve it.
    Pass,
}

impl From<LocalReply> for Stop {
    fn from(reply: LocalReply) -> Stop {
        Stop::Reply(reply)
    }
}

/// The prompt that a request got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The prompt's id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// The label that chose the version, where one did.
    pub label: Option<String>,
    /// The model that upstream is asked for.
    pub model: Option<String>,
    /// Whether the route may depend on that model.
    pub routable: bool,
    /// Where the prompt came from.
    pub origin: Origin,
}

/// What a request is judged by.
pub(super) struct Rewrite<'r> {
    pub(super) config: &'r Config,
    /// Where prompts are looked for that the bundle does not hold.
    pub(super) cache: Option<&'r Cache>,
    /// The prompt that the request has waited for.
    pub(super) fetched: Option<&'r Found>,
    pub(super) settings: &'r Settings,
    pub(super) dialect: &'static Dialect,
    /// Only requests with a prompt go on.
    pub(super) required: bool,
}

impl Rewrite<'_> {
    /// Rewrites a body.
    pub(super) fn rewrite(&self, body: &[u8]) -> Outcome {
        let request = match Request::scan(body, self.dialect, self.settings) {
            Ok(request) => request,
            // What can't be read may still name a prompt.
            Err(_) if self.required || self.may_name_a_prompt(body) => {
                return Outcome::Reply(not_an_object(), None);
            }
            Err(_) => return Outcome::Pass,
        };
        let ask = match request.ask(self.dialect, self.settings) {
            Ok(None) if self.required => return Outcome::Reply(prompt_required(), None),
            Ok(Some(ask)) => ask,
            Ok(None) => return self.without_nulls(&request),
            Err(reply) => return Outcome::Reply(reply, None),
        };
        match self.apply(&request, &ask) {
            Ok((body, applied)) => Outcome::Rewritten(body, Some(applied)),
            Err(Stop::Fetch(key)) => Outcome::Fetch(key),
            Err(Stop::Pass) => self.without_nulls(&request),
            Err(Stop::Reply(reply)) => {
                // Only ids of the catalogue are counted in metrics, never what a client made up.
                let id = ask.reference.id.as_str();
                Outcome::Reply(reply, self.config.catalog.contains(id).then(|| id.to_owned()))
            }
        }
    }

    /// Whether a body that does not parse names a prompt, as far as its bytes tell.
    fn may_name_a_prompt(&self, body: &[u8]) -> bool {
        let names_object = |name: &str| memmem::find(body, format!("\"{name}\"").as_bytes()).is_some();
        memmem::find(body, ID.as_bytes()).is_some() || self.dialect.prompt_object.is_some_and(names_object)
    }

    /// Whether upstream is to resolve the prompt if the gateway does not hold it: where that is allowed
    /// and nothing says that each request needs one of the gateway's.
    fn may_be_for_another(&self, ask: &Ask<'_, '_>) -> bool {
        ask.by_object
            && !self.required
            && self.settings.policy.unknown_prompt_object == UnknownPromptObject::Forward
    }

    /// What the cache has of a prompt.
    fn in_cache(&self, cache: &Cache, ask: &Ask<'_, '_>) -> Result<Result<(Kept, Origin), NotFound>, Stop> {
        let found = match self.fetched {
            Some(found) => found.clone(),
            None => cache.find(&ask.reference),
        };
        match found {
            Found::Prompt(kept, origin) => Ok(Ok((kept, origin))),
            Found::Missing(_) if self.may_be_for_another(ask) => Err(Stop::Pass),
            Found::Missing(missing) => Ok(Err(missing)),
            Found::Unavailable(error) => Err(unavailable(&error, ask).into()),
            Found::Pending(key) => Err(Stop::Fetch(key)),
        }
    }

    /// A null field of ours is absent, and removed.
    fn without_nulls(&self, request: &Request<'_>) -> Outcome {
        let mut edit = Edit::new(&request.object);
        let ours = self.dialect.ours().filter_map(|name| request.object.get(name));
        ours.filter(|member| member.raw() == "null").for_each(|member| edit.remove(member));
        if edit.is_empty() { Outcome::Pass } else { Outcome::Rewritten(edit.apply(), None) }
    }

    fn apply(&self, request: &Request<'_>, ask: &Ask<'_, '_>) -> Result<(Vec<u8>, Applied), Stop> {
        let policy = &self.settings.policy;
        let id = ask.reference.id.as_str();
        let catalog = &self.config.catalog;
        let pushed = catalog.contains(id);
        // What may not be used here is not asked for anywhere.
        let cache = self.cache.filter(|_| !pushed && policy.allows_prompt(id));
        if !pushed && cache.is_none() && self.may_be_for_another(ask) {
            return Err(Stop::Pass);
        }
        request.check_size(self.dialect)?;
        if !policy.allows_prompt(id) {
            return Err(LocalReply::on(
                Code::PromptNotAllowed,
                ask.names.id,
                "This prompt may not be used here.",
            )
            .into());
        }
        let default_label = self.settings.default_label.as_ref().map(|label| label.as_str());
        let found = cache.map(|cache| self.in_cache(cache, ask)).transpose()?;
        let (resolved, origin) = match &found {
            Some(Ok((kept, origin))) => (kept.resolve(&ask.reference, default_label), *origin),
            Some(Err(missing)) => (Err(*missing), Origin::Fetch),
            None => (catalog.resolve(id, &ask.reference.selector, default_label), Origin::Bundle),
        };
        let keep_client = match &resolved {
            Ok(Resolved { prompt: Ok(prompt), .. }) => ask.keeps_client(prompt.front_matter.client_messages),
            _ => !ask.ignores_client(),
        };
        // Policy comes before what is wrong with the prompt, and only concerns messages that are kept.
        if keep_client && let Some(name) = request.refused_member(self.dialect, self.settings) {
            return Err(LocalReply::on(
                Code::ClientRoleNotAllowed,
                name,
                format!("`{name}` speaks in a role that clients may not take beside a prompt."),
            )
            .into());
        }
        let resolved = resolved.map_err(|missing| not_found(missing, ask))?;
        let prompt = resolved.prompt.as_ref().map_err(|error| broken(&resolved, error))?;
        if keep_client {
            (self.dialect.check)(&request.object)?;
        }
        let parameters = self.parameters(&request.object, &resolved, prompt)?;
        let inputs = render::Inputs { config: self.config, policy, dialect: self.dialect, ask };
        let rendered = inputs.render(&resolved, prompt)?;
        let model = Chosen::new(ask, rendered.model)?;
        let mut fields = (self.dialect.place)(&request.object, &rendered.messages, keep_client)
            .map_err(|NotText(variable)| render::not_text(&resolved, ask.names, variable.as_deref()))?;
        if let Some(name) = model.name.as_deref().filter(|_| model.new) {
            fields.push((MODEL, Some(vec![Piece::New(json_string(name))])));
        }
        fields.extend(parameters);
        let body = self.edit(&request.object, fields);
        let applied = Applied {
            id: resolved.id.to_owned(),
            version: resolved.version,
            label: resolved.label.map(str::to_owned),
            model: model.name,
            routable: model.routable,
            origin,
        };
        Ok((body, applied))
    }

    /// The prompt's parameters that go into the request.
    fn parameters<'a>(
        &self,
        object: &Object<'a>,
        resolved: &Resolved<'_>,
        prompt: &'a Prompt,
    ) -> Result<Vec<Placed<'a>>, LocalReply> {
        let parameters = (self.dialect.parameters)(&prompt.front_matter);
        if let Some(name) = parameters.names().find(|name| self.dialect.writes_messages_to(name)) {
            let (id, version) = (resolved.id, resolved.version);
            let message = format!(
                "The prompt `{id}` (version {version}) sets `{name}`, which is where its own messages go on this path."
            );
            return Err(LocalReply::new(Code::PromptRenderFailed, message));
        }
        parameters.place(object, self.config.parameters)
    }

    /// Writes fields into a request: each where it stands, else to the front. Removes ours.
    fn edit<'a>(&self, object: &Object<'a>, fields: impl IntoIterator<Item = Placed<'a>>) -> Vec<u8> {
        let mut edit = Edit::new(object);
        self.dialect.ours().filter_map(|name| object.get(name)).for_each(|member| edit.remove(member));
        for (name, value) in fields {
            match (object.get(name), value) {
                (Some(member), Some(value)) => edit.replace(member, value),
                (Some(member), None) => edit.remove(member),
                (None, Some(value)) => edit.insert(name, value),
                (None, None) => {}
            }
        }
        edit.apply()
    }
}

/// The model that upstream is asked for.
struct Chosen {
    name: Option<String>,
    /// It is another text than the request has.
    new: bool,
    /// The route may depend on it.
    routable: bool,
}

impl Chosen {
    /// The front matter's, else the binding's, else the request's without its prefix.
    fn new(ask: &Ask<'_, '_>, rendered: Option<RenderedModel>) -> Result<Chosen, LocalReply> {
        if let Some(RenderedModel { name, routable }) = rendered {
            return Ok(Chosen { name: Some(name), new: true, routable });
        }
        if let Some(model) = ask.binding.and_then(|binding| binding.model.as_deref()) {
            return Ok(Chosen { name: Some(model.to_owned()), new: true, routable: true });
        }
        if ask.prefixed && ask.model.as_deref() == Some("") {
            let message = "No model is named behind the prefix, nor by the prompt.";
            return Err(LocalReply::on(Code::InvalidPromptReference, MODEL, message));
        }
        Ok(Chosen { name: ask.model.clone(), new: ask.prefixed, routable: true })
    }
}

fn json_string(text: &str) -> Vec<u8> {
    let mut literal = Vec::with_capacity(text.len() + 2);
    write_string(&mut literal, text);
    literal
}

fn broken(resolved: &Resolved<'_>, error: &PromptError) -> LocalReply {
    let (id, version, what) = (resolved.id, resolved.version, error.public_message());
    LocalReply::new(
        Code::PromptRenderFailed,
        format!("The prompt `{id}` (version {version}) is not valid: {what}."),
    )
}

fn unavailable(error: &FetchError, ask: &Ask<'_, '_>) -> LocalReply {
    match error.code() {
        Code::PromptUnavailable => LocalReply::on(
            Code::PromptUnavailable,
            ask.names.id,
            format!("The prompt can't be fetched at the moment: {error}."),
        ),
        code => LocalReply::new(code, format!("The prompt can't be used: {error}.")),
    }
}

fn not_found(missing: NotFound, ask: &Ask<'_, '_>) -> LocalReply {
    let id = ask.reference.id.as_str();
    match missing {
        NotFound::Prompt => LocalReply::on(
            Code::PromptNotFound,
            ask.names.id,
            format!("There is no prompt `{id}` on this gateway."),
        ),
        NotFound::Version => LocalReply::on(
            Code::PromptVersionNotFound,
            ask.selected_by,
            format!("The prompt `{id}` has no such version."),
        ),
        NotFound::Label => LocalReply::on(
            Code::PromptLabelNotFound,
            ask.selected_by,
            format!("The prompt `{id}` has no such label."),
        ),
    }
}
