//! Percentiles.

/// Microseconds below which this part of the latencies lies; they are nanoseconds in ascending order.
pub(crate) fn percentile(sorted: &[u64], part: f64) -> f64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the length")]
    let rank = ((sorted.len() as f64 * part).ceil() as usize).max(1) - 1;
    sorted.get(rank).or(sorted.last()).map_or(0.0, |nanoseconds| *nanoseconds as f64 / 1_000.0)
}
