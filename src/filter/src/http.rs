//! One request: callbacks become events, effects become host calls.

use std::rc::Rc;

use promptgate_core::config::MAX_MODEL;
use promptgate_core::exchange::{Applied, Effect, Event, Exchange, Forward, Head, Refusal};
use promptgate_core::reply::{Code, LocalReply};
use proxy_wasm::traits::{Context, HttpContext};
use proxy_wasm::types::Action;

use crate::headers::Headers;
use crate::host::{self, Refused};
use crate::plugin::Plugin;

const ID: &str = "x-promptgate-id";
const VERSION: &str = "x-promptgate-version";
const LABEL: &str = "x-promptgate-label";
const SOURCE: &str = "x-promptgate-source";

/// One request on its way through the filter.
pub(crate) struct Http {
    /// None only before the first configuration, when Envoy sends no requests yet.
    plugin: Option<Rc<Plugin>>,
    exchange: Exchange,
    /// The headers wait for the body, so that they may still be changed.
    held: bool,
    /// The client announced the body's length.
    sized: bool,
    /// The request is answered, or should be: nothing of it may go on.
    answered: bool,
    applied: Option<Applied>,
}

impl Http {
    pub(crate) fn new(plugin: Option<Rc<Plugin>>) -> Http {
        Http {
            plugin,
            exchange: Exchange::default(),
            held: false,
            sized: false,
            answered: false,
            applied: None,
        }
    }

    fn step(&mut self, event: Event<'_>) -> Effect {
        let (exchange, effect) = std::mem::take(&mut self.exchange).step(event);
        self.exchange = exchange;
        effect
    }

    /// Whether a piece of the body concerns us.
    fn is_waiting(&self) -> bool {
        self.answered || matches!(self.exchange, Exchange::Reading(_))
    }

    /// The request's headers: the first event, and our own names out of what the client sent.
    fn headers(&mut self, plugin: &Plugin, end_of_stream: bool) -> Result<Action, Refused> {
        let serialized = host::request_headers()?;
        let headers = Headers::new(&serialized);
        let config = &plugin.config;
        let mut head = Head::default();
        let mut encodings = Vec::new();
        let mut ours = Vec::new();
        for (name, value) in headers.iter() {
            match name {
                b":method" => head.method = value,
                b":path" => head.path = value,
                b":authority" => head.authority = value,
                b"content-length" => head.content_length = Some(value),
                b"content-encoding" => encodings.push(value),
                name if is_ours(name, &config.model_header) => ours.push(name),
                _ => {}
            }
        }
        if !ours.is_empty() {
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
                    return Ok(Action::Pause);
                }
                // The body will have another length, and the headers can't be changed later.
                if self.sized {
                    host::remove_request_header("content-length")?;
                }
                Ok(Action::Continue)
            }
            Effect::Reply(refusal) => {
                self.answered = true;
                reply(plugin, &refusal)?;
                Ok(Action::Pause)
            }
            Effect::Continue | Effect::Forward(_) => Ok(Action::Continue),
        }
    }

    /// The body is complete; with trailers behind it or not.
    fn complete(&mut self, plugin: &Plugin, trailers: bool) -> Result<Action, Refused> {
        let body = host::request_body()?;
        let begun = host::now();
        let effect = self.step(Event::Body(&body));
        if let Some(outcome) = effect.outcome() {
            plugin.metrics.outcome(outcome);
        }
        match effect {
            Effect::Forward(forward) => {
                if let (Ok(begun), Ok(now)) = (begun, host::now()) {
                    plugin.metrics.rendered(now.saturating_sub(begun));
                }
                self.forward(plugin, *forward, trailers)?;
                Ok(Action::Continue)
            }
            Effect::Reply(refusal) => {
                self.answered = true;
                answer(plugin, &refusal)?;
                Ok(Action::Pause)
            }
            Effect::Continue | Effect::Await => {
                if self.held && !self.sized {
                    set_length(body.len(), trailers)?;
                }
                Ok(Action::Continue)
            }
        }
    }

    fn forward(&mut self, plugin: &Plugin, forward: Forward, trailers: bool) -> Result<(), Refused> {
        host::set_request_body(&forward.body)?;
        if self.held {
            set_length(forward.body.len(), trailers)?;
        }
        let Some(applied) = forward.applied else { return Ok(()) };
        plugin.metrics.prompt(&applied.id);
        // A model can be any text of the client's; what could forge a header or a line of a log is kept
        // to the body.
        let model = applied.model.as_deref().filter(|model| is_visible(model));
        if self.held {
            if let Some(model) = model.filter(|_| applied.routable) {
                host::set_request_header(&plugin.config.model_header, model.as_bytes())?;
            }
            host::clear_route_cache()?;
        }
        host::set_property("prompt_id", applied.id.as_bytes())?;
        host::set_property("prompt_version", applied.version.to_string().as_bytes())?;
        if let Some(model) = model {
            host::set_property("prompt_model", model.as_bytes())?;
        }
        self.applied = Some(applied);
        Ok(())
    }

    /// Does what a callback asks for. If the host refuses, the request is answered: whatever its state
    /// is, it must not go on without its prompt.
    fn guard(
        &mut self,
        otherwise: Action,
        work: impl FnOnce(&mut Self, &Plugin) -> Result<Action, Refused>,
    ) -> Action {
        let Some(plugin) = self.plugin.clone() else { return otherwise };
        if self.answered {
            return Action::Pause;
        }
        match work(self, &plugin) {
            Ok(action) => action,
            Err(refused) => {
                self.answered = true;
                log::error!("the host refused a call: {refused}");
                let message = "The gateway could not read or change the request.";
                let refusal =
                    Refusal { reply: LocalReply::new(Code::PromptUnavailable, message), prompt_id: None };
                let _ = reply(&plugin, &refusal);
                Action::Pause
            }
        }
    }
}

