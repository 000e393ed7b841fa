//! One request: callbacks become events, effects become host calls.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use promptgate_core::cache::{Found, Key, Origin};
use promptgate_core::exchange::{self, Applied, Effect, Event, Exchange, Forward, Head, Refusal};
use promptgate_core::json::Splice;
use promptgate_core::reply::Code;
use proxy_wasm::traits::{Context, HttpContext};
use proxy_wasm::types::Action;

use crate::headers::Headers;
use crate::host::{self, Refused};
use crate::plugin::Plugin;

/// Stands before a body that waits while its headers have gone on, and comes off when it goes on, too.
///
/// Any filter that follows may have stopped those headers. When it lets them go on, Envoy takes what is
/// buffered of the body along, past this filter: to upstream, without its prompt. The seal makes that
/// worthless there, since no JSON begins with it, and its absence tells what happened.
const SEAL: &[u8] = b"\0";

/// How a callback ends.
enum Next {
    /// The stream goes on.
    Go,
    /// The stream waits for more.
    Wait,
    /// The stream waits for its prompt.
    Fetch(Key),
    /// The request is answered.
    Answer(Box<Refusal>),
    /// Another filter has let a part of the body go on.
    Lost,
    /// The host has no room for the new body, and has answered that itself.
    Full,
    /// Upstream has refused the request before it had all of it.
    Refused,
}

/// One request on its way through the filter. While it waits for its prompt the root context knows
/// the stream, too.
pub(crate) struct Http {
    stream: Rc<RefCell<Stream>>,
    fate: Rc<Fate>,
}

/// What happens to a request beside the filter. A callback may tell of it in the middle of a host call,
/// when the stream itself is in use.
#[derive(Default)]
struct Fate {
    /// An answer has begun to go to the client: one of ours, the host's, upstream's. (Of those with a status
    /// of 1xx the filter is not told.)
    responded: Cell<bool>,
    /// It is an error, and came before the request had gone on.
    refused: Cell<bool>,
    /// The host has forgotten the stream.
    gone: Cell<bool>,
}

/// A request, and how far it is.
pub(crate) struct Stream {
    /// The context by which the host knows it.
    id: u32,
    /// None only before the first configuration, when Envoy sends no requests yet.
    plugin: Option<Rc<Plugin>>,
    exchange: Exchange,
    /// The headers wait for the body, so that they may still be changed.
    held: bool,
    /// A [`SEAL`] is before what is buffered of the body.
    sealed: bool,
    /// The client announced the body's length.
    sized: bool,
    /// Trailers follow the body.
    trailers: bool,
    /// It has waited for its prompt.
    waited: bool,
    /// The request is answered, or should be: nothing of it may go on.
    answered: bool,
    fate: Rc<Fate>,
    applied: Option<Applied>,
}

impl Http {
    pub(crate) fn new(id: u32, plugin: Option<Rc<Plugin>>) -> Http {
        let cache = plugin.as_ref().and_then(|plugin| Some(plugin.hub.as_ref()?.cache.clone()));
        let fate = Rc::<Fate>::default();
        let stream = Stream {
            id,
            plugin,
            exchange: Exchange::Start(cache),
            held: false,
            sealed: false,
            sized: false,
            trailers: false,
            waited: false,
            answered: false,
            fate: fate.clone(),
            applied: None,
        };
        Http { stream: Rc::new(RefCell::new(stream)), fate }
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        self.fate.gone.set(true);
    }
}

impl Stream {
    /// The prompt that a stream waits for has been found, or not; with none the cache is asked again.
    /// The root context does this, on the stream's behalf, when the SDK has no stream of its own in use:
    /// host calls may call back. Returns whether the request is to [go on](Stream::go_on).
    pub(crate) fn fetched(stream: &Rc<RefCell<Stream>>, found: Option<&Found>) -> bool {
        let id = stream.borrow().id;
        if host::set_effective_context(id).is_err() {
            // The host has forgotten the stream.
            return false;
        }
        let action = Stream::guard(stream, |this, plugin| {
            let body = host::request_body()?;
            let Some(body) = this.unsealed(&body) else { return Ok(Next::Lost) };
            if this.fate.refused.get() {
                return Ok(Next::Refused);
            }
            this.finish(plugin, body, Event::Fetched(found, body))
        });
        matches!(action, Action::Continue)
    }

