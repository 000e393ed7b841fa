//! What a job asks for, and what is reported about it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One run against one port of loopback.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Job {
    pub(crate) port: u16,
    pub(crate) protocol: Protocol,
    /// Each has one request on its way at a time.
    pub(crate) connections: usize,
    pub(crate) method: String,
    pub(crate) path: String,
    /// Beside `host` and `content-length`.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// A file; none is no body.
    pub(crate) body: Option<PathBuf>,
    /// Requests before the measurement, on the same connections.
    #[serde(default)]
    pub(crate) warmup: usize,
    /// The run ends with this many requests, or after so many seconds, whichever is first.
    pub(crate) requests: usize,
    pub(crate) seconds: f64,
    /// From the start of a request to the start of the next one, at least; 0 is at once.
    #[serde(default)]
    pub(crate) interval_ms: u64,
    /// The process whose CPU time is measured.
    pub(crate) pid: Option<u32>,
}

/// HTTP without TLS; HTTP/2 by prior knowledge.
#[derive(Clone, Copy, Deserialize)]
pub(crate) enum Protocol {
    #[serde(rename = "http1")]
    Http1,
    #[serde(rename = "http2")]
    Http2,
}

/// What a run saw. Times are of the measurement alone, without connecting and warming up.
#[derive(Serialize)]
pub(crate) struct Report {
    /// Those that were answered with 200.
    pub(crate) requests: usize,
    /// Answers other than 200, and those that did not come, of the warm-up, too.
    pub(crate) errors: usize,
    /// The first of them.
    pub(crate) error: Option<String>,
    pub(crate) wall_seconds: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) max_us: f64,
    /// CPU time of the process that was asked about.
    pub(crate) cpu_us: Option<f64>,
}
