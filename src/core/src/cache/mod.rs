//! What a worker keeps of a registry, and what it has to ask it.
//!
//! A [`Cache`] is told the time, what the registry answers, and which prompts requests ask for. It
//! tells which prompts it has, and which requests are to be sent. It sends nothing itself.
//!
//! A prompt is asked for once, however many requests wait for it. A fresh one answers at once; an
//! older one answers at once, too, and is asked for again behind the request. While the registry
//! fails the last good one serves for as long as the configuration allows. Whatever grows with what
//! clients ask for is bounded.

mod entries;
mod flights;
mod health;
mod stored;
mod sync;

use std::borrow::{Borrow, Cow};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crate::catalog::{Catalog, NotFound, Reference, Resolved, Selector};
use crate::config::Registry;
use crate::registry::{Answer, Content, FetchError, Request, Response};
use entries::{Bounded, Entries, Item};
use flights::{Flight, Flights};
use health::Health;
use stored::Stored;
use sync::Sync;

pub use health::Change;
pub use sync::Shared;

/// How many prompts that are not there are remembered.
const MAX_MISSING: usize = 10_000;

/// How many prompts are remembered that could not be fetched.
const MAX_FAILED: usize = 1_000;

/// How long a prompt that could not be fetched is not asked for again.
const RETRY: Duration = Duration::from_secs(1);

/// What a worker keeps of a registry.
pub struct Cache {
    registry: Rc<Registry>,
    state: RefCell<State>,
}

struct State {
    now: Duration,
    entries: Entries,
    /// Prompts that are not there, and until when that is believed.
    missing: Bounded<(NotFound, Duration)>,
    /// Prompts that could not be fetched, and until when that is not tried again.
    failed: Bounded<(FetchError, Duration)>,
    flights: Flights,
    health: Health,
    sync: Sync,
    oldest_served: Duration,
}

/// Names what requests wait for: a prompt, a version of one, or the bundle.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key(Rc<str>);

/// Where a prompt came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The bundle of the configuration.
    Bundle,
    /// What is kept of a registry, fresh.
    Cache,
    /// The same, but older than it should be.
    Stale,
    /// A registry, while the request waited.
    Fetch,
}

/// What a cache says about a prompt.
#[derive(Clone)]
pub enum Found {
    /// It is there.
    Prompt(Kept, Origin),
    /// The registry does not have it.
    Missing(NotFound),
    /// Nobody knows: the registry gives no answer, and nothing usable is kept.
    Unavailable(FetchError),
    /// It has been asked for; [`Cache::answer`] will tell.
    Pending(Key),
}

/// A prompt that is kept, or all of them.
#[derive(Clone)]
pub struct Kept(Inner);

#[derive(Clone)]
enum Inner {
    All(Rc<Catalog>),
    One(Rc<Stored>),
}

/// A request that is to be sent now.
#[derive(Debug)]
pub struct Fetch {
    /// What it is for.
    pub key: Key,
    /// What to send.
    pub request: Request,
    /// How long the answer may take.
    pub timeout: Duration,
}

/// What an answer came to.
pub struct Answered {
    /// How the fetch ended, for metrics; none if another request follows.
    pub outcome: Option<&'static str>,
    /// What the requests that wait get; none if they wait on.
    pub found: Option<Found>,
    /// The registry began to fail, or to answer again.
    pub change: Option<Change>,
}

/// What a cache holds, for metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// How many prompts, those of the bundle included.
    pub entries: usize,
    /// Bytes of their texts, without those of the bundle.
    pub bytes: usize,
    /// How many requests are on their way.
    pub in_flight: usize,
    /// The age of the oldest prompt that was served since this was last asked.
    pub oldest_served: Duration,
}

impl Kept {
    /// The version of the prompt `id` that is asked for.
    pub fn resolve<'k>(
        &'k self,
        reference: &Reference,
        default_label: Option<&str>,
    ) -> Result<Resolved<'k>, NotFound> {
        match &self.0 {
            Inner::All(catalog) => catalog.resolve(reference.id.as_str(), &reference.selector, default_label),
            Inner::One(stored) => stored.resolve(&reference.selector, default_label),
        }
    }
}