impl Context for Http {}

impl HttpContext for Http {
    fn on_http_request_headers(&mut self, _: usize, end_of_stream: bool) -> Action {
        #[cfg(feature = "inject-panic")]
        crate::fault::at("request_headers");
        self.guard(Action::Continue, |this, plugin| this.headers(plugin, end_of_stream))
    }

    fn on_http_request_body(&mut self, size: usize, end_of_stream: bool) -> Action {
        #[cfg(feature = "inject-panic")]
        crate::fault::at("request_body");
        if !self.is_waiting() {
            return Action::Continue;
        }
        self.guard(Action::Continue, |this, plugin| {
            if end_of_stream {
                return this.complete(plugin, false);
            }
            if let Effect::Reply(refusal) = this.step(Event::Buffered(size)) {
                this.answered = true;
                reply(plugin, &refusal)?;
            }
            Ok(Action::Pause)
        })
    }

    /// With trailers the body callback never sees the end of the stream.
    fn on_http_request_trailers(&mut self, _: usize) -> Action {
        if !self.is_waiting() {
            return Action::Continue;
        }
        self.guard(Action::Continue, |this, plugin| this.complete(plugin, true))
    }

    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        let (Some(plugin), Some(applied)) = (&self.plugin, &self.applied) else { return Action::Continue };
        // The answer is upstream's: it goes on even if it can't be labelled.
        if plugin.config.response_headers {
            let _ = host::set_response_header(ID, applied.id.as_bytes());
            let _ = host::set_response_header(VERSION, applied.version.to_string().as_bytes());
            if let Some(label) = &applied.label {
                let _ = host::set_response_header(LABEL, label.as_bytes());
            }
        }
        if plugin.config.debug_headers {
            let _ = host::set_response_header(SOURCE, b"bundle");
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

fn is_ours(name: &[u8], model_header: &str) -> bool {
    [ID, VERSION, LABEL, SOURCE, model_header].iter().any(|ours| ours.as_bytes() == name)
}

/// Whether a text can stand in a header or a log as it is: short, and nothing but visible ASCII.
fn is_visible(text: &str) -> bool {
    text.len() <= MAX_MODEL && text.bytes().all(|byte| matches!(byte, b'!'..=b'~'))
}

/// Answers a request whose outcome is counted elsewhere.
fn answer(plugin: &Plugin, refusal: &Refusal) -> Result<(), Refused> {
    if let Some(id) = &refusal.prompt_id {
        plugin.metrics.prompt(id);
    }
    plugin.log_fault(refusal);
    let reply = &refusal.reply;
    let details = format!("promptgate_{}", reply.code.as_str());
    let headers = [("content-type", "application/json")];
    host::send_local_response(reply.status(), &details, &headers, reply.body().to_string().as_bytes())
}

fn reply(plugin: &Plugin, refusal: &Refusal) -> Result<(), Refused> {
    plugin.metrics.outcome(refusal.reply.code.as_str());
    answer(plugin, refusal)
}
