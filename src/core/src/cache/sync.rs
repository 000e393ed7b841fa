//! All prompts of a registry at once: fetched again and again, and taken over as a whole.

use std::rc::Rc;
use std::time::Duration;

use super::flights::GRACE;
use super::health::Health;
use super::state::RETRY;
use super::{Fetch, Key, Origin};
use crate::catalog::Catalog;
use crate::config::Registry;
use crate::registry::{Bundle, FetchError, Response};

/// Names the bundle; no prompt has this id.
const BUNDLE: &str = "*";

/// The shortest time between two requests to a server that holds back its answers, should it not.
const PAUSE: Duration = Duration::from_millis(500);

/// What one worker tells the others of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// When the registry last said that it is right.
    pub checked: Duration,
    /// When to ask it again.
    pub next: Duration,
    /// The registry's name for it.
    pub etag: Option<String>,
    /// The last fetch failed.
    pub failed: bool,
    /// Prompts are not to be asked for one by one either.
    pub unreachable: bool,
    /// The response has a new bundle for a body.
    pub changed: bool,
}

/// The synchronized bundle.
pub(super) struct Sync {
    enabled: bool,
    catalog: Option<Rc<Catalog>>,
    checked: Duration,
    etag: Option<String>,
    /// When to fetch next.
    next: Duration,
    /// Until when the answer to one is awaited.
    awaited_until: Duration,
    /// A fetch has failed, and no bundle has come yet: nobody waits for it.
    failed: bool,
    /// How it has, if it was this worker's.
    error: Option<FetchError>,
    pub(super) health: Health,
}

/// What there is of a bundle.
pub(super) enum Held {
    /// This.
    Fresh(Rc<Catalog>, Origin),
    /// Its first fetch is not over.
    Awaited,
    /// Nothing that may be used: each prompt has to be asked for by itself.
    Nothing,
}

impl Sync {
    pub(super) fn new(enabled: bool) -> Sync {
        Sync {
            enabled,
            catalog: None,
            checked: Duration::ZERO,
            etag: None,
            next: Duration::ZERO,
            awaited_until: Duration::ZERO,
            failed: false,
            error: None,
            health: Health::default(),
        }
    }

    pub(super) fn key() -> Key {
        Key(Rc::from(BUNDLE))
    }

    pub(super) fn catalog(&self, registry: &Registry, now: Duration) -> Held {
        if !self.enabled {
            return Held::Nothing;
        }
        let age = now.saturating_sub(self.checked);
        match &self.catalog {
            Some(catalog) if age < registry.refresh.saturating_add(registry.stale) => {
                // A server that waits for a change says nothing for so long.
                let silence =
                    registry.refresh.saturating_add(registry.long_poll).saturating_add(registry.timeout);
                let origin = if age < silence { Origin::Cache } else { Origin::Stale };
                Held::Fresh(catalog.clone(), origin)
            }
            None if !self.failed => Held::Awaited,
            _ => Held::Nothing,
        }
    }

    /// The bundle, however old.
    pub(super) fn held(&self) -> Option<&Catalog> {
        self.catalog.as_deref()
    }

    /// Why no prompt is to be asked for by itself: a registry that fails for all of them fails for one,
    /// and what it says of one is not to be believed. Only a registry that has no bundle, or does not
    /// show it, is asked for its prompts one by one.
    pub(super) fn obstacle(&self) -> Option<FetchError> {
        match &self.error {
            Some(FetchError::Misdirected(_) | FetchError::Unauthorized { .. }) | None => None,
            Some(error) if self.catalog.is_none() => Some(error.clone()),
            Some(_) => None,
        }
    }

    /// Whether it is time for a fetch.
    pub(super) fn is_due(&self, now: Duration) -> bool {
        self.enabled && now >= self.next && now >= self.awaited_until
    }

    /// How long a server may hold back its answer, which it can only where there is something to change.
    fn wait(&self, registry: &Registry) -> Duration {
        if self.etag.is_some() { registry.long_poll } else { Duration::ZERO }
    }

