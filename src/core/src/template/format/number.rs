//! The digits of numbers in every notation that Python's formatting knows.

use crate::value::{float_repr, format_exponent, format_fixed, format_general};

/// The digits of an integer without its sign.
pub(super) fn digits(value: u128, kind: char) -> String {
    match kind {
        'b' => format!("{value:b}"),
        'o' => format!("{value:o}"),
        'x' => format!("{value:x}"),
        'X' => format!("{value:X}"),
        _ => value.to_string(),
    }
}

/// What tells the base of an integer: `0x` and its like.
pub(super) fn prefix(kind: char) -> &'static str {
    match kind {
        'b' => "0b",
        'o' => "0o",
        'x' => "0x",
        'X' => "0X",
        _ => "",
    }
}

/// A float without its sign, in the notation of one of `eEfFgG`. `alternate` (`#`) keeps the point and, for
/// `g`, trailing zeros.
pub(super) fn float(value: f64, kind: char, precision: usize, alternate: bool) -> String {
    let value = value.abs();
    let text = match kind.to_ascii_lowercase() {
        'e' => format_exponent(value, precision),
        'f' => format_fixed(value, precision),
        _ => format_general(value, precision, alternate),
    };
    let text = if alternate && value.is_finite() { with_point(text) } else { text };
    if kind.is_ascii_uppercase() { text.to_ascii_uppercase() } else { text }
}

/// A float without its sign and without a kind: like `repr`, or like `g` but always with a point.
pub(super) fn plain(value: f64, precision: Option<usize>, alternate: bool) -> String {
    let value = value.abs();
    let Some(precision) = precision.filter(|_| value.is_finite()) else {
        let repr = float_repr(value);
        return if alternate && value.is_finite() { with_point(repr) } else { repr };
    };
    let precision = precision.max(1);
    let general = format_general(value, precision, alternate);
    if general.contains('e') {
        return if alternate { with_point(general) } else { general };
    }
    let whole = general.split('.').next().map_or(0, str::len);
    if whole >= precision && (value >= 1.0 || value == 0.0) {
        // There would be no place for a digit behind the point.
        let scientific = format_exponent(value, precision - 1);
        return if alternate { with_point(scientific) } else { without_zeros(&scientific) };
    }
    if general.contains('.') { general } else { general + ".0" }
}

/// The text with a point behind its whole part.
fn with_point(text: String) -> String {
    if text.contains('.') {
        return text;
    }
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{mantissa}.e{exponent}"),
        None => text + ".",
    }
}

/// The text without the zeros that end its mantissa.
fn without_zeros(scientific: &str) -> String {
    match scientific.split_once('e') {
        Some((mantissa, exponent)) if mantissa.contains('.') => {
            format!("{}e{exponent}", mantissa.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => scientific.to_owned(),
    }
}
