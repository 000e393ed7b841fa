//! Reading numbers as Python's `int()` and `float()` do.

use super::unicode;

/// What `int(text, base)` makes of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Integer {
    Valid(i128),
    /// A number, but beyond 128 bits.
    TooLarge,
    Invalid,
}

/// `int(text, base)`
pub(super) fn integer(text: &str, base: i128) -> Integer {
    let text = ascii(text);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (base, digits) = match (base, prefix(digits)) {
        (0, Some((base, rest))) => (base, rest),
        // Without a prefix, a leading zero would look like C's octal numbers.
        (0, None) if digits.starts_with('0') && digits.contains(|c| !matches!(c, '0' | '_')) => {
            return Integer::Invalid;
        }
        (0, None) => (10, digits),
        (2 | 8 | 16, Some((prefixed, rest))) if base == i128::from(prefixed) => (prefixed, rest),
        (2..=36, _) => (u32::try_from(base).unwrap_or(10), digits),
        _ => return Integer::Invalid,
    };
    let Some(digits) = without_underscores(digits, char::is_ascii_alphanumeric) else {
        return Integer::Invalid;
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        return Integer::Invalid;
    }
    let signed = if negative { format!("-{digits}") } else { digits };
    i128::from_str_radix(&signed, base).map_or(Integer::TooLarge, Integer::Valid)
}

/// `0x`, `0o` or `0b`, its base and what follows; an underscore may stand between.
fn prefix(digits: &str) -> Option<(u32, &str)> {
    let mut chars = digits.strip_prefix('0')?.chars();
    let base = match chars.next()? {
        'x' | 'X' => 16,
        'o' | 'O' => 8,
        'b' | 'B' => 2,
        _ => return None,
    };
    let rest = chars.as_str();
    Some((base, rest.strip_prefix('_').unwrap_or(rest)))
}

/// `float(text)`
pub(super) fn float(text: &str) -> Option<f64> {
    // Beyond that, Rust and Python accept the same.
    without_underscores(&ascii(text), char::is_ascii_digit)?.parse().ok()
}

/// Without white space at the ends, and with the digits of all scripts in ASCII.
fn ascii(text: &str) -> String {
    let text = text.trim_matches(unicode::is_space);
    text.chars()
        .map(|c| unicode::decimal(c).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c))
        .collect()
}

/// The text less its underscores, each of which has to stand between two digits.
fn without_underscores(text: &str, is_digit: fn(&char) -> bool) -> Option<String> {
    let mut kept = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut behind_digit = false;
    while let Some(c) = chars.next() {
        if c != '_' {
            kept.push(c);
        } else if !behind_digit || !chars.peek().is_some_and(is_digit) {
            return None;
        }
        behind_digit = is_digit(&c);
    }
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_as_python_reads_them() {
        for (text, base, expected) in [
            (" -1_000\n", 10, Integer::Valid(-1000)),
            ("0_0", 0, Integer::Valid(0)),
            ("012", 0, Integer::Invalid),
            ("012", 10, Integer::Valid(12)),
            ("0x_1F", 16, Integer::Valid(31)),
            ("0b1", 16, Integer::Valid(0xb1)),
            ("0x", 16, Integer::Invalid),
            ("1__0", 10, Integer::Invalid),
            ("_1", 10, Integer::Invalid),
            ("1_", 10, Integer::Invalid),
            ("- 1", 10, Integer::Invalid),
            ("--1", 10, Integer::Invalid),
            ("1", 1, Integer::Invalid),
            ("1", 37, Integer::Invalid),
            ("-170141183460469231731687303715884105728", 10, Integer::Valid(i128::MIN)),
            ("170141183460469231731687303715884105728", 10, Integer::TooLarge),
            ("", 10, Integer::Invalid),
        ] {
            assert_eq!(integer(text, base), expected, "{text:?} in base {base}");
        }
    }

    #[test]
    fn floats_are_read_as_python_reads_them() {
        for (text, expected) in [
            ("\u{a0}1_0.5e1_0\t", Some(10.5e10)),
            ("1_.5", None),
            ("1e_5", None),
            ("+.5", Some(0.5)),
            (".", None),
            ("0x10", None),
            ("-iNf", Some(f64::NEG_INFINITY)),
            ("in_f", None),
            ("1e1_0", Some(1e10)),
        ] {
            assert_eq!(float(text), expected, "{text:?}");
        }
    }
}
