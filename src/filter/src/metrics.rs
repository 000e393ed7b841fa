//! What operators can count. Names begin with `promptgate_`; Envoy puts `wasmcustom.` before them.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::fmt::Write as _;

use promptgate_core::exchange;

use crate::host::{self, MetricKind};

/// How many prompts have a counter of their own; the rest share one. A counter lives as long as
/// the VM, and every one of them is a line for whoever scrapes.
const MAX_PROMPTS: usize = 200;

/// The metrics of one VM. Each is defined when it is first used, but for the outcomes: those are
/// there from the beginning, so that a rate has a zero to start from.
pub(crate) struct Metrics {
    outcomes: HashMap<&'static str, u32>,
    prompts: RefCell<HashMap<Box<str>, Option<u32>>>,
    other: OnceCell<Option<u32>>,
    render: OnceCell<Option<u32>>,
}

impl Metrics {
    pub(crate) fn new() -> Metrics {
        let define = |outcome| Some((outcome, counter(&format!("promptgate_requests.{outcome}"))?));
        Metrics {
            outcomes: exchange::outcomes().filter_map(define).collect(),
            prompts: RefCell::default(),
            other: OnceCell::new(),
            render: OnceCell::new(),
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
        let metric = self.render.get_or_init(|| {
            host::define_metric(MetricKind::Histogram, "promptgate_render_microseconds").ok()
        });
        if let Some(id) = metric {
            let _ = host::record_metric(*id, nanoseconds / 1_000);
        }
    }

    /// Records the configuration that is served.
    pub(crate) fn configured(&self, prompts: usize, revision: Option<&str>) {
        increment(counter("promptgate_configurations.accepted"));
        gauge("promptgate_prompts", prompts as u64);
        // A gauge is a number: the digest's first twelve digits, which a float holds exactly.
        let digits = revision.and_then(|revision| revision.strip_prefix("sha256:")?.get(..12));
        let number = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
        gauge("promptgate_bundle_revision", number.unwrap_or(0));
    }

    /// Counts a configuration that was refused.
    pub(crate) fn refused(&self) {
        increment(counter("promptgate_configurations.refused"));
    }
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

fn counter(name: &str) -> Option<u32> {
    host::define_metric(MetricKind::Counter, name).ok()
}

fn increment(metric: Option<u32>) {
    if let Some(id) = metric {
        let _ = host::increment_metric(id, 1);
    }
}

fn gauge(name: &str, value: u64) {
    if let Ok(id) = host::define_metric(MetricKind::Gauge, name) {
        let _ = host::record_metric(id, value);
    }
}
