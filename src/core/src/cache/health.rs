//! Whether a registry answers.

use std::time::Duration;

use crate::registry::FetchError;

/// The longest silence that a registry may ask for.
const MAX_SILENCE: Duration = Duration::from_secs(60 * 60);

/// The silence of a registry that has been asked too often and does not say for how long.
const SILENCE: Duration = Duration::from_secs(1);

/// A change that is worth a line in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It fails from now on, or in another way than before.
    Failing(FetchError),
    /// It answers again.
    Answering,
}

/// Whether a registry answers.
#[derive(Default)]
pub(super) struct Health {
    failing: Option<FetchError>,
    silent_until: Duration,
}

impl Health {
    /// Takes note of how a fetch ended.
    pub(super) fn record(&mut self, error: Option<&FetchError>, now: Duration) -> Option<Change> {
        if let Some(FetchError::RateLimited { retry_after }) = error {
            let silence = retry_after.map_or(SILENCE, Duration::from_secs);
            self.silent_until = now.saturating_add(silence.min(MAX_SILENCE));
        }
        let same = match (&self.failing, error) {
            (None, None) => true,
            (Some(before), Some(error)) => before.outcome() == error.outcome(),
            _ => false,
        };
        self.failing = error.cloned();
        match (same, error) {
            (true, _) => None,
            (false, Some(error)) => Some(Change::Failing(error.clone())),
            (false, None) => Some(Change::Answering),
        }
    }

    /// Why nothing may be asked now.
    pub(super) fn silence(&self, now: Duration) -> Option<FetchError> {
        let seconds = self.silent_until.checked_sub(now).filter(|left| !left.is_zero())?.as_secs();
        Some(FetchError::RateLimited { retry_after: Some(seconds) })
    }
}