    /// Lets a request go on that has waited for its prompt.
    pub(crate) fn go_on(stream: &Rc<RefCell<Stream>>) {
        let (id, gone) = {
            let this = stream.borrow();
            (this.id, this.fate.gone.get())
        };
        if gone || host::set_effective_context(id).is_err() {
            return;
        }
        if let Err(refused) = host::continue_request() {
            log::error!("the host does not let a request go on: {refused}");
        }
    }

    fn step(&mut self, event: Event<'_>) -> Effect {
        let (exchange, effect) = std::mem::take(&mut self.exchange).step(event);
        self.exchange = exchange;
        effect
    }

    /// Whether a piece of the body concerns us.
    fn is_waiting(&self) -> bool {
        self.answered || matches!(self.exchange, Exchange::Reading(_) | Exchange::Waiting(_))
    }

    /// The request's headers: the first event, and our own names out of what the client sent.
    fn headers(&mut self, plugin: &Plugin, end_of_stream: bool) -> Result<Next, Refused> {
        let serialized = host::request_headers()?;
        let headers = Headers::new(&serialized);
        let config = &plugin.config;
        let mut head = Head::default();
        let mut encodings = Vec::new();
        let mut ours = Vec::new();
        let mut expects = false;
        for (name, value) in headers.iter() {
            match name {
                b":method" => head.method = value,
                b":path" => head.path = value,
                b":authority" => head.authority = value,
                b"content-length" => head.content_length = Some(value),
                b"content-encoding" => encodings.push(value),
                b"expect" => expects = true,
                name if exchange::is_our_header(name, config) => ours.push(name),
                _ => {}
            }
        }
        head.forged = !ours.is_empty();
        if head.forged {
            for name in ours {
                host::remove_request_header(&String::from_utf8_lossy(name))?;
            }
            // The route may have been chosen by a header that was no more than a client's claim.
            host::clear_route_cache()?;
        }
        let encodings = encodings.join(&b',');
        head.content_encoding = &encodings;
        let route = if config.needs_route() { host::property(&["xds", "route_name"])? } else { Vec::new() };
        head.route = (!route.is_empty()).then_some(&route);
        match self.step(Event::Headers(config, head, end_of_stream)) {
            Effect::Await => {
                self.held = config.hold_headers;
                self.sized = head.content_length.is_some();
                if self.held {
                    return Ok(Next::Wait);
                }
                // The body will have another length, and the headers can't be changed later.
                if self.sized {
                    host::remove_request_header("content-length")?;
                }
                // Nor may upstream say 100, which the filter would not be told: see `is_too_late`. Envoy says
                // it itself unless its `proxy_100_continue` is on.
                if expects {
                    host::remove_request_header("expect")?;
                }
                Ok(Next::Go)
            }
            Effect::Reply(refusal) => Ok(Next::Answer(refusal)),
            Effect::Continue | Effect::Forward(_) | Effect::Fetch(_) => Ok(Next::Go),
        }
    }

