//! A registry as one worker uses it: what it keeps, and the requests that wait.
//!
//! Callouts are the root context's, because one of a stream's would die with that stream. A stream
//! that waits is resumed from there, too.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use std::time::Duration;

use promptgate_core::cache::{Answered, Cache, Change, Found, Key};
use promptgate_core::config::Registry;

use crate::host;
use crate::http::Stream;
use crate::metrics::Metrics;
use crate::share::Share;

/// A stream whose prompt is on its way. It may be gone by the time that comes.
type Waiting = Weak<RefCell<Stream>>;

/// A registry as one worker uses it. It outlives configurations that leave the registry as it is.
pub(crate) struct Hub {
    pub(crate) cache: Rc<Cache>,
    pub(crate) share: Share,
    metrics: Rc<Metrics>,
    waiting: RefCell<HashMap<Key, Vec<Waiting>>>,
}

impl Hub {
    pub(crate) fn new(registry: Rc<Registry>, metrics: Rc<Metrics>) -> Hub {
        let share = Share::new(&registry);
        Hub { cache: Rc::new(Cache::new(registry)), share, metrics, waiting: RefCell::default() }
    }

    /// Remembers that a stream waits, and has the root context called soon.
    pub(crate) fn wait(&self, key: Key, stream: Waiting) {
        self.waiting.borrow_mut().entry(key).or_default().push(stream);
        // Should the host refuse, the next tick is a second away.
        let _ = host::set_tick_period(1);
    }

    /// Takes note of how a fetch ended, and resumes the streams that wait for it.
    pub(crate) fn answered(self: &Rc<Self>, key: &Key, answered: &Answered, resume: bool) {
        if let Some(outcome) = answered.outcome {
            self.metrics.fetched(outcome);
        }
        match &answered.change {
            Some(Change::Failing(error)) => log::warn!("registry: {error}"),
            Some(Change::Answering) => log::info!("registry: answers again"),
            None => {}
        }
        if resume {
            self.resume(key, answered.found.as_ref());
        }
    }

    /// Resumes the streams that wait for something.
    pub(crate) fn resume(self: &Rc<Self>, key: &Key, found: Option<&Found>) {
        let waiting = self.waiting.borrow_mut().remove(key).unwrap_or_default();
        for stream in waiting.iter().filter_map(Weak::upgrade) {
            Stream::fetched(&stream, found);
        }
    }

    /// Tells the time, and what is held by now.
    pub(crate) fn tick(&self, now: Duration) {
        self.cache.set_time(now);
        self.metrics.cache(self.cache.size());
    }
}
