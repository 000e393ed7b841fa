use std::cmp::Ordering;

/// A bound, compared with values exactly: neither side is rounded to the other's type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Int(i128),
    Float(f64),
}

/// Beyond this a float is larger than every 128-bit integer: 2 to the power of 127.
const INT_END: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;

impl Number {
    /// Whether it is an integer to JSON Schema, for which `3.0` is one.
    pub(super) fn is_whole(self) -> bool {
        match self {
            Number::Int(_) => true,
            Number::Float(float) => float.is_finite() && float.fract() == 0.0,
        }
    }

    pub(super) fn from_json(number: &serde_json::Number) -> Option<Number> {
        number
            .as_i64()
            .map(i128::from)
            .or_else(|| number.as_u64().map(i128::from))
            .map(Number::Int)
            .or_else(|| number.as_f64().map(Number::Float))
    }

    pub(super) fn compare(self, other: Number) -> Option<Ordering> {
        match (self, other) {
            (Number::Int(left), Number::Int(right)) => Some(left.cmp(&right)),
            (Number::Float(left), Number::Float(right)) => left.partial_cmp(&right),
            (Number::Int(left), Number::Float(right)) => int_to_float(left, right),
            (Number::Float(left), Number::Int(right)) => int_to_float(right, left).map(Ordering::reverse),
        }
    }
}

fn int_to_float(int: i128, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        None
    } else if float >= INT_END {
        Some(Ordering::Less)
    } else if float < -INT_END {
        Some(Ordering::Greater)
    } else {
        let whole = float.trunc();
        Some(
            int.cmp(&(whole as i128))
                .then_with(|| 0.0f64.partial_cmp(&(float - whole)).unwrap_or(Ordering::Equal)),
        )
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Number::Int(int) => int.fmt(f),
            Number::Float(float) => float.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_exactly() {
        use Number::{Float, Int};
        for (left, right, expected) in [
            (Int(3), Float(3.0), Some(Ordering::Equal)),
            (Int(3), Float(3.5), Some(Ordering::Less)),
            (Int(-3), Float(-3.5), Some(Ordering::Greater)),
            (Int(0), Float(-0.5), Some(Ordering::Greater)),
            (Int(9_007_199_254_740_993), Float(9_007_199_254_740_992.0), Some(Ordering::Greater)),
            (Int(i128::MAX), Float(INT_END), Some(Ordering::Less)),
            (Int(i128::MIN), Float(-INT_END), Some(Ordering::Equal)),
            (Int(i128::MAX), Float(f64::INFINITY), Some(Ordering::Less)),
            (Int(i128::MIN), Float(f64::NEG_INFINITY), Some(Ordering::Greater)),
            (Int(1), Float(f64::NAN), None),
        ] {
            assert_eq!(left.compare(right), expected, "{left} {right}");
            assert_eq!(right.compare(left), expected.map(Ordering::reverse), "{right} {left}");
        }
    }
}