    /// The body in what is buffered. None if the seal is gone, and with it a part of the body.
    fn unsealed<'b>(&self, buffered: &'b [u8]) -> Option<&'b [u8]> {
        if self.sealed { buffered.strip_prefix(SEAL) } else { Some(buffered) }
    }

    /// How many bytes of what is buffered are none of the body's.
    fn seal_size(&self) -> usize {
        if self.sealed { SEAL.len() } else { 0 }
    }

    /// Sees to it that what is buffered can't go on by itself. Where upstream has answered, no filter that
    /// follows has kept the headers.
    fn seal(&mut self) -> Result<(), Refused> {
        if !self.held && !self.sealed && !self.fate.responded.get() {
            host::replace_front_of_request_body(0, SEAL)?;
            self.sealed = true;
        }
        Ok(())
    }

    /// The body is complete.
    fn complete(&mut self, plugin: &Plugin) -> Result<Next, Refused> {
        let body = host::request_body()?;
        let Some(body) = self.unsealed(&body) else { return Ok(Next::Lost) };
        self.finish(plugin, body, Event::Body(body))
    }

    /// Does what comes of a whole body.
    fn finish(&mut self, plugin: &Plugin, body: &[u8], event: Event<'_>) -> Result<Next, Refused> {
        let begun = host::now();
        let effect = self.step(event);
        let outcome = effect.outcome();
        match effect {
            Effect::Reply(refusal) => return Ok(Next::Answer(refusal)),
            Effect::Fetch(key) => {
                self.seal()?;
                return Ok(Next::Fetch(key));
            }
            Effect::Forward(forward) => {
                if let (Ok(begun), Ok(now)) = (begun, host::now()) {
                    plugin.metrics.rendered(now.saturating_sub(begun));
                }
                if self.is_too_late(&forward.body, body) {
                    return Ok(Next::Answer(Box::new(Refusal::unreadable())));
                }
                if !self.forward(plugin, *forward, body)? {
                    return Ok(Next::Full);
                }
            }
            Effect::Await => return Ok(Next::Wait),
            Effect::Continue if self.held && !self.sized => set_length(body.len(), self.trailers)?,
            Effect::Continue if self.sealed => host::replace_front_of_request_body(SEAL.len(), b"")?,
            Effect::Continue => {}
        }
        if let Some(outcome) = outcome {
            plugin.metrics.outcome(outcome);
        }
        Ok(Next::Go)
    }

    /// Whether an answer has begun to go to the client, so that a body must not grow: where it outgrows the
    /// host's buffer the host puts off its 413 to the end of a callback, but once there is an answer it ends
    /// the stream at once, and tells of that, which the SDK does not bear in a callback of a stream.
    fn is_too_late(&self, body: &Splice, old: &[u8]) -> bool {
        self.fate.responded.get() && !self.waited && body.len() > old.len()
    }

    /// Puts a new body in place of the old one. What stays at the end is not touched. False if it does
    /// not fit the host's buffer: outside of a callback about the body the host answers that at once.
    fn write(&self, body: &Splice, old: &[u8]) -> Result<bool, Refused> {
        let Splice { front, kept, back } = body;
        let responded = self.fate.responded.get();
        let goes_on = || !self.fate.gone.get() && self.fate.responded.get() == responded;
        if kept.end == old.len() && !kept.is_empty() && back.is_empty() {
            host::replace_front_of_request_body(self.seal_size() + kept.start, front)?;
            return Ok(goes_on());
        }
        host::set_request_body(front)?;
        for part in [old.get(kept.clone()).unwrap_or_default(), back] {
            if !part.is_empty() && goes_on() {
                host::append_to_request_body(part)?;
            }
        }
        Ok(goes_on())
    }

    /// Lets the request go on with its prompt. False if the host has ended it instead.
    fn forward(&mut self, plugin: &Plugin, forward: Forward, old: &[u8]) -> Result<bool, Refused> {
        if !self.write(&forward.body, old)? {
            return Ok(false);
        }
        if self.held {
            set_length(forward.body.len(), self.trailers)?;
        }
        let Some(applied) = forward.applied else { return Ok(true) };
        match applied.origin {
            Origin::Cache => plugin.metrics.looked_up("hits"),
            Origin::Stale => plugin.metrics.looked_up("stale_hits"),
            // The one that waited was a miss when it began to.
            Origin::Bundle | Origin::Fetch => {}
        }
        plugin.metrics.prompt(&applied.id);
        if self.held {
            if let Some(model) = applied.route_model() {
                host::set_request_header(&plugin.config.model_header, model.as_bytes())?;
            }
            host::clear_route_cache()?;
        }
        host::set_property("prompt_id", applied.id.as_bytes())?;
        host::set_property("prompt_version", applied.version.to_string().as_bytes())?;
        if let Some(model) = applied.visible_model() {
            host::set_property("prompt_model", model.as_bytes())?;
        }
        self.applied = Some(applied);
        Ok(true)
    }

    /// Does what a callback asks for. If the host refuses, the request is answered: whatever its state
    /// is, it must not go on without its prompt.
    fn guard(
        stream: &Rc<RefCell<Stream>>,
        work: impl FnOnce(&mut Stream, &Plugin) -> Result<Next, Refused>,
    ) -> Action {
        let mut this = stream.borrow_mut();
        let Some(plugin) = this.plugin.clone() else { return Action::Continue };
        if this.answered {
            return this.drop_body();
        }
        match work(&mut this, &plugin) {
            Ok(Next::Go) => Action::Continue,
            Ok(Next::Wait) => Action::Pause,
            Ok(Next::Fetch(key)) => match &plugin.hub {
                Some(hub) => {
                    if !std::mem::replace(&mut this.waited, true) {
                        plugin.metrics.looked_up("misses");
                    }
                    hub.wait(key, Rc::downgrade(stream));
                    Action::Pause
                }
                // Who has no registry waits for none.
                None => this.answer(&plugin, &Refusal::unreadable()),
            },
            Ok(Next::Answer(refusal)) => this.answer(&plugin, &refusal),
            Ok(Next::Lost) => {
                log::error!(
                    "a filter that follows let a body go on without its prompt: hold_headers prevents it"
                );
                this.answer(&plugin, &Refusal::unreadable())
            }
            Ok(Next::Refused) => {
                this.answered = true;
                this.drop_body()
            }
            Ok(Next::Full) => {
                this.answered = true;
                plugin.metrics.outcome(Code::RequestTooLarge.as_str());
                Action::Pause
            }
            Err(refused) => {
                log::error!("the host refused a call: {refused}");
                this.answer(&plugin, &Refusal::unreadable())
            }
        }
    }

    /// Keeps nothing of what comes of a body that does not go on: with a full buffer the host would cut
    /// short the answer on its way.
    fn drop_body(&self) -> Action {
        let _ = host::set_request_body(SEAL);
        Action::Pause
    }

    /// Answers the request. Nothing of it goes on afterwards, even if the host does not take the answer.
    fn answer(&mut self, plugin: &Plugin, refusal: &Refusal) -> Action {
        self.answered = true;
        let reply = &refusal.reply;
        plugin.metrics.outcome(reply.code.as_str());
        if let Some(id) = &refusal.prompt_id {
            plugin.metrics.prompt(id);
            let _ = host::set_property("prompt_id", id.as_bytes());
        }
        plugin.log_fault(refusal);
        if self.fate.refused.get() {
            // A second answer would only cut the first one short.
            return Action::Pause;
        }
        let details = format!("promptgate_{}", reply.code.as_str());
        let headers = [("content-type", "application/json")];
        let body = refusal.body().to_string();
        if let Err(refused) = host::send_local_response(reply.status(), &details, &headers, body.as_bytes()) {
            log::error!("the host refused an answer: {refused}");
        }
        Action::Pause
    }
}

