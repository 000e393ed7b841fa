//! Jobs: so many connections send the same request until one of the two limits is reached.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::StatusCode;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, stdin, stdout};
use tokio::task::LocalSet;

use crate::Error;
use crate::client::Client;
use crate::cpu;
use crate::job::{Job, Report};
use crate::latency::percentile;

/// Reads jobs until there are no more. A job that cannot be run ends the program: its numbers would be
/// missing from a table.
pub(crate) async fn jobs() -> Result<(), Error> {
    let mut lines = BufReader::new(stdin()).lines();
    let mut out = stdout();
    while let Some(line) = lines.next_line().await? {
        let job: Job = serde_json::from_str(&line)?;
        let report = LocalSet::new().run_until(run(job)).await?;
        let mut line = serde_json::to_vec(&report)?;
        line.push(b'\n');
        out.write_all(&line).await?;
        out.flush().await?;
    }
    Ok(())
}

/// What the connections of a job share.
#[derive(Default)]
struct Shared {
    begun: Cell<usize>,
    latencies: RefCell<Vec<u64>>,
    errors: Cell<usize>,
    error: RefCell<Option<String>>,
}

impl Shared {
    fn failed(&self, what: String) {
        self.errors.set(self.errors.get() + 1);
        self.error.borrow_mut().get_or_insert(what);
    }
}

async fn run(job: Job) -> Result<Report, Error> {
    let body = match &job.body {
        Some(path) => Bytes::from(std::fs::read(path)?),
        None => Bytes::new(),
    };
    let mut clients = Vec::new();
    for _ in 0..job.connections {
        clients.push(Client::connect(&job, &body).await?);
    }
    let each = job.warmup.div_ceil(job.connections.max(1));
    let (clients, warm) = stage(clients, each * job.connections, Instant::now() + WARM_UP, 0).await?;

    let cpu_before = job.pid.map(cpu::nanoseconds).transpose()?;
    let begun = Instant::now();
    let limit = begun + Duration::from_secs_f64(job.seconds);
    let (_, shared) = stage(clients, job.requests, limit, job.interval_ms).await?;
    let wall = begun.elapsed();
    let cpu_after = job.pid.map(cpu::nanoseconds).transpose()?;

    let mut latencies = shared.latencies.take();
    latencies.sort_unstable();
    Ok(Report {
        requests: latencies.len(),
        errors: warm.errors.get() + shared.errors.get(),
        error: warm.error.take().or(shared.error.take()),
        wall_seconds: wall.as_secs_f64(),
        p50_us: percentile(&latencies, 0.5),
        p99_us: percentile(&latencies, 0.99),
        max_us: percentile(&latencies, 1.0),
        cpu_us: cpu_before
            .zip(cpu_after)
            .map(|(before, after)| after.saturating_sub(before) as f64 / 1_000.0),
    })
}

/// No warm-up takes longer.
const WARM_UP: Duration = Duration::from_secs(60);

/// How long requests that are under way when the time is over may take. LiteLLM needs 15 seconds for 16 of 1 MB.
const GRACE: Duration = Duration::from_secs(120);

/// Sends `requests` requests on all connections together, or fewer where the time is over.
async fn stage(
    clients: Vec<Client>,
    requests: usize,
    limit: Instant,
    interval_ms: u64,
) -> Result<(Vec<Client>, Rc<Shared>), Error> {
    let shared = Rc::new(Shared::default());
    let tasks: Vec<_> = clients
        .into_iter()
        .map(|client| {
            tokio::task::spawn_local(connection(client, shared.clone(), requests, limit, interval_ms))
        })
        .collect();
    let end = tokio::time::Instant::from_std(limit + GRACE);
    let mut clients = Vec::new();
    for task in tasks {
        let client = tokio::time::timeout_at(end, task).await;
        clients.push(client.map_err(|_| "a request is not answered")??);
    }
    Ok((clients, shared))
}

async fn connection(
    mut client: Client,
    shared: Rc<Shared>,
    requests: usize,
    limit: Instant,
    interval_ms: u64,
) -> Client {
    let mut pace = (interval_ms > 0).then(|| tokio::time::interval(Duration::from_millis(interval_ms)));
    while shared.begun.get() < requests && Instant::now() < limit {
        shared.begun.set(shared.begun.get() + 1);
        if let Some(pace) = &mut pace {
            pace.tick().await;
        }
        let begun = Instant::now();
        match client.send().await {
            Ok(StatusCode::OK) => {
                let nanoseconds = u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
                shared.latencies.borrow_mut().push(nanoseconds);
            }
            Ok(status) => shared.failed(status.to_string()),
            Err(error) => {
                // The connection is of no use any more.
                shared.failed(error.to_string());
                break;
            }
        }
    }
    client
}
