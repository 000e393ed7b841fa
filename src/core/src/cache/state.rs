//! What a cache holds, and how questions and answers change it.

use std::borrow::Cow;
use std::rc::Rc;
use std::time::Duration;

use super::entries::{Bounded, Entries, Item};
use super::flights::{Flight, Flights};
use super::health::Health;
use super::stored::Stored;
use super::sync::{self, Sync};
use super::{Answered, Found, Inner, Kept, Key, Origin};
use crate::catalog::{NotFound, Reference, Selector};
use crate::config::Registry;
use crate::registry::{Answer, Content, FetchError, Response};

/// How many prompts that are not there are remembered.
const MAX_MISSING: usize = 10_000;

/// How many prompts are remembered that could not be fetched.
const MAX_FAILED: usize = 1_000;

/// How long a prompt that could not be fetched is not asked for again.
pub(super) const RETRY: Duration = Duration::from_secs(1);

/// What a cache holds, and what is under way.
pub(super) struct State {
    pub(super) now: Duration,
    pub(super) entries: Entries,
    /// Prompts that are not there, and until when that is believed.
    missing: Bounded<(NotFound, Duration)>,
    /// Prompts that could not be fetched, and until when that is not tried again.
    failed: Bounded<(FetchError, Duration)>,
    pub(super) flights: Flights,
    pub(super) health: Health,
    pub(super) sync: Sync,
    pub(super) oldest_served: Duration,
}

impl State {
    pub(super) fn new(registry: &Registry) -> State {
        State {
            now: Duration::ZERO,
            entries: Entries::new(registry.cache),
            missing: Bounded::new(MAX_MISSING),
            failed: Bounded::new(MAX_FAILED),
            flights: Flights::default(),
            health: Health::default(),
            sync: Sync::new(registry.source.provider().bundle),
            oldest_served: Duration::ZERO,
        }
    }

    /// Looks into the synchronized bundle; nothing if the prompt has to be looked for by itself.
    pub(super) fn in_bundle(&mut self, registry: &Registry, reference: &Reference) -> Option<Found> {
        match self.sync.catalog(registry, self.now) {
            sync::Held::Fresh(catalog, origin) => {
                if catalog.find(reference.id.as_str(), &reference.selector).is_err() {
                    return None;
                }
                self.oldest_served = self.oldest_served.max(self.sync.age(self.now));
                Some(Found::Prompt(Kept(Inner::All(catalog)), origin))
            }
            sync::Held::Awaited => Some(Found::Pending(Sync::key())),
            sync::Held::Nothing => None,
        }
    }

    /// Looks for a prompt among those that were fetched one by one.
    pub(super) fn by_itself(&mut self, registry: &Registry, reference: &Reference) -> Found {
        let name = key_of(registry, reference);
        let mut etag = None;
        if let Some(item) = self.entries.get(&name) {
            let age = self.now.saturating_sub(item.checked);
            let kept = Kept(Inner::One(item.stored.clone()));
            // An entry may be older than the version that is asked for.
            let lacks = age >= registry.not_found && kept.resolve(reference, None).is_err();
            let lacks = lacks && item.retry <= self.now;
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

    /// What is missing of a prompt that the registry does not have by itself: the bundle may have it, and
    /// lack only the version or label.
    pub(super) fn missing(&self, reference: &Reference, by_itself: NotFound) -> NotFound {
        let in_bundle = self.sync.held().map(|held| held.find(reference.id.as_str(), &reference.selector));
        in_bundle.and_then(Result::err).unwrap_or(by_itself)
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
        if let Some(error) = self.health.silence(self.now).or_else(|| self.sync.obstacle()) {
            return Err(error);
        }
        let requests = registry.source.requests(reference, etag)?;
        let kept = self.entries.get(&key.0).is_some();
        self.flights.start(key.clone(), Flight::new(reference.clone(), requests), kept)
    }

    /// Takes note of an answer.
    pub(super) fn answer(
        &mut self,
        registry: &Registry,
        key: &Key,
        response: Option<&Response<'_>>,
    ) -> Answered {
        let Some(flight) = self.flights.get_mut(key) else {
            return Answered { outcome: None, found: None, error: None, change: None };
        };
        let reference = flight.reference.clone();
        let result = match response {
            Some(response) => registry.source.read(&reference, response),
            None => Err(FetchError::Unavailable { status: None }),
        };
        if matches!(result, Err(FetchError::NotFound(_))) && self.flights.go_on(key) {
            return Answered { outcome: None, found: None, error: None, change: None };
        }
        self.flights.end(key);
        let outcome = match &result {
            Ok(Answer { content: Content::Unchanged, .. }) => "not_modified",
            Ok(_) => "fetched",
            Err(error) => error.outcome(),
        };
        let (found, error) = self.settle(registry, key, &reference, result);
        // One prompt that is wrong says nothing of the registry.
        let of_registry = error.as_ref().is_none_or(FetchError::is_of_registry);
        let change = of_registry.then(|| self.health.record(error.as_ref(), self.now)).flatten();
        let outcome = error.as_ref().map_or(outcome, FetchError::outcome);
        Answered { outcome: Some(outcome), found: Some(found), error, change }
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
