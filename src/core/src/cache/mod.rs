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
mod state;
mod stored;
mod sync;

use std::borrow::Borrow;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crate::catalog::{Catalog, NotFound, Reference, Resolved};
use crate::config::Registry;
use crate::registry::{FetchError, Request, Response};
use state::State;
use stored::Stored;
use sync::Sync;

pub use health::Change;
pub use sync::Shared;

/// What a worker keeps of a registry.
pub struct Cache {
    registry: Rc<Registry>,
    state: RefCell<State>,
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
    /// The registry does not have it by itself; [`Cache::missing`] tells one request what it lacks.
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
    /// What is wrong with the answer.
    pub error: Option<FetchError>,
    /// The registry began to fail, or to answer again.
    pub change: Option<Change>,
}

/// What a cache holds, for metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// How many prompts, those of the bundle included.
    pub entries: usize,
    /// About how many bytes they take, without those of the bundle.
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
        let state = State::new(&registry);
        Cache { registry, state: RefCell::new(state) }
    }

    /// The registry that it is of.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Tells the time: since anything that was long ago, on a clock that does not step back.
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

    /// What a prompt lacks that was found missing: several requests may have waited for it, each for
    /// another version.
    pub fn missing(&self, reference: &Reference, by_itself: NotFound) -> NotFound {
        self.state.borrow().missing(reference, by_itself)
    }

    /// The requests that are to be sent now. Each is handed out once.
    pub fn fetches(&self) -> Vec<Fetch> {
        let mut state = self.state.borrow_mut();
        let now = state.now;
        state.flights.take(self.registry.timeout, now)
    }

    /// Makes a request ready once more, because whoever sent it is gone before its answer came.
    pub fn repeat(&self, key: &Key) {
        let mut state = self.state.borrow_mut();
        if *key == Sync::key() {
            state.sync.repeat();
        } else {
            state.flights.repeat(key);
        }
    }

    /// What was asked for and will not be answered, because whoever asked is gone: it has to be answered
    /// with nothing.
    pub fn lost(&self) -> Vec<Key> {
        let state = self.state.borrow();
        state.flights.lost(state.now)
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
        state.sync.fetch(&self.registry, now)
    }

    /// How long the answer to the next [`Cache::fetch_bundle`] may take; none if there is nothing to ask.
    pub fn wants_bundle(&self) -> Option<Duration> {
        let state = self.state.borrow();
        state.sync.is_due(state.now).then(|| state.sync.timeout(&self.registry))
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
        let change = state.sync.health.record(result.as_ref().err(), now);
        let (shared, outcome, error) = match result {
            Ok(shared) if shared.changed => (shared, "fetched", None),
            Ok(shared) => (shared, "not_modified", None),
            Err(error) => (state.sync.failure(), error.outcome(), Some(error)),
        };
        (shared, Answered { outcome: Some(outcome), found: None, error, change })
    }

    /// Takes over what another worker was answered, with its body where there is a new bundle.
    pub fn adopt(&self, shared: Shared, body: Option<&[u8]>) -> Result<(), FetchError> {
        let catalog = body.map(|body| self.registry.source.read_bundle_again(body)).transpose()?;
        self.state.borrow_mut().sync.adopt(catalog, shared);
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

/// So that tables can be asked without making a key.
impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests;