impl Origin {
    /// Its name in the header for debugging.
    pub const fn as_str(self) -> &'static str {
        match self {
            Origin::Bundle => "bundle",
            Origin::Cache => "cache",
            Origin::Stale => "stale",
            Origin::Fetch => "fetch",
        }
    }
}

impl Cache {
    /// An empty cache.
    pub fn new(registry: Rc<Registry>) -> Cache {
        let state = State {
            now: Duration::ZERO,
            entries: Entries::new(registry.cache),
            missing: Bounded::new(MAX_MISSING),
            failed: Bounded::new(MAX_FAILED),
            flights: Flights::default(),
            health: Health::default(),
            sync: Sync::new(registry.source.provider().bundle),
            oldest_served: Duration::ZERO,
        };
        Cache { registry, state: RefCell::new(state) }
    }

    /// The registry that it is of.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Tells the time: since the epoch, or whatever else moves on.
    pub fn set_time(&self, now: Duration) {
        self.state.borrow_mut().now = now;
    }

    /// Looks for a prompt. If it has to be asked for, that request is among the next
    /// [`fetches`](Cache::fetches).
    pub fn find(&self, reference: &Reference) -> Found {
        let mut state = self.state.borrow_mut();
        if let Some(found) = state.in_bundle(&self.registry, reference) {
            return found;
        }
        state.by_itself(&self.registry, reference)
    }

    /// The requests that are to be sent now. Each is handed out once.
    pub fn fetches(&self) -> Vec<Fetch> {
        self.state.borrow_mut().flights.take(self.registry.timeout)
    }

    /// What the registry answered; none where there is no whole answer, or the request could not be
    /// sent.
    pub fn answer(&self, key: &Key, response: Option<&Response<'_>>) -> Answered {
        self.state.borrow_mut().answer(&self.registry, key, response)
    }

    /// The request for the whole bundle, if this kind of registry has one and it is time. Of several
    /// workers one need ask; see [`Cache::adopt`].
    pub fn fetch_bundle(&self) -> Option<Fetch> {
        let mut state = self.state.borrow_mut();
        let now = state.now;
        if !state.sync.is_due(now) {
            return None;
        }
        state.sync.fetch(&self.registry)
    }

    /// Whether [`Cache::fetch_bundle`] has something to ask.
    pub fn wants_bundle(&self) -> bool {
        let state = self.state.borrow();
        state.sync.is_due(state.now)
    }

    /// Whether the first bundle is not there yet, and has not failed to come either.
    pub fn awaits_bundle(&self) -> bool {
        let state = self.state.borrow();
        matches!(state.sync.catalog(&self.registry, state.now), sync::Held::Awaited)
    }

    /// The key of what waits for a bundle.
    pub fn bundle_key() -> Key {
        Sync::key()
    }

    /// What the registry answered to [`Cache::fetch_bundle`]. Requests that wait for the bundle look
    /// again. Returns what other workers may adopt.
    pub fn answer_bundle(&self, response: Option<&Response<'_>>) -> (Shared, Answered) {
        let mut state = self.state.borrow_mut();
        let now = state.now;
        let result = state.sync.answer(&self.registry, response, now);
        let change = state.health.record(result.as_ref().err(), now);
        let (shared, outcome) = match result {
            Ok(shared) if shared.changed => (shared, "fetched"),
            Ok(shared) => (shared, "not_modified"),
            Err(error) => (state.sync.failure(), error.outcome()),
        };
        (shared, Answered { outcome: Some(outcome), found: None, change })
    }

