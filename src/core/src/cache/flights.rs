//! Requests that are on their way: one for each prompt, however many ask.

use std::collections::HashMap;
use std::time::Duration;

use super::{Fetch, Key};
use crate::catalog::Reference;
use crate::registry::{FetchError, Request};

/// How many prompts may be on their way at once.
const MAX_FLIGHTS: usize = 1_000;

/// How many more may be on their way that are kept already, and asked for again.
const RESERVED: usize = 200;

/// How much later than its timeout an answer may be told.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// A prompt that is asked for.
pub(super) struct Flight {
    pub(super) reference: Reference,
    /// What to ask, each if the answer to the one before is that it is not there.
    requests: Vec<Request>,
    /// How many of them have been asked.
    asked: usize,
    /// When an answer should have come to what was asked last.
    due: Duration,
}

impl Flight {
    pub(super) fn new(reference: Reference, requests: Vec<Request>) -> Flight {
        Flight { reference, requests, asked: 0, due: Duration::MAX }
    }
}

/// All that is on its way.
#[derive(Default)]
pub(super) struct Flights {
    flights: HashMap<Key, Flight>,
    /// Those whose next request is to be sent.
    ready: Vec<Key>,
}

impl Flights {
    pub(super) fn contains(&self, key: &Key) -> bool {
        self.flights.contains_key(key)
    }

    pub(super) fn get_mut(&mut self, key: &Key) -> Option<&mut Flight> {
        self.flights.get_mut(key)
    }

    /// Begins with a prompt. One that is kept already finds room even if clients ask for too many others.
    pub(super) fn start(&mut self, key: Key, flight: Flight, kept: bool) -> Result<(), FetchError> {
        let room = if kept { MAX_FLIGHTS + RESERVED } else { MAX_FLIGHTS };
        if self.flights.len() >= room {
            return Err(FetchError::Busy);
        }
        self.ready.push(key.clone());
        self.flights.insert(key, flight);
        Ok(())
    }

    /// Makes the next request ready; false if there is none.
    pub(super) fn go_on(&mut self, key: &Key) -> bool {
        let more = self.flights.get(key).is_some_and(|flight| flight.asked < flight.requests.len());
        if more {
            self.ready.push(key.clone());
        }
        more
    }

    /// Makes the last request ready once more: whoever sent it is gone.
    pub(super) fn repeat(&mut self, key: &Key) {
        if let Some(flight) = self.flights.get_mut(key) {
            flight.asked = flight.asked.saturating_sub(1);
            flight.due = Duration::MAX;
            self.ready.push(key.clone());
        }
    }

    pub(super) fn end(&mut self, key: &Key) {
        self.flights.remove(key);
    }

    /// The requests that are ready. Whoever sends them says within `timeout` what came of them.
    pub(super) fn take(&mut self, timeout: Duration, now: Duration) -> Vec<Fetch> {
        let ready = std::mem::take(&mut self.ready);
        let fetch = |key: Key| {
            let flight = self.flights.get_mut(&key)?;
            flight.due = now.saturating_add(timeout).saturating_add(GRACE);
            let request = flight.requests.get(flight.asked)?.clone();
            flight.asked += 1;
            Some(Fetch { key, request, timeout })
        };
        ready.into_iter().filter_map(fetch).collect()
    }

    /// Those of which nothing will be heard any more.
    pub(super) fn lost(&self, now: Duration) -> Vec<Key> {
        let lost = self.flights.iter().filter(|(_, flight)| flight.due < now);
        lost.map(|(key, _)| key.clone()).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.flights.len()
    }
}