    /// How long an answer may take.
    pub(super) fn timeout(&self, registry: &Registry) -> Duration {
        registry.timeout.saturating_add(self.wait(registry))
    }

    /// The request for a bundle.
    pub(super) fn fetch(&mut self, registry: &Registry, now: Duration) -> Option<Fetch> {
        let wait = self.wait(registry).as_secs();
        let request = registry.source.bundle_request(self.etag.as_deref(), (wait > 0).then_some(wait))?;
        let timeout = self.timeout(registry);
        self.awaited_until = now.saturating_add(timeout).saturating_add(GRACE);
        Some(Fetch { key: Sync::key(), request, timeout })
    }

    /// Takes over what a fetch brought.
    pub(super) fn answer(
        &mut self,
        registry: &Registry,
        response: Option<&Response<'_>>,
        now: Duration,
    ) -> Result<Shared, FetchError> {
        self.awaited_until = Duration::ZERO;
        let result = match response {
            Some(response) => registry.source.read_bundle(response),
            None => Err(FetchError::Unavailable { status: None }),
        };
        match result {
            Ok(Bundle { catalog: None, .. }) if self.catalog.is_none() => {
                Err(self.fail(now, registry.refresh, FetchError::Malformed("a bundle, as none is kept")))
            }
            Ok(Bundle { etag, catalog, waits }) => {
                // Whoever holds its answer until there is a change can be asked again soon; whether it does
                // is not known before there is something that may change.
                let may_wait = self.catalog.is_none() && etag.is_some() && !registry.long_poll.is_zero();
                let pause = if waits || may_wait { PAUSE.min(registry.refresh) } else { registry.refresh };
                self.next = now.saturating_add(pause);
                self.checked = now;
                self.failed = false;
                self.error = None;
                self.etag = etag.or(self.etag.take().filter(|_| catalog.is_none()));
                let changed = catalog.is_some();
                if let Some(catalog) = catalog {
                    self.catalog = Some(Rc::new(catalog));
                }
                let etag = self.etag.clone();
                Ok(Shared { checked: now, next: self.next, etag, failed: false, unreachable: false, changed })
            }
            Err(error) => Err(self.fail(now, registry.refresh, error)),
        }
    }

    fn fail(&mut self, now: Duration, refresh: Duration, error: FetchError) -> FetchError {
        let pause = match &error {
            FetchError::RateLimited { retry_after: Some(seconds) } => Duration::from_secs(*seconds),
            FetchError::Unavailable { .. } => RETRY,
            // Somebody has to mend something.
            _ => refresh,
        };
        self.next = now.saturating_add(pause.max(RETRY));
        self.failed = self.catalog.is_none();
        self.error = Some(error.clone());
        error
    }

    /// What other workers are told of a failure.
    pub(super) fn failure(&self) -> Shared {
        let unreachable = self.obstacle().is_some();
        let Sync { checked, next, etag, .. } = self;
        let (checked, next, etag) = (*checked, *next, etag.clone());
        Shared { checked, next, etag, failed: true, unreachable, changed: false }
    }

    /// Forgets a fetch that nobody will answer.
    pub(super) fn repeat(&mut self) {
        self.awaited_until = Duration::ZERO;
    }

    /// Takes over what another worker fetched.
    pub(super) fn adopt(&mut self, catalog: Option<Catalog>, shared: Shared) {
        if let Some(catalog) = catalog {
            self.catalog = Some(Rc::new(catalog));
        }
        if self.catalog.is_some() {
            self.checked = shared.checked;
            self.etag = shared.etag;
        }
        self.next = shared.next;
        self.failed = shared.failed && self.catalog.is_none();
        self.error = shared.unreachable.then_some(FetchError::Unavailable { status: None });
    }

    pub(super) fn len(&self) -> usize {
        self.catalog.as_ref().map_or(0, |catalog| catalog.len())
    }

    pub(super) fn age(&self, now: Duration) -> Duration {
        self.catalog.as_ref().map_or(Duration::ZERO, |_| now.saturating_sub(self.checked))
    }

    pub(super) fn revision(&self) -> Option<&str> {
        self.catalog.as_ref()?.revision()
    }
}
