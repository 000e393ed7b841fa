//! All prompts of a registry at once: fetched again and again, and taken over as a whole.

use std::rc::Rc;
use std::time::Duration;

use super::flights::GRACE;
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
    /// The registry's name for it.
    pub etag: Option<String>,
    /// The last fetch failed.
    pub failed: bool,
    /// Nobody answered it.
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
}

/// What there is of a bundle.
pub(super) enum Held {
    /// This.
    Fresh(Rc<Catalog>, Origin),
    /// Its first fetch is not over.
    Awaited,
    /// Nothing that may be used: each prompt has to be asked for by itself.
    Nothing,
    /// Nothing, and nobody to ask.
    Unreachable(FetchError),
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
            // Who can't be reached for all prompts can't be reached for one of them either.
            _ => match &self.error {
                Some(error @ FetchError::Unavailable { .. }) => Held::Unreachable(error.clone()),
                _ => Held::Nothing,
            },
        }
    }

    /// Whether it is time for a fetch.
    pub(super) fn is_due(&self, now: Duration) -> bool {
        self.enabled && now >= self.next && now >= self.awaited_until
    }

    /// The request for a bundle.
    pub(super) fn fetch(&mut self, registry: &Registry, now: Duration) -> Option<Fetch> {
        // A server may only be kept waiting for a change of something.
        let wait = self.etag.as_ref().map(|_| registry.long_poll).filter(|wait| !wait.is_zero());
        let request =
            registry.source.bundle_request(self.etag.as_deref(), wait.map(|wait| wait.as_secs()))?;
        let timeout = registry.timeout.saturating_add(wait.unwrap_or_default());
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
                Err(self.fail(now, FetchError::Malformed("a bundle, as none is kept")))
            }
            Ok(Bundle { etag, catalog, waits }) => {
                // Whoever holds its answer until there is a change can be asked again soon.
                let pause = if waits { PAUSE.min(registry.refresh) } else { registry.refresh };
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
                Ok(Shared { checked: now, etag, failed: false, unreachable: false, changed })
            }
            Err(error) => Err(self.fail(now, error)),
        }
    }

    fn fail(&mut self, now: Duration, error: FetchError) -> FetchError {
        let pause = match &error {
            FetchError::RateLimited { retry_after: Some(seconds) } => Duration::from_secs(*seconds),
            _ => RETRY,
        };
        self.next = now.saturating_add(pause.max(RETRY));
        self.failed = self.catalog.is_none();
        self.error = Some(error.clone());
        error
    }

    /// What other workers are told of a failure.
    pub(super) fn failure(&self) -> Shared {
        let unreachable = matches!(self.error, Some(FetchError::Unavailable { .. }));
        Shared { checked: self.checked, etag: self.etag.clone(), failed: true, unreachable, changed: false }
    }

    /// Takes over what another worker fetched.
    pub(super) fn adopt(&mut self, catalog: Option<Catalog>, shared: Shared, refresh: Duration) {
        if let Some(catalog) = catalog {
            self.catalog = Some(Rc::new(catalog));
        }
        if self.catalog.is_some() {
            self.checked = shared.checked;
            self.etag = shared.etag;
            self.next = shared.checked.saturating_add(refresh);
        }
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
