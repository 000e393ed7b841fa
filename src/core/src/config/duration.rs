//! Durations: `2s`, `1h30m`, `500ms`.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::error::ConfigError;
use super::read::{Path, expected};

/// What a number is followed by, in milliseconds; from long to short.
const UNITS: &[(&str, u64)] = &[("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Reads a duration within bounds, both inclusive.
pub(super) fn read(
    value: Value,
    path: &Path,
    least: Duration,
    most: Duration,
) -> Result<Duration, ConfigError> {
    let Value::String(text) = value else {
        return Err(expected("a duration such as \"2s\"", &value, path));
    };
    match parse(&text) {
        Some(duration) if (least..=most).contains(&duration) => Ok(duration),
        Some(_) => Err(path.error(format_args!("expected a duration from {} to {}", Shown(least), Shown(most)))),
        None => Err(path.error(
            "expected a duration such as \"2s\" or \"1h30m\": whole numbers with d, h, m, s or ms, the longest first",
        )),
    }
}

/// A duration beyond 64 bits is as good as the longest one: both are out of bounds.
fn parse(text: &str) -> Option<Duration> {
    let mut milliseconds: u64 = 0;
    let mut units = UNITS;
    let mut rest = text;
    while !rest.is_empty() {
        let (digits, tail) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let (unit, tail) = tail.split_at(tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len()));
        let at = units.iter().position(|(known, _)| *known == unit)?;
        let (_, factor) = units.get(at)?;
        if digits.is_empty() {
            return None;
        }
        let number = digits.parse::<u64>().unwrap_or(u64::MAX);
        milliseconds = milliseconds.saturating_add(number.saturating_mul(*factor));
        // Each unit once, so that "1m1m" is not two minutes.
        units = units.get(at + 1..)?;
        rest = tail;
    }
    (!text.is_empty()).then(|| Duration::from_millis(milliseconds))
}

/// As it would be written, in its longest unit that fits.
struct Shown(Duration);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        let fits =
            |(_, factor): &&(&str, u64)| milliseconds >= *factor && milliseconds.is_multiple_of(*factor);
        match UNITS.iter().find(fits) {
            Some((unit, factor)) => write!(f, "{}{unit}", milliseconds / factor),
            None => f.write_str("0s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, expected) in [
            ("2s", Some(2_000)),
            ("0s", Some(0)),
            ("1h30m", Some(5_400_000)),
            ("1d2h3m4s5ms", Some(93_784_005)),
            ("500ms", Some(500)),
            ("5m5ms", Some(300_005)),
            ("90m", Some(5_400_000)),
            ("99999999999999999999d", Some(u64::MAX)),
            ("", None),
            ("5", None),
            ("s", None),
            ("1.5s", None),
            ("-1s", None),
            ("1 s", None),
            ("1S", None),
            ("1min", None),
            ("1s1s", None),
            ("1s1m", None),
            ("1ms1s", None),
            ("1h30", None),
            ("١s", None),
        ] {
            assert_eq!(parse(text), expected.map(Duration::from_millis), "{text}");
        }
    }

    #[test]
    fn shown_as_written() {
        for text in ["1ms", "60s", "1500ms", "24h", "30d"] {
            let shown = Shown(parse(text).unwrap()).to_string();
            assert_eq!(parse(&shown), parse(text), "{text}");
        }
        assert_eq!(Shown(Duration::ZERO).to_string(), "0s");
        assert_eq!(Shown(Duration::from_secs(86_400)).to_string(), "1d");
    }
}
