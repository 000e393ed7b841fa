//! From a request's body to upstream's: the whole way of one request with a prompt.

use memchr::memmem;

use super::dialect::{Client, Dialect, NotText, Placed};
use super::mention;
use super::model::Chosen;
use super::named::ID;
use super::render::Inputs;
use super::replies;
use super::request::{Ask, MODEL, Request};
use crate::cache::{Cache, Found, Kept, Key, Origin};
use crate::catalog::{NotFound, Resolved};
use crate::config::{Config, Settings, UnknownPromptObject};
use crate::json::{Edit, Object, Piece, Splice, write_string};
use crate::prompt::Prompt;
use crate::reply::LocalReply;

/// What becomes of a body.
pub(super) enum Outcome {
    /// It goes on as it is.
    Pass,
    /// It is replaced.
    Rewritten(Splice, Option<Applied>),
    /// The request is answered.
    Reply(LocalReply, Option<String>),
    /// Its prompt has been asked for.
    Fetch(Key),
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

/// Below so many bytes it costs less to copy what stays of a body than to tell where it is.
const WORTH_KEEPING: usize = 16 << 10;

/// Where a prompt is looked for, and what there is.
enum Place {
    /// In the bundle of the configuration.
    Pushed,
    /// In what is kept of a registry.
    Kept(Kept, Origin),
    /// The registry does not have it.
    Nowhere(NotFound),
}

/// What a request is judged by.
pub(super) struct Rewrite<'r> {
    pub(super) config: &'r Config,
    /// Where prompts are looked for that the bundle does not hold.
    pub(super) cache: Option<&'r Cache>,
    /// The prompt that the request has waited for.
    pub(super) fetched: Option<&'r Found>,
    /// The request has waited, be it for the bundle.
    pub(super) waited: bool,
    pub(super) settings: &'r Settings,
    pub(super) dialect: &'static Dialect,
    /// Only requests with a prompt go on.
    pub(super) required: bool,
}

