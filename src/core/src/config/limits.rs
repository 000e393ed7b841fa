//! The bounds on a request and on rendering it.

use serde_json::Value;

use super::error::ConfigError;
use super::read::{Fields, Path, expected, integer};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// What a number may be followed by.
const UNITS: &[(&str, u64)] = &[
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("KiB", KIB),
    ("MiB", MIB),
    ("GiB", GIB),
    // Last, because the others end in it.
    ("B", 1),
];

/// A 32-bit module addresses 4 GiB, and the old body, the new one and the host's copy exist at the
/// same time.
const MAX_BYTES: u64 = GIB;
/// Some ten seconds of one worker.
const MAX_FUEL: u64 = 100_000_000;

/// The bounds on a request and on rendering it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    /// Bytes of rendered message text.
    pub rendered: usize,
    /// Bytes of the values that a render creates.
    pub memory: usize,
    /// Engine instructions of a render.
    pub fuel: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { body: 10 << 20, rendered: 4 << 20, memory: 8 << 20, fuel: 250_000 }
    }
}

/// Reads `limits`.
pub(super) fn read(value: Value, path: &Path) -> Result<Limits, ConfigError> {
    let mut fields = Fields::new(value, path, &["body", "rendered", "memory", "fuel"])?;
    let default = Limits::default();
    Ok(Limits {
        body: fields.read("body", size)?.unwrap_or(default.body),
        rendered: fields.read("rendered", size)?.unwrap_or(default.rendered),
        memory: fields.read("memory", size)?.unwrap_or(default.memory),
        fuel: fields.read("fuel", fuel)?.unwrap_or(default.fuel),
    })
}

/// Reads a number of bytes: `1024`, `"64KiB"`, `"10MB"`.
pub(super) fn size(value: Value, path: &Path) -> Result<usize, ConfigError> {
    let bytes = match &value {
        Value::Number(_) => integer(&value),
        Value::String(text) => with_unit(text),
        _ => return Err(expected("a size such as 10MiB", &value, path)),
    };
    let Some(bytes) = bytes else {
        return Err(path.error(
            "expected a size such as 10MiB: a whole number, alone or with B, kB, MB, GB, KiB, MiB or GiB",
        ));
    };
    match usize::try_from(bytes) {
        Ok(size) if (1..=MAX_BYTES).contains(&bytes) => Ok(size),
        _ => Err(path.error("expected a size from 1B to 1GiB")),
    }
}

/// A size beyond 64 bits is as good as the largest one: both are out of bounds.
fn with_unit(text: &str) -> Option<u64> {
    let (digits, unit) =
        UNITS.iter().find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?, *bytes))).unwrap_or((text, 1));
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse::<u64>().unwrap_or(u64::MAX).saturating_mul(unit))
}

fn fuel(value: Value, path: &Path) -> Result<u64, ConfigError> {
    if !value.is_number() {
        return Err(expected("a number of instructions", &value, path));
    }
    match integer(&value) {
        Some(fuel) if (1..=MAX_FUEL).contains(&fuel) => Ok(fuel),
        _ => Err(path.error(format_args!("expected a whole number from 1 to {MAX_FUEL}"))),
    }
}
