//! Requests that are on their way: one for each prompt, however many ask.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use super::{Fetch, Key};
use crate::catalog::Reference;
use crate::registry::{FetchError, Request};

/// How many prompts may be on their way at once.
const MAX_FLIGHTS: usize = 1_000;

/// A prompt that is asked for.
pub(super) struct Flight {
    pub(super) reference: Reference,
    /// What to ask next if the answer is that it is not there.
    requests: VecDeque<Request>,
}

impl Flight {
    pub(super) fn new(reference: Reference, requests: Vec<Request>) -> Flight {
        Flight { reference, requests: requests.into() }
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

    pub(super) fn start(&mut self, key: Key, flight: Flight) -> Result<(), FetchError> {
        if self.flights.len() >= MAX_FLIGHTS {
            return Err(FetchError::Busy);
        }
        self.ready.push(key.clone());
        self.flights.insert(key, flight);
        Ok(())
    }

    /// Makes the next request ready; false if there is none.
    pub(super) fn go_on(&mut self, key: &Key) -> bool {
        let more = self.flights.get(key).is_some_and(|flight| !flight.requests.is_empty());
        if more {
            self.ready.push(key.clone());
        }
        more
    }

    pub(super) fn end(&mut self, key: &Key) {
        self.flights.remove(key);
    }

    pub(super) fn take(&mut self, timeout: Duration) -> Vec<Fetch> {
        let ready = std::mem::take(&mut self.ready);
        let fetch = |key: Key| {
            let request = self.flights.get_mut(&key)?.requests.pop_front()?;
            Some(Fetch { key, request, timeout })
        };
        ready.into_iter().filter_map(fetch).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.flights.len()
    }
}
