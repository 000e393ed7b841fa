//! The exchange, driven as the filter does: events in, effects out, and a registry asked in between.

use std::rc::Rc;
use std::time::Instant;

use promptgate_core::cache::{Cache, Change, Fetch, Found, Key};
use promptgate_core::config::Config;
use promptgate_core::exchange::{Effect, Event, Exchange, Head};
use promptgate_core::registry::{FetchError, MAX_ANSWER, MAX_BUNDLE};

use crate::failure::Failure;
use crate::registry::{Choice, Chosen, Connection, Sent};

/// How a request ended.
pub(super) struct Driven {
    /// What becomes of it.
    pub(super) effect: Effect,
    /// What came from the registry, where there is one.
    pub(super) cache: Option<Rc<Cache>>,
    /// What kept the registry from answering.
    pub(super) troubles: Vec<String>,
}

/// Sends a request through the engine. The registry is asked if, and when, the gateway would ask it.
pub(super) fn drive(
    chosen: &Chosen,
    choice: &Choice,
    head: Head<'_>,
    body: &[u8],
) -> Result<Driven, Failure> {
    let config: &Rc<Config> = &chosen.config;
    let cache = config.registry.clone().map(|registry| Rc::new(Cache::new(registry)));
    let start = Exchange::Start(cache.clone());
    let (mut exchange, mut effect) = start.step(Event::Headers(config, head, body.is_empty()));
    if effect == Effect::Await {
        (exchange, effect) = exchange.step(Event::Body(body));
    }
    let mut troubles = Vec::new();
    if let Some(cache) = &cache
        && let Effect::Fetch(_) = effect
    {
        let connection = choice.connect(chosen, cache.registry())?;
        let mut asker = Asker {
            cache,
            connection,
            start: Instant::now(),
            bundle: false,
            troubles,
            verbose: choice.verbose,
        };
        while let Effect::Fetch(key) = &effect {
            let found = asker.fetch(key)?;
            (exchange, effect) = exchange.step(Event::Fetched(found.as_ref(), body));
        }
        troubles = asker.troubles;
    }
    Ok(Driven { effect, cache, troubles })
}

struct Asker<'a> {
    cache: &'a Cache,
    connection: Connection,
    start: Instant,
    /// The bundle has been asked for.
    bundle: bool,
    troubles: Vec<String>,
    verbose: bool,
}

impl Asker<'_> {
    /// Brings what is awaited under `key`; none if the cache is to be asked again.
    fn fetch(&mut self, key: &Key) -> Result<Option<Found>, Failure> {
        self.cache.set_time(self.start.elapsed());
        if !std::mem::replace(&mut self.bundle, true)
            && let Some(fetch) = self.cache.fetch_bundle()
        {
            let sent = self.send(&fetch, MAX_BUNDLE);
            let (_, answered) = match &sent.answer {
                Some(answer) => answer.read(|response| self.cache.answer_bundle(Some(response))),
                None => self.cache.answer_bundle(None),
            };
            match answered.change {
                // The prompt's own reply will say so.
                None | Some(Change::Answering | Change::Failing(FetchError::Unavailable { .. })) => {}
                // The prompt is looked for by itself, and its reply will not speak of the bundle.
                Some(Change::Failing(error)) => self.troubles.push(error.to_string()),
            }
            return Ok(None);
        }
        loop {
            let fetches = self.cache.fetches();
            if fetches.is_empty() {
                return Err(Failure::new("the registry was not asked for this prompt"));
            }
            for fetch in fetches {
                let sent = self.send(&fetch, MAX_ANSWER);
                self.cache.set_time(self.start.elapsed());
                let answered = match &sent.answer {
                    Some(answer) => answer.read(|response| self.cache.answer(&fetch.key, Some(response))),
                    None => self.cache.answer(&fetch.key, None),
                };
                if let Some(found) = answered.found.filter(|_| fetch.key == *key) {
                    return Ok(Some(found));
                }
            }
        }
    }

    fn send(&mut self, fetch: &Fetch, limit: usize) -> Sent {
        let sent = self.connection.send(&fetch.request, fetch.timeout, limit);
        // Who wants to see everything has seen it.
        self.troubles.extend(sent.trouble.clone().filter(|_| !self.verbose));
        sent
    }
}
