//! The root context: reads the plugin configuration, and asks registries.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use promptgate_core::cache::{Cache, Fetch, Key};
use promptgate_core::config::Config;
use promptgate_core::registry::Response;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::ContextType;

use crate::headers::Headers;
use crate::host;
use crate::http::{Http, Stream};
use crate::hub::Hub;
use crate::machine::Machine;
use crate::metrics::Metrics;
use crate::plugin::Plugin;
use crate::version::VERSION;
use crate::wake;

/// How often a registry is thought of while no request waits for it, in milliseconds.
const IDLE: u32 = 1_000;

/// The same, until there is a first bundle, which another worker may have fetched.
const BUSY: u32 = 20;

/// How many streams are resumed in one turn. The host does what comes of them when the turn ends, each
/// inside of the one before, and some three hundred use up the machine's stack.
const TURN: usize = 32;

/// Holds the configuration that new requests get.
pub(crate) struct Root {
    id: u32,
    plugin: Option<Rc<Plugin>>,
    metrics: Option<Rc<Metrics>>,
    callouts: HashMap<u32, Callout>,
    /// The last turn went to streams whose wait was over.
    resumed: bool,
}

/// A request that is on its way to a registry.
struct Callout {
    hub: Rc<Hub>,
    what: What,
}

enum What {
    Prompt(Key),
    Bundle(Key),
}

impl Root {
    pub(crate) fn new(id: u32) -> Root {
        Root { id, plugin: None, metrics: None, callouts: HashMap::new(), resumed: false }
    }

    /// Does whatever is due.
    fn attend(&mut self) {
        wake::called();
        let hubs = Hub::all();
        // In turns, so that neither keeps the other waiting.
        if !self.resumed && self.proceed(&hubs) {
            self.resumed = true;
            wake::call();
            return;
        }
        self.resumed = false;
        let now = now();
        for hub in &hubs {
            hub.cache.set_time(now);
            hub.repeat();
            for key in hub.cache.lost() {
                self.answer(hub, &What::Prompt(key), None);
            }
            self.synchronize(hub, now);
            self.dispatch(hub);
        }
        if hubs.iter().any(|hub| hub.is_ready()) {
            wake::call();
        }
    }

    /// Resumes streams whose wait is over; false if there are none. This happens here and nowhere else, and
    /// in a turn of its own, because host calls on a stream's behalf may call back:
    ///
    /// - The SDK bears that only while it is not handing over an answer to a callout, and takes callouts that
    ///   follow for the stream's.
    /// - What was put off to the end of the turn is done then, in the middle of it. A callout that failed at
    ///   once would be put off again and again, so none is sent; and a request that goes on may lead to
    ///   another context of this machine, so they go on when the last body is written.
    fn proceed(&self, hubs: &[Rc<Hub>]) -> bool {
        let most = TURN.checked_div(hubs.len()).unwrap_or(0).max(1);
        let (resumed, going): (Vec<bool>, Vec<_>) = hubs.iter().map(|hub| hub.proceed(most)).unzip();
        going.iter().flatten().for_each(Stream::go_on);
        // The calls that follow are the root context's own again.
        let _ = host::set_effective_context(self.id);
        resumed.contains(&true)
    }

    /// Sends what a registry is to be asked.
    fn dispatch(&mut self, hub: &Rc<Hub>) {
        // An answer that comes at once may make another request ready.
        loop {
            let fetches = hub.cache.fetches();
            if fetches.is_empty() {
                return;
            }
            for fetch in fetches {
                let key = fetch.key.clone();
                match call(hub, &fetch) {
                    Some(token) => {
                        self.callouts.insert(token, Callout { hub: hub.clone(), what: What::Prompt(key) });
                    }
                    None => self.answer(hub, &What::Prompt(key), None),
                }
            }
        }
    }

    /// Fetches a bundle, or takes over what another worker fetched.
    fn synchronize(&mut self, hub: &Rc<Hub>, now: Duration) {
        if !hub.cache.registry().source.provider().bundle {
            return;
        }
        if hub.share.adopt(&hub.cache) {
            hub.resume(&Cache::bundle_key(), None);
        }
        if !hub.cache.wants_bundle().is_some_and(|timeout| hub.share.lease(now, timeout)) {
            return;
        }
        let Some(fetch) = hub.cache.fetch_bundle() else { return };
        match call(hub, &fetch) {
            Some(token) => {
                let what = What::Bundle(fetch.key);
                self.callouts.insert(token, Callout { hub: hub.clone(), what });
            }
            None => self.answer(hub, &What::Bundle(fetch.key), None),
        }
    }

