//! Which Promptgate this is, for those who run it.

/// The version as the log shows it: `1.2.3`.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The version as a number, because a gauge holds nothing else: 1.2.3 is 1002003. What follows a `-`
/// or `+` does not count.
pub(crate) fn number() -> u64 {
    let parts =
        [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH")];
    parts.iter().fold(0, |number, part| number * 1_000 + part.parse::<u64>().unwrap_or(0))
}