    /// Takes over what another worker was answered, with its body where there is a new bundle.
    pub fn adopt(&self, shared: Shared, body: Option<&[u8]>) -> Result<(), FetchError> {
        let catalog = match body {
            Some(body) => {
                let response = Response { status: 200, headers: &[], body };
                self.registry.source.read_bundle(&response)?.catalog
            }
            None => None,
        };
        self.state.borrow_mut().sync.adopt(catalog, shared, self.registry.refresh);
        Ok(())
    }

    /// The revision of the bundle that was fetched.
    pub fn revision(&self) -> Option<String> {
        self.state.borrow().sync.revision().map(str::to_owned)
    }

    /// What is held.
    pub fn size(&self) -> Size {
        let mut state = self.state.borrow_mut();
        let oldest_served = std::mem::take(&mut state.oldest_served);
        Size {
            entries: state.entries.len() + state.sync.len(),
            bytes: state.entries.bytes(),
            in_flight: state.flights.len(),
            oldest_served,
        }
    }
}

/// One name for what one request fetches: a prompt with all its versions, or one version of it.
fn key_of<'r>(registry: &Registry, reference: &'r Reference) -> Cow<'r, str> {
    let id = reference.id.as_str();
    // No id holds `:` or `@`.
    match &reference.selector {
        _ if registry.source.provider().bundle => Cow::Borrowed(id),
        Selector::Default => Cow::Borrowed(id),
        Selector::Latest => Cow::Owned(format!("{id}:latest")),
        Selector::Version(number) => Cow::Owned(format!("{id}:{number}")),
        Selector::Label(label) => Cow::Owned(format!("{id}@{label}")),
    }
}