    fn answer(&mut self, hub: &Rc<Hub>, what: &What, response: Option<&Response<'_>>) {
        match what {
            What::Prompt(key) => {
                let answered = hub.cache.answer(key, response);
                hub.answered(&answered);
                if answered.found.is_some() {
                    hub.resume(key, answered.found);
                }
            }
            What::Bundle(key) => {
                let (shared, answered) = hub.cache.answer_bundle(response);
                hub.share.publish(shared, response.map(|response| response.body));
                hub.answered(&answered);
                hub.resume(key, None);
            }
        }
    }
}

/// Another root context of this worker, that of the next configuration, asks once more.
impl Drop for Root {
    fn drop(&mut self) {
        wake::ended(self.id);
        for (_, Callout { hub, what }) in self.callouts.drain() {
            if matches!(what, What::Bundle(_)) {
                // Here and now: the hub may end with this, and other workers may wait.
                hub.share.release();
            }
            let (What::Prompt(key) | What::Bundle(key)) = what;
            hub.abandon(key);
        }
    }
}

/// Sends one request; none if the host does not take it, because it knows no such cluster or no host
/// of it.
fn call(hub: &Hub, fetch: &Fetch) -> Option<u32> {
    let registry = hub.cache.registry();
    let mut headers =
        vec![(":method", "GET"), (":authority", &*registry.authority), (":path", &*fetch.request.path)];
    headers.extend(fetch.request.headers.iter().map(|(name, value)| (*name, value.as_str())));
    host::call(&registry.cluster, headers, fetch.timeout).ok()
}

fn now() -> Duration {
    Duration::from_nanos(host::now().unwrap_or_default())
}

impl Context for Root {
    fn on_http_call_response(&mut self, token: u32, headers: usize, _: usize, _: usize) {
        let Some(Callout { hub, what }) = self.callouts.remove(&token) else { return };
        hub.cache.set_time(now());
        // Without headers there is no answer, or not all of it.
        let answer = (headers > 0).then(|| Some((host::callout_headers().ok()?, host::callout_body().ok()?)));
        match answer.flatten() {
            Some((serialized, body)) => {
                let serialized = Headers::new(&serialized);
                let name = |name| std::str::from_utf8(name).ok();
                let headers: Vec<(&str, &[u8])> =
                    serialized.iter().filter_map(|(key, value)| Some((name(key)?, value))).collect();
                let status = headers.iter().find(|(name, _)| *name == ":status");
                let status = status.and_then(|(_, value)| std::str::from_utf8(value).ok()?.parse().ok());
                let response = Response { status: status.unwrap_or(0), headers: &headers, body: &body };
                self.answer(&hub, &what, Some(&response));
            }
            None => self.answer(&hub, &what, None),
        }
        self.dispatch(&hub);
    }
}

impl RootContext for Root {
    /// Refusing leaves Envoy with the configuration that it has; the first one has to be accepted.
    fn on_configure(&mut self, _: usize) -> bool {
        let metrics = self.metrics.get_or_insert_with(|| Rc::new(Metrics::new())).clone();
        let Ok(text) = host::plugin_configuration() else {
            log::error!("configuration refused (Promptgate {VERSION}): the host does not hand it over");
            return false;
        };
        match Config::parse_with(text, &Machine) {
            Ok(config) => {
                for warning in config.warnings() {
                    log::warn!("configuration: {warning}");
                }
                let (prompts, revision) = (config.catalog.len(), config.catalog.revision());
                log::info!(
                    "configuration accepted (Promptgate {VERSION}): {prompts} prompts, revision {}",
                    revision.unwrap_or("not given")
                );
                metrics.configured(prompts, revision);
                let hub = config.registry.as_ref().map(|registry| Hub::of(registry, &metrics));
                // Requests that began under another configuration may wait for its registry still.
                if !Hub::all().is_empty() {
                    if host::set_tick_period(1).is_err() {
                        log::error!(
                            "configuration refused (Promptgate {VERSION}): the host has no timer, which a registry needs"
                        );
                        return false;
                    }
                    wake::register(self.id);
                }
                if let Some(hub) = &hub {
                    hub.cache.set_time(now());
                }
                self.plugin = Some(Rc::new(Plugin::new(config, metrics, hub)));
                true
            }
            Err(error) => {
                log::error!("configuration refused (Promptgate {VERSION}): {error}");
                metrics.refused();
                false
            }
        }
    }

    fn on_tick(&mut self) {
        if !Hub::all().is_empty() {
            wake::take_over(self.id);
        }
        self.attend();
        let hubs = Hub::all();
        hubs.iter().for_each(|hub| hub.observe(now()));
        let period = match hubs.iter().any(|hub| hub.cache.awaits_bundle()) {
            _ if wake::is_timed() => wake::SOON,
            true => BUSY,
            false if hubs.is_empty() => 0,
            false => IDLE,
        };
        let _ = host::set_tick_period(period);
    }

    /// A stream has begun to wait.
    fn on_queue_ready(&mut self, _: u32) {
        self.attend();
    }

    fn create_http_context(&self, id: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Http::new(id, self.plugin.clone())))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}