impl Context for Http {}

impl HttpContext for Http {
    fn on_http_request_headers(&mut self, _: usize, end_of_stream: bool) -> Action {
        #[cfg(feature = "inject-panic")]
        crate::fault::at("request_headers");
        Stream::guard(&self.stream, |this, plugin| this.headers(plugin, end_of_stream))
    }

    fn on_http_request_body(&mut self, size: usize, end_of_stream: bool) -> Action {
        #[cfg(feature = "inject-panic")]
        crate::fault::at("request_body");
        if !self.stream.borrow().is_waiting() {
            return Action::Continue;
        }
        Stream::guard(&self.stream, |this, plugin| {
            if this.fate.refused.get() {
                return Ok(Next::Refused);
            }
            if matches!(this.exchange, Exchange::Waiting(_)) {
                return Ok(Next::Wait);
            }
            if end_of_stream {
                return this.complete(plugin);
            }
            match this.step(Event::Buffered(size.saturating_sub(this.seal_size()))) {
                Effect::Reply(refusal) => Ok(Next::Answer(refusal)),
                _ => {
                    this.seal()?;
                    Ok(Next::Wait)
                }
            }
        })
    }

    /// With trailers the body callback never sees the end of the stream.
    fn on_http_request_trailers(&mut self, _: usize) -> Action {
        if !self.stream.borrow().is_waiting() {
            return Action::Continue;
        }
        Stream::guard(&self.stream, |this, plugin| {
            if this.fate.refused.get() {
                return Ok(Next::Refused);
            }
            this.trailers = true;
            this.complete(plugin)
        })
    }

    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        self.fate.responded.set(true);
        // In the middle of a host call it is the host that answers.
        let Ok(stream) = self.stream.try_borrow() else { return Action::Continue };
        if stream.is_waiting() && !stream.answered {
            let refused = host::response_status().is_ok_and(|status| status >= 400);
            self.fate.refused.set(refused);
        }
        let (Some(plugin), Some(applied)) = (&stream.plugin, &stream.applied) else {
            return Action::Continue;
        };
        for (name, value) in applied.response_headers(&plugin.config) {
            // The answer is upstream's: it goes on even if it can't be labelled.
            let _ = host::set_response_header(name, value.as_bytes());
        }
        Action::Continue
    }
}

/// Tells upstream how long the body is. HTTP/1 has trailers only behind a chunked one.
fn set_length(length: usize, trailers: bool) -> Result<(), Refused> {
    if trailers {
        host::remove_request_header("content-length")
    } else {
        host::set_request_header("content-length", length.to_string().as_bytes())
    }
}