/// So that tables can be asked without making a key.
impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl State {
    /// Looks into the synchronized bundle; nothing if the prompt has to be looked for by itself.
    fn in_bundle(&mut self, registry: &Registry, reference: &Reference) -> Option<Found> {
        match self.sync.catalog(registry, self.now) {
            sync::Held::Fresh(catalog, origin) => {
                if catalog.find(reference.id.as_str(), &reference.selector).is_err() {
                    return None;
                }
                self.oldest_served = self.oldest_served.max(self.sync.age(self.now));
                Some(Found::Prompt(Kept(Inner::All(catalog)), origin))
            }
            sync::Held::Awaited => Some(Found::Pending(Sync::key())),
            sync::Held::Unreachable(error) => Some(Found::Unavailable(error)),
            sync::Held::Nothing => None,
        }
    }

    fn by_itself(&mut self, registry: &Registry, reference: &Reference) -> Found {
        let name = key_of(registry, reference);
        let mut etag = None;
        if let Some(item) = self.entries.get(&name) {
            let age = self.now.saturating_sub(item.checked);
            let kept = Kept(Inner::One(item.stored.clone()));
            // An entry may be older than the version that is asked for.
            let lacks = age >= registry.not_found && kept.resolve(reference, None).is_err();
            let fixed = item.stored.is_fixed();
            if !lacks && (fixed || age < registry.refresh) {
                self.oldest_served = self.oldest_served.max(if fixed { Duration::ZERO } else { age });
                return Found::Prompt(kept, Origin::Cache);
            }
            if !lacks && age < registry.refresh.saturating_add(registry.stale) {
                self.oldest_served = self.oldest_served.max(age);
                let etag = item.etag.clone();
                if item.retry <= self.now {
                    // A refusal, too, leaves what is there.
                    let _ = self.ask(registry, &Key(Rc::from(&*name)), reference, etag.as_deref());
                }
                return Found::Prompt(kept, Origin::Stale);
            }
            etag = item.etag.clone().filter(|_| lacks);
        }
        if let Some((missing, until)) = self.missing.get(&name)
            && *until > self.now
        {
            return Found::Missing(*missing);
        }
        if let Some((error, until)) = self.failed.get(&name)
            && *until > self.now
        {
            return Found::Unavailable(error.clone());
        }
        let key = Key(Rc::from(&*name));
        match self.ask(registry, &key, reference, etag.as_deref()) {
            Ok(()) => Found::Pending(key),
            Err(FetchError::NotFound(missing)) => Found::Missing(missing),
            Err(error) => Found::Unavailable(error),
        }
    }

    /// Asks for a prompt unless it has been asked for.
    fn ask(
        &mut self,
        registry: &Registry,
        key: &Key,
        reference: &Reference,
        etag: Option<&str>,
    ) -> Result<(), FetchError> {
        if self.flights.contains(key) {
            return Ok(());
        }
        if let Some(error) = self.health.silence(self.now) {
            return Err(error);
        }
        let requests = registry.source.requests(reference, etag)?;
        self.flights.start(key.clone(), Flight::new(reference.clone(), requests))
    }

    fn answer(&mut self, registry: &Registry, key: &Key, response: Option<&Response<'_>>) -> Answered {
        let Some(flight) = self.flights.get_mut(key) else {
            return Answered { outcome: None, found: None, change: None };
        };
        let reference = flight.reference.clone();
        let result = match response {
            Some(response) => registry.source.read(&reference, response),
            None => Err(FetchError::Unavailable { status: None }),
        };
        if matches!(result, Err(FetchError::NotFound(_))) && self.flights.go_on(key) {
            return Answered { outcome: None, found: None, change: None };
        }
        self.flights.end(key);
        let outcome = match &result {
            Ok(Answer { content: Content::Unchanged, .. }) => "not_modified",
            Ok(_) => "fetched",
            Err(error) => error.outcome(),
        };
        let (found, error) = self.settle(registry, key, &reference, result);
        let change = self.health.record(error.as_ref(), self.now);
        Answered { outcome: Some(outcome), found: Some(found), change }
    }

    /// Keeps what an answer says. Returns what it comes to, and what is wrong with the registry.
    fn settle(
        &mut self,
        registry: &Registry,
        key: &Key,
        reference: &Reference,
        result: Result<Answer, FetchError>,
    ) -> (Found, Option<FetchError>) {
        let stored = match result {
            Ok(Answer { content: Content::Unchanged, etag }) => match self.entries.get_mut(key) {
                Some(item) => {
                    item.checked = self.now;
                    item.etag = etag.or(item.etag.take());
                    return (Found::Prompt(Kept(Inner::One(item.stored.clone())), Origin::Fetch), None);
                }
                // It was evicted while it was asked for.
                None => Err(FetchError::Malformed("a prompt, as none is kept")),
            },
            Ok(Answer { content, etag }) => {
                let immutable = registry.source.provider().immutable_versions;
                Stored::new(reference, content, immutable).map(|stored| (stored, etag))
            }
            Err(error) => Err(error),
        };
        let error = match stored {
            // A prompt that does not compile does not take the place of one that does.
            Ok((stored, etag)) if stored.compiles() || self.entries.get(&key.0).is_none() => {
                let stored = Rc::new(stored);
                self.missing.remove(key);
                self.failed.remove(key);
                self.entries.insert(key, Item::new(stored.clone(), etag, self.now));
                return (Found::Prompt(Kept(Inner::One(stored)), Origin::Fetch), None);
            }
            Ok(_) => FetchError::Malformed("a prompt that parses; the one before it goes on serving"),
            Err(FetchError::NotFound(missing)) => {
                self.entries.remove(key);
                self.missing.insert(key, (missing, self.now.saturating_add(registry.not_found)));
                return (Found::Missing(missing), None);
            }
            Err(error) => error,
        };
        let retry = self.now.saturating_add(RETRY);
        let usable = registry.refresh.saturating_add(registry.stale);
        match self.entries.get_mut(key) {
            Some(item) if self.now.saturating_sub(item.checked) < usable => {
                item.retry = retry;
                (Found::Prompt(Kept(Inner::One(item.stored.clone())), Origin::Stale), Some(error))
            }
            _ => {
                self.failed.insert(key, (error.clone(), retry));
                (Found::Unavailable(error.clone()), Some(error))
            }
        }
    }
}

#[cfg(test)]
mod tests;
