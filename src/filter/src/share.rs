//! One worker fetches a bundle, and all have it: through the data that Envoy lets workers share.
//!
//! Under one key stands a short note: who may fetch until when, and what the last fetch came to.
//! Under another the body of the answer, which each worker reads when the note counts a new one.

use std::cell::Cell;
use std::time::Duration;

use promptgate_core::cache::{Cache, Shared};
use promptgate_core::catalog::digest;
use promptgate_core::config::Registry;
use serde_json::{Value, json};

use crate::host;

/// What a worker may take beyond the registry's time before another one takes over.
const GRACE: Duration = Duration::from_secs(1);

/// The workers' common bundle.
pub(crate) struct Share {
    note: String,
    body: String,
    /// How many notes, and how many bodies, this worker has seen.
    seen: Cell<(u64, u64)>,
}

/// The note.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Note {
    /// How many fetches have ended.
    count: u64,
    /// How many of them brought a bundle.
    bodies: u64,
    /// Somebody fetches until then, in milliseconds of the host's clock.
    lease: u64,
    shared: Shared,
}

impl Note {
    fn parse(text: &[u8]) -> Option<Note> {
        let note: Value = serde_json::from_slice(text).ok()?;
        let number = |name: &str| note.get(name).and_then(Value::as_u64);
        Some(Note {
            count: number("count")?,
            bodies: number("bodies")?,
            lease: number("lease")?,
            shared: Shared {
                checked: Duration::from_millis(number("checked")?),
                next: Duration::from_millis(number("next")?),
                etag: note.get("etag").and_then(Value::as_str).map(str::to_owned),
                failed: note.get("failed").and_then(Value::as_bool)?,
                unreachable: note.get("unreachable").and_then(Value::as_bool)?,
                changed: false,
            },
        })
    }

    fn write(&self) -> Vec<u8> {
        let Shared { checked, next, etag, failed, unreachable, .. } = &self.shared;
        let note = json!({
            "count": self.count, "bodies": self.bodies, "lease": self.lease,
            "checked": millis(*checked), "next": millis(*next), "etag": etag, "failed": failed, "unreachable": unreachable,
        });
        note.to_string().into_bytes()
    }
}

impl Share {
    /// The bundle of a registry. Those share it that ask the same server for the same file with the same
    /// credentials, which may decide what is in it.
    pub(crate) fn new(registry: &Registry) -> Share {
        let request = registry.source.bundle_request(None, None);
        let (path, headers) = request.map(|request| (request.path, request.headers)).unwrap_or_default();
        let identity = json!([&*registry.cluster, &*registry.authority, path, headers]);
        let name = format!("promptgate bundle {}", digest(&identity));
        Share { note: format!("{name} note"), body: format!("{name} body"), seen: Cell::new((0, 0)) }
    }

    fn read(&self) -> (Option<Note>, u32) {
        let (note, version) = host::shared_data(&self.note).unwrap_or_default();
        (Note::parse(&note), version)
    }

    /// Takes over what another worker fetched. Returns whether there was anything.
    pub(crate) fn adopt(&self, cache: &Cache) -> bool {
        let (Some(note), _) = self.read() else { return false };
        let (count, bodies) = self.seen.get();
        if note.count == count {
            return false;
        }
        let body = match note.bodies == bodies {
            true => None,
            false => host::shared_data(&self.body).ok().map(|(body, _)| body),
        };
        // What one worker has read another can read.
        if let Err(error) = cache.adopt(note.shared, body.as_deref()) {
            log::error!("registry: the bundle of another worker: {error}");
        }
        self.seen.set((note.count, note.bodies));
        true
    }

    /// Whether this worker may fetch: no other one does. The answer may take so long.
    pub(crate) fn lease(&self, now: Duration, timeout: Duration) -> bool {
        let (Some(mut note), version) = self.read() else {
            // Only a note that is there can be changed by one worker and not by two.
            let shared = Shared {
                checked: Duration::ZERO,
                next: Duration::ZERO,
                etag: None,
                failed: false,
                unreachable: false,
                changed: false,
            };
            let _ =
                host::set_shared_data(&self.note, &Note { count: 0, bodies: 0, lease: 0, shared }.write(), 0);
            return false;
        };
        if note.lease > millis(now) {
            return false;
        }
        note.lease = millis(now.saturating_add(timeout).saturating_add(GRACE));
        host::set_shared_data(&self.note, &note.write(), version).is_ok()
    }

    /// Lets another one fetch, because this worker's answer will not come.
    pub(crate) fn release(&self) {
        if let (Some(mut note), version) = self.read() {
            note.lease = 0;
            let _ = host::set_shared_data(&self.note, &note.write(), version);
        }
    }

    /// Tells the others what a fetch came to, and that the next one is free to fetch.
    pub(crate) fn publish(&self, shared: Shared, body: Option<&[u8]>) {
        let (count, bodies) = self.read().0.map_or(self.seen.get(), |note| (note.count, note.bodies));
        let body = body.filter(|_| shared.changed);
        let body = body.filter(|body| {
            let shares = host::set_shared_data(&self.body, body, 0).is_ok();
            if !shares {
                log::error!("registry: the host does not share the bundle between workers");
            }
            shares
        });
        let note = Note { count: count + 1, bodies: bodies + u64::from(body.is_some()), lease: 0, shared };
        let _ = host::set_shared_data(&self.note, &note.write(), 0);
        self.seen.set((note.count, note.bodies));
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
