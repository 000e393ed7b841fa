//! One HTTP request as a state machine: events in, effects out.
//!
//! A host (the Proxy-Wasm filter, the command line, a test) tells what happened and does what it is
//! told. It keeps the body while it is incomplete, because Envoy does so anyway.
//!
//! ```text
//! Headers ──► Reading ──(the whole body)───────────────► Done
//!    │           ├──(a prompt to fetch)──► Waiting ───► Done
//!    │           └──(too large)────────────────────────► Done
//!    └──(none of ours, or a reply)─────────────────────► Done
//! ```

mod dialect;
mod head;
mod labels;
mod mention;
mod model;
mod named;
mod parameters;
mod render;
mod replies;
mod request;
mod rewrite;

use std::fmt;
use std::rc::Rc;

use crate::cache::{Cache, Found, Key};
use crate::config::{Config, Settings};
use crate::json::Splice;
use crate::reply::{Code, Envelope, LocalReply};
use dialect::Dialect;
use head::Decision;
use rewrite::{Outcome, Rewrite};

pub use head::Head;
pub use labels::is_our_header;
pub use rewrite::Applied;

/// One request on its way through.
pub enum Exchange {
    /// Nothing is known of it yet. Prompts that the bundle does not hold are looked for in that cache.
    Start(Option<Rc<Cache>>),
    /// Its body is awaited.
    Reading(Reading),
    /// Its body is complete, and its prompt is awaited.
    Waiting(Reading),
    /// Nothing more will be done about it.
    Done,
}

impl Default for Exchange {
    fn default() -> Self {
        Exchange::Start(None)
    }
}

/// A request whose body is awaited. It keeps the configuration with which it began.
pub struct Reading {
    config: Rc<Config>,
    cache: Option<Rc<Cache>>,
    settings: Rc<Settings>,
    dialect: &'static Dialect,
    required: bool,
}

/// What happened.
pub enum Event<'a> {
    /// The request's headers came, under this configuration; the flag says that no body follows.
    Headers(&'a Rc<Config>, Head<'a>, bool),
    /// So many bytes of the body are there by now, but not all.
    Buffered(usize),
    /// The body is complete, be it that its end was announced or that trailers came.
    Body(&'a [u8]),
    /// The prompt that was awaited has been found or not, and this is the body. Without an answer the
    /// cache is asked again.
    Fetched(Option<&'a Found>, &'a [u8]),
}

/// What to do.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Let it go on as it is. In the end of a body that was awaited: forward the body unchanged.
    Continue,
    /// Wait for the body. With held headers they wait too, else they go on without content-length.
    Await,
    /// Wait for what the cache has been asked for under this key.
    Fetch(Key),
    /// Forward another body.
    Forward(Box<Forward>),
    /// Answer the request. Nothing else may happen to it afterwards.
    Reply(Box<Refusal>),
}

/// A body for upstream.
#[derive(PartialEq)]
pub struct Forward {
    /// The new body, around what it keeps of the old one.
    pub body: Splice,
    /// The prompt that it holds; none if fields of ours were merely null, and removed.
    pub applied: Option<Applied>,
}

/// Shows no body: prompts and messages belong into no log.
impl fmt::Debug for Forward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forward").field("applied", &self.applied).finish_non_exhaustive()
    }
}

/// An answer in place of upstream's.
#[derive(Debug, PartialEq)]
pub struct Refusal {
    /// The answer.
    pub reply: LocalReply,
    /// The form that the client's API gives it.
    pub envelope: Envelope,
    /// The prompt that was asked for, if the catalogue holds it.
    pub prompt_id: Option<String>,
}

impl Exchange {
    /// Goes on by one event. An event that does not fit the state changes nothing.
    #[must_use]
    pub fn step(self, event: Event<'_>) -> (Exchange, Effect) {
        match (self, event) {
            (Exchange::Start(cache), Event::Headers(config, head, end_of_stream)) => {
                start(config, cache, &head, end_of_stream)
            }
            (Exchange::Reading(reading), Event::Buffered(size)) => {
                if size > reading.config.limits.body {
                    reading.refuse(replies::too_large(&reading.config), None)
                } else {
                    (Exchange::Reading(reading), Effect::Await)
                }
            }
            (Exchange::Reading(reading), Event::Body(body)) => reading.finish(body, false, None),
            (Exchange::Waiting(reading), Event::Fetched(found, body)) => reading.finish(body, true, found),
            // Nothing lets it go on without its prompt.
            (Exchange::Waiting(reading), _) => (Exchange::Waiting(reading), Effect::Await),
            (state, _) => (state, Effect::Continue),
        }
    }
}

fn start(
    config: &Rc<Config>,
    cache: Option<Rc<Cache>>,
    head: &Head<'_>,
    end_of_stream: bool,
) -> (Exchange, Effect) {
    match head::decide(config, head, end_of_stream) {
        Decision::Pass => (Exchange::Done, Effect::Continue),
        Decision::Reply(reply, envelope) => refuse(Refusal { reply, envelope, prompt_id: None }),
        Decision::Read { settings, dialect, required } => {
            let reading = Reading { config: config.clone(), cache, settings, dialect, required };
            (Exchange::Reading(reading), Effect::Await)
        }
    }
}

fn refuse(refusal: Refusal) -> (Exchange, Effect) {
    (Exchange::Done, Effect::Reply(Box::new(refusal)))
}

impl Reading {
    fn finish(self, body: &[u8], waited: bool, fetched: Option<&Found>) -> (Exchange, Effect) {
        if body.len() > self.config.limits.body {
            return self.refuse(replies::too_large(&self.config), None);
        }
        let rewrite = Rewrite {
            config: &self.config,
            cache: self.cache.as_deref(),
            fetched,
            waited,
            settings: &self.settings,
            dialect: self.dialect,
            required: self.required,
        };
        match rewrite.rewrite(body) {
            Outcome::Pass => (Exchange::Done, Effect::Continue),
            Outcome::Rewritten(body, applied) => {
                (Exchange::Done, Effect::Forward(Box::new(Forward { body, applied })))
            }
            Outcome::Reply(reply, prompt_id) => self.refuse(reply, prompt_id),
            Outcome::Fetch(key) => (Exchange::Waiting(self), Effect::Fetch(key)),
        }
    }

    fn refuse(&self, reply: LocalReply, prompt_id: Option<String>) -> (Exchange, Effect) {
        refuse(Refusal { reply, envelope: self.dialect.envelope, prompt_id })
    }
}

impl Effect {
    /// How the exchange ended, for metrics; none while it goes on.
    pub fn outcome(&self) -> Option<&'static str> {
        match self {
            Effect::Continue => Some("passed"),
            Effect::Await | Effect::Fetch(_) => None,
            Effect::Forward(forward) if forward.applied.is_none() => Some("passed"),
            Effect::Forward(_) => Some("applied"),
            Effect::Reply(refusal) => Some(refusal.reply.code.as_str()),
        }
    }
}

/// Every outcome, for metrics that are defined before they are counted.
pub fn outcomes() -> impl Iterator<Item = &'static str> {
    ["passed", "applied"].into_iter().chain(Code::ALL.iter().map(|code| code.as_str()))
}

#[cfg(test)]
mod tests;
