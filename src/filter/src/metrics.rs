//! What operators can count. Names begin with `promptgate_`; Envoy puts `wasmcustom.` before them.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::fmt::Write as _;

use promptgate_core::cache::Size;
use promptgate_core::exchange;

use crate::host::{self, MetricKind};
use crate::version;

/// How many prompts have a counter of their own; the rest share one. A counter lives as long as
/// the VM, and every one of them is a line for whoever scrapes.
const MAX_PROMPTS: usize = 200;

thread_local! {
    /// The ids of all metrics by their names. The host gives a name that it knows a new id each time it is
    /// defined, and keeps them all.
    static IDS: RefCell<HashMap<Box<str>, Option<u32>>> = RefCell::default();
}

/// The metrics of one configuration. Each is defined when it is first used, but for the outcomes: those are
/// there from the beginning, so that a rate has a zero to start from.
pub(crate) struct Metrics {
    outcomes: HashMap<&'static str, u32>,
    prompts: RefCell<HashMap<Box<str>, Option<u32>>>,
    other: OnceCell<Option<u32>>,
    render: OnceCell<Option<u32>>,
    lookups: RefCell<HashMap<&'static str, Option<u32>>>,
    fetches: RefCell<HashMap<&'static str, Option<u32>>>,
    cache: Cell<Option<Size>>,
    fetched_revision: Cell<u64>,
}

impl Metrics {
    pub(crate) fn new() -> Metrics {
        let outcome = |outcome| Some((outcome, counter(&format!("promptgate_requests.{outcome}"))?));
        Metrics {
            outcomes: exchange::outcomes().filter_map(outcome).collect(),
            prompts: RefCell::default(),
            other: OnceCell::new(),
            render: OnceCell::new(),
            lookups: RefCell::default(),
            fetches: RefCell::default(),
            cache: Cell::default(),
            fetched_revision: Cell::default(),
        }
    }

    /// Counts a request by how it ended.
    pub(crate) fn outcome(&self, outcome: &str) {
        increment(self.outcomes.get(outcome).copied());
    }

    /// Counts a request for a prompt of the catalogue.
    pub(crate) fn prompt(&self, id: &str) {
        let mut prompts = self.prompts.borrow_mut();
        let metric = match prompts.get(id) {
            Some(metric) => *metric,
            None if prompts.len() < MAX_PROMPTS => {
                let metric = counter(&format!("promptgate_prompt_requests.{}", escape(id)));
                prompts.insert(id.into(), metric);
                metric
            }
            None => *self.other.get_or_init(|| counter("promptgate_other_prompt_requests")),
        };
        increment(metric);
    }

    /// Records how long resolving, rendering and rewriting took.
    pub(crate) fn rendered(&self, nanoseconds: u64) {
        let metric =
            self.render.get_or_init(|| define(MetricKind::Histogram, "promptgate_render_microseconds"));
        if let Some(id) = metric {
            let _ = host::record_metric(*id, nanoseconds / 1_000);
        }
    }

    /// Counts a request whose prompt was looked for in what is kept of a registry: `hits`,
    /// `stale_hits` or `misses`.
    pub(crate) fn looked_up(&self, outcome: &'static str) {
        count(&self.lookups, "promptgate_registry", outcome);
    }

    /// Counts a fetch by how it ended.
    pub(crate) fn fetched(&self, outcome: &'static str) {
        count(&self.fetches, "promptgate_registry_fetches", outcome);
    }

    /// Records what is kept of a registry.
    pub(crate) fn cache(&self, size: Size) {
        if self.cache.replace(Some(size)) == Some(size) {
            return;
        }
        gauge("promptgate_registry_cache_entries", size.entries as u64);
        gauge("promptgate_registry_cache_bytes", size.bytes as u64);
        gauge("promptgate_registry_in_flight", size.in_flight as u64);
        gauge("promptgate_registry_oldest_seconds", size.oldest_served.as_secs());
    }

    /// Records the configuration that is served.
    pub(crate) fn configured(&self, prompts: usize, revision: Option<&str>) {
        increment(counter("promptgate_configurations.accepted"));
        gauge("promptgate_prompts", prompts as u64);
        gauge("promptgate_bundle_revision", number(revision));
        // Only here: a filter whose configuration is refused does not serve.
        gauge("promptgate_version", version::number());
    }

    /// Records the revision of the bundle that was fetched from a registry.
    pub(crate) fn fetched_bundle(&self, revision: Option<&str>) {
        let number = number(revision);
        if self.fetched_revision.replace(number) != number {
            gauge("promptgate_registry_bundle_revision", number);
        }
    }

    /// Counts a configuration that was refused.
    pub(crate) fn refused(&self) {
        increment(counter("promptgate_configurations.refused"));
    }
}

/// A revision as a gauge can show it, which is a number: the digest's first twelve digits, which a
/// float holds exactly.
fn number(revision: Option<&str>) -> u64 {
    let digits = revision.and_then(|revision| revision.strip_prefix("sha256:")?.get(..12));
    digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0)
}

/// Prometheus knows letters, digits and `_` in names, and Envoy makes `_` of all others. So that two
/// prompts never share a name, `_` becomes `__` and other characters `_` and their code: `a/b` is `a_2fb`.
fn escape(id: &str) -> String {
    let mut escaped = String::with_capacity(id.len() + 8);
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => escaped.push(char::from(byte)),
            b'_' => escaped.push_str("__"),
            other => {
                let _ = write!(escaped, "_{other:02x}");
            }
        }
    }
    escaped
}

/// Adds one to a counter of a family, which is defined when it is first used.
fn count(family: &RefCell<HashMap<&'static str, Option<u32>>>, name: &str, member: &'static str) {
    let define = || counter(&format!("{name}.{member}"));
    increment(*family.borrow_mut().entry(member).or_insert_with(define));
}

fn define(kind: MetricKind, name: &str) -> Option<u32> {
    IDS.with_borrow_mut(|ids| match ids.get(name) {
        Some(id) => *id,
        None => {
            let id = host::define_metric(kind, name).ok();
            ids.insert(name.into(), id);
            id
        }
    })
}

fn counter(name: &str) -> Option<u32> {
    define(MetricKind::Counter, name)
}

fn increment(metric: Option<u32>) {
    if let Some(id) = metric {
        let _ = host::increment_metric(id, 1);
    }
}

fn gauge(name: &str, value: u64) {
    if let Some(id) = define(MetricKind::Gauge, name) {
        let _ = host::record_metric(id, value);
    }
}
