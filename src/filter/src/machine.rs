//! What a configuration learns of the virtual machine that reads it.

use promptgate_core::config::Host;

use crate::host;

/// Where all machines of the process, one for each worker, keep the fingerprints of bundles that were
/// verified: eight bytes each, the last one first.
const VERIFIED: &str = "promptgate verified";

/// How many are kept. There are about as many as there are plugins.
const MAX_VERIFIED: usize = 64;

/// This machine. Envoy has its main thread read a configuration before any worker does, so that
/// workers, whose requests wait meanwhile, find it verified.
pub(crate) struct Machine;

impl Host for Machine {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn has_verified(&self, fingerprint: u64) -> bool {
        let (verified, _) = host::shared_data(VERIFIED).unwrap_or_default();
        verified.chunks_exact(8).any(|known| known == fingerprint.to_le_bytes())
    }

    /// What another machine adds meanwhile may get lost; it is verified once more then.
    fn verified(&self, fingerprint: u64) {
        let (verified, version) = host::shared_data(VERIFIED).unwrap_or_default();
        let others = verified.chunks_exact(8).filter(|known| *known != fingerprint.to_le_bytes());
        let mut kept = fingerprint.to_le_bytes().to_vec();
        kept.extend(others.take(MAX_VERIFIED - 1).flatten());
        let _ = host::set_shared_data(VERIFIED, &kept, version);
    }
}