impl Rewrite<'_> {
    /// Rewrites a body.
    pub(super) fn rewrite(&self, body: &[u8]) -> Outcome {
        if self.required || mention::of_prompts(body, self.dialect, &self.settings.models) {
            self.read(body)
        } else {
            Outcome::Pass
        }
    }

    /// Reads a body, and does what it asks for.
    pub(super) fn read(&self, body: &[u8]) -> Outcome {
        let request = match Request::scan(body, self.dialect, self.settings) {
            Ok(request) => request,
            // What can't be read may still name a prompt.
            Err(_) if self.required || self.may_name_a_prompt(body) => {
                return Outcome::Reply(replies::not_an_object(), None);
            }
            Err(_) => return Outcome::Pass,
        };
        let ask = match request.ask(self.dialect, self.settings) {
            Ok(Some(ask)) => ask,
            Ok(None) if self.required => return Outcome::Reply(replies::prompt_required(), None),
            Ok(None) => return self.without_nulls(&request.object),
            Err(reply) => return Outcome::Reply(reply, None),
        };
        match self.apply(&request, &ask) {
            Ok((body, applied)) => Outcome::Rewritten(body, Some(applied)),
            Err(Stop::Fetch(key)) => Outcome::Fetch(key),
            Err(Stop::Pass) => self.without_nulls(&request.object),
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

    /// A null field of ours is absent, and removed.
    fn without_nulls(&self, object: &Object<'_>) -> Outcome {
        let mut edit = Edit::new(object);
        let ours = self.dialect.ours().filter_map(|name| object.get(name));
        ours.filter(|member| member.raw() == b"null").for_each(|member| edit.remove(member));
        if edit.is_empty() { Outcome::Pass } else { Outcome::Rewritten(edit.splice(WORTH_KEEPING), None) }
    }

    /// Finds the prompt, judges the request, and puts the two together.
    fn apply(&self, request: &Request<'_>, ask: &Ask<'_, '_>) -> Result<(Splice, Applied), Stop> {
        let place = self.find(request, ask)?;
        let default_label = self.settings.default_label.as_ref().map(|label| label.as_str());
        let reference = &ask.reference;
        let (resolved, origin) = match &place {
            Place::Pushed => {
                let id = reference.id.as_str();
                (self.config.catalog.resolve(id, &reference.selector, default_label), Origin::Bundle)
            }
            Place::Kept(kept, origin) => (kept.resolve(reference, default_label), *origin),
            Place::Nowhere(missing) => (Err(*missing), Origin::Fetch),
        };
        let keeps_client = match &resolved {
            Ok(Resolved { prompt: Ok(prompt), .. }) => ask.keeps_client(prompt.front_matter.client_messages),
            _ => !ask.ignores_client(),
        };
        // Policy comes before what is wrong with the prompt, and only concerns messages that are kept.
        if keeps_client && let Some(name) = request.refused_member(self.dialect, self.settings) {
            return Err(replies::role_not_allowed(name).into());
        }
        let resolved = resolved.map_err(|missing| replies::not_found(missing, ask))?;
        let prompt = resolved.prompt.as_ref().map_err(|error| replies::broken(&resolved, error))?;
        let client = keeps_client.then(|| (self.dialect.read)(&request.object)).transpose()?;
        let (body, model) = self.compose(&request.object, ask, &resolved, prompt, client)?;
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

    /// Finds out where the prompt is, if it may be used at all.
    fn find(&self, request: &Request<'_>, ask: &Ask<'_, '_>) -> Result<Place, Stop> {
        let id = ask.reference.id.as_str();
        let pushed = self.config.catalog.contains(id);
        let allowed = self.settings.policy.allows_prompt(id);
        // What may not be used here is not asked for anywhere.
        let cache = self.cache.filter(|_| !pushed && allowed);
        if !pushed && cache.is_none() && self.may_be_for_another(ask) {
            return Err(Stop::Pass);
        }
        request.check_size(self.dialect)?;
        if !allowed {
            return Err(replies::not_allowed(ask.names).into());
        }
        let Some(cache) = cache else { return Ok(Place::Pushed) };
        match self.fetched.cloned().unwrap_or_else(|| cache.find(&ask.reference)) {
            Found::Prompt(kept, Origin::Cache) if self.waited => Ok(Place::Kept(kept, Origin::Fetch)),
            Found::Prompt(kept, origin) => Ok(Place::Kept(kept, origin)),
            Found::Missing(missing) => match cache.missing(&ask.reference, missing) {
                NotFound::Prompt if self.may_be_for_another(ask) => Err(Stop::Pass),
                missing => Ok(Place::Nowhere(missing)),
            },
            Found::Unavailable(error) => Err(replies::unavailable(&error, ask).into()),
            Found::Pending(key) => Err(Stop::Fetch(key)),
        }
    }

    /// Whether upstream is to resolve the prompt if the gateway does not hold it: where that is allowed
    /// and nothing says that each request needs one of the gateway's.
    fn may_be_for_another(&self, ask: &Ask<'_, '_>) -> bool {
        ask.by_object
            && !self.required
            && self.settings.policy.unknown_prompt_object == UnknownPromptObject::Forward
    }

    /// Renders the prompt and writes the new body.
    fn compose(
        &self,
        object: &Object<'_>,
        ask: &Ask<'_, '_>,
        resolved: &Resolved<'_>,
        prompt: &Prompt,
        client: Option<Client<'_>>,
    ) -> Result<(Splice, Chosen), LocalReply> {
        let parameters = (self.dialect.parameters)(&prompt.front_matter);
        if let Some(name) = parameters.names().find(|name| self.dialect.holds_messages(name)) {
            return Err(replies::conflicting_parameter(resolved, name));
        }
        let parameters = parameters.place(object, self.config.parameters)?;
        let policy = &self.settings.policy;
        let inputs = Inputs { config: self.config, policy, dialect: self.dialect, ask };
        let rendered = inputs.render(resolved, prompt)?;
        let model = Chosen::new(ask, rendered.model)?;
        let mut fields = (self.dialect.place)(&rendered.messages, client)
            .map_err(|NotText(variable)| replies::not_text(resolved, ask.names, variable.as_deref()))?;
        if let Some(name) = model.name.as_deref().filter(|_| model.new) {
            fields.push((MODEL, Some(vec![Piece::New(json_string(name))])));
        }
        fields.extend(parameters);
        Ok((self.edit(object, fields), model))
    }

    /// Writes fields into a request: each where it stands, else to the front. Removes ours.
    fn edit<'a>(&self, object: &Object<'a>, fields: impl IntoIterator<Item = Placed<'a>>) -> Splice {
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
        edit.splice(WORTH_KEEPING)
    }
}

fn json_string(text: &str) -> Vec<u8> {
    let mut literal = Vec::with_capacity(text.len() + 2);
    write_string(&mut literal, text);
    literal
}
