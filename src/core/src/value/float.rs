//! Floating-point numbers as Python writes them.

/// `repr(value)`: the shortest digits that read back the same; an exponent below 1e-4 and from 1e16.
pub fn repr(value: f64) -> String {
    if let Some(text) = special(value) {
        return text.to_owned();
    }
    let scientific = shortest(value);
    let (mantissa, exponent) = split_exponent(&scientific);
    if (-4..16).contains(&exponent) {
        positional(mantissa, exponent)
    } else {
        with_exponent(mantissa, exponent)
    }
}

/// The shortest digits that read back the same, as d.ddde-N. Of two equally near ones Python takes
/// the even one, Rust's `{:e}` the higher; formatting to a number of digits rounds to even.
fn shortest(value: f64) -> String {
    let scientific = format!("{value:e}");
    let digits = usize::try_from(fraction(split_exponent(&scientific).0)).unwrap_or(0);
    let even = format!("{value:.digits$e}");
    if even.parse() == Ok(value) { even } else { scientific }
}

/// Moves the point of a mantissa: `1.25` and 1 are `12.5`.
fn positional(mantissa: &str, exponent: i64) -> String {
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", zeros(-exponent - 1));
    }
    let whole = usize::try_from(exponent + 1).unwrap_or(0);
    match digits.split_at_checked(whole) {
        Some((whole, rest)) if !rest.is_empty() => format!("{sign}{whole}.{rest}"),
        _ => format!("{sign}{digits}{}.0", zeros(exponent - fraction(mantissa))),
    }
}

/// How many digits a mantissa has behind its point.
fn fraction(mantissa: &str) -> i64 {
    mantissa.split_once('.').map_or(0, |(_, digits)| i64::try_from(digits.len()).unwrap_or(0))
}

/// `'%.{precision}f' % value`.
pub fn format_fixed(value: f64, precision: usize) -> String {
    special(value).map_or_else(|| format!("{value:.precision$}"), str::to_owned)
}

/// `'%.{precision}e' % value`.
pub fn format_exponent(value: f64, precision: usize) -> String {
    if let Some(text) = special(value) {
        return text.to_owned();
    }
    let scientific = format!("{value:.precision$e}");
    let (mantissa, exponent) = split_exponent(&scientific);
    with_exponent(mantissa, exponent)
}

/// `'%.{precision}g' % value`; `alternate` (`#`) keeps trailing zeros.
pub fn format_general(value: f64, precision: usize, alternate: bool) -> String {
    if let Some(text) = special(value) {
        return text.to_owned();
    }
    let precision = precision.max(1);
    let scientific = format!("{value:.*e}", precision - 1);
    let (mantissa, exponent) = split_exponent(&scientific);
    let bound = i64::try_from(precision).unwrap_or(i64::MAX);
    if exponent < -4 || exponent >= bound {
        let mantissa = if alternate { mantissa } else { strip_zeros(mantissa) };
        with_exponent(mantissa, exponent)
    } else {
        let decimals = usize::try_from(bound - 1 - exponent).unwrap_or(0);
        let fixed = format!("{value:.decimals$}");
        if alternate { fixed } else { strip_zeros(&fixed).to_owned() }
    }
}

fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("nan")
    } else if value == f64::INFINITY {
        Some("inf")
    } else if value == f64::NEG_INFINITY {
        Some("-inf")
    } else {
        None
    }
}

fn split_exponent(scientific: &str) -> (&str, i64) {
    match scientific.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, exponent.parse().unwrap_or(0)),
        None => (scientific, 0),
    }
}

fn with_exponent(mantissa: &str, exponent: i64) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

fn strip_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reprs_are_pythons() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.5e300, "1.5e+300"),
            (-347_471_442_846_037.0 / 16.0, "-21716965177877.312"),
            (123456.0, "123456.0"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(repr(value), expected);
        }
    }

    #[test]
    fn general_format_is_pythons() {
        assert_eq!(format_general(100000.0, 6, false), "100000");
        assert_eq!(format_general(1000000.0, 6, false), "1e+06");
        assert_eq!(format_general(0.0001234, 3, false), "0.000123");
        assert_eq!(format_general(2.5, 6, true), "2.50000");
    }
}
