//! A registry as one worker uses it: what it keeps, and the requests that wait.
//!
//! Callouts are the root context's, because one of a stream's would die with that stream. A stream
//! that waits is resumed from there, too.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::{Rc, Weak};
use std::time::Duration;

use promptgate_core::cache::{Answered, Cache, Change, Found, Key};
use promptgate_core::config::Registry;

use crate::http::Stream;
use crate::metrics::Metrics;
use crate::share::Share;
use crate::wake;

/// How many different faults of a registry's prompts are logged.
const MAX_LOGGED: usize = 1_000;

/// How long gauges stay as they are at least.
const OBSERVE: Duration = Duration::from_millis(500);

thread_local! {
    /// All that are in use. Each configuration has a root context of its own, but what a worker keeps of
    /// a registry is to outlive the configurations that leave the registry as it is.
    static HUBS: RefCell<Vec<Weak<Hub>>> = const { RefCell::new(Vec::new()) };
}

/// A stream whose prompt is on its way. It may be gone by the time that comes.
type Waiting = Weak<RefCell<Stream>>;

/// A registry as one worker uses it.
pub(crate) struct Hub {
    pub(crate) cache: Rc<Cache>,
    pub(crate) share: Share,
    metrics: Rc<Metrics>,
    waiting: RefCell<HashMap<Key, Vec<Waiting>>>,
    /// Those that wait no longer, and what they get; with none they look into the cache again.
    ready: RefCell<VecDeque<(Waiting, Option<Rc<Found>>)>>,
    logged: RefCell<HashSet<String>>,
    /// When the gauges were set.
    observed: Cell<Duration>,
    /// What a root context had asked for when its configuration ended.
    orphans: RefCell<Vec<Key>>,
}

impl Hub {
    /// The one of this registry.
    pub(crate) fn of(registry: &Rc<Registry>, metrics: &Rc<Metrics>) -> Rc<Hub> {
        HUBS.with_borrow_mut(|hubs| {
            hubs.retain(|hub| hub.strong_count() > 0);
            let known = hubs.iter().filter_map(Weak::upgrade).find(|hub| hub.cache.registry() == &**registry);
            known.unwrap_or_else(|| {
                let hub = Rc::new(Hub {
                    cache: Rc::new(Cache::new(registry.clone())),
                    share: Share::new(registry),
                    metrics: metrics.clone(),
                    waiting: RefCell::default(),
                    ready: RefCell::default(),
                    logged: RefCell::default(),
                    observed: Cell::default(),
                    orphans: RefCell::default(),
                });
                hubs.push(Rc::downgrade(&hub));
                hub
            })
        })
    }

    /// All registries that are in use, be it by requests that began under an older configuration.
    pub(crate) fn all() -> Vec<Rc<Hub>> {
        HUBS.with_borrow(|hubs| hubs.iter().filter_map(Weak::upgrade).collect())
    }

    /// The answer to a callout will not come, because its root context ends.
    pub(crate) fn abandon(&self, key: Key) {
        self.orphans.borrow_mut().push(key);
    }

    /// Has everything asked for again whose answer will not come.
    pub(crate) fn repeat(&self) {
        for key in self.orphans.borrow_mut().drain(..) {
            self.cache.repeat(&key);
        }
    }

    /// Remembers that a stream waits, and has the root context called soon.
    pub(crate) fn wait(&self, key: Key, stream: Waiting) {
        self.waiting.borrow_mut().entry(key).or_default().push(stream);
        wake::call();
    }

    /// Takes note of how a fetch ended.
    pub(crate) fn answered(&self, answered: &Answered) {
        if let Some(outcome) = answered.outcome {
            self.metrics.fetched(outcome);
        }
        match (&answered.change, &answered.error) {
            (Some(Change::Failing(error)), _) => log::warn!("registry: {error}"),
            (Some(Change::Answering), _) => log::info!("registry: answers again"),
            (None, Some(error)) if !error.is_of_registry() => self.log_once(error.to_string()),
            (None, _) => {}
        }
    }

    /// Logs what is wrong with the answers about some prompts. Which ones is not said: their ids are what
    /// clients ask for.
    fn log_once(&self, line: String) {
        let mut logged = self.logged.borrow_mut();
        if logged.len() < MAX_LOGGED && !logged.contains(&line) {
            log::warn!("registry: {line}");
            logged.insert(line);
        }
    }

    /// Has the streams resumed that wait for something, soon. With `found` none they look into the cache
    /// again.
    pub(crate) fn resume(&self, key: &Key, found: Option<Found>) {
        let Some(waiting) = self.waiting.borrow_mut().remove(key) else { return };
        let found = found.map(Rc::new);
        self.ready.borrow_mut().extend(waiting.into_iter().map(|stream| (stream, found.clone())));
        wake::call();
    }

    /// Whether streams are ready.
    pub(crate) fn is_ready(&self) -> bool {
        !self.ready.borrow().is_empty()
    }

    /// Resumes streams that are ready, so many at most. Returns whether there were any, and those of them
    /// that are to go on.
    pub(crate) fn proceed(&self, most: usize) -> (bool, Vec<Rc<RefCell<Stream>>>) {
        let (mut resumed, mut going) = (0, Vec::new());
        while resumed < most {
            let next = self.ready.borrow_mut().pop_front();
            let Some((stream, found)) = next else { break };
            let Some(stream) = stream.upgrade() else { continue };
            resumed += 1;
            if Stream::fetched(&stream, found.as_deref()) {
                going.push(stream);
            }
        }
        (resumed > 0, going)
    }

    /// Records what is held by now. Of several root contexts that ask for it one is heard, because the
    /// cache tells of what it has served since it was asked before.
    pub(crate) fn observe(&self, now: Duration) {
        if now.saturating_sub(self.observed.get()) < OBSERVE {
            return;
        }
        self.observed.set(now);
        self.metrics.cache(self.cache.size());
        self.metrics.fetched_bundle(self.cache.revision().as_deref());
    }
}
