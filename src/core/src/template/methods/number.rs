//! Methods and attributes of integers, booleans and floats.

use crate::template::args::Args;
use crate::template::error::Fault;
use crate::value::Value;

/// `receiver.name(arguments)`
pub(super) fn call(receiver: &Value, name: &str, arguments: Args) -> Result<Option<Value>, Fault> {
    let result = match receiver {
        Value::Float(value) => match name {
            "is_integer" => Value::Bool(value.fract() == 0.0),
            "conjugate" => Value::Float(*value),
            "as_integer_ratio" => ratio(*value)?,
            "hex" => Value::from(hex(*value)),
            _ => return Ok(None),
        },
        other => {
            let Some(value) = other.as_int() else { return Ok(None) };
            match name {
                "bit_length" => Value::Int(i128::from(u128::BITS - value.unsigned_abs().leading_zeros())),
                "bit_count" => Value::Int(i128::from(value.unsigned_abs().count_ones())),
                "conjugate" => Value::Int(value),
                "is_integer" => Value::Bool(true),
                "as_integer_ratio" => Value::tuple(vec![Value::Int(value), Value::Int(1)])?,
                _ => return Ok(None),
            }
        }
    };
    arguments.none()?;
    Ok(Some(result))
}

/// `receiver.name`
pub(super) fn attribute(receiver: &Value, name: &str) -> Option<Value> {
    match receiver {
        Value::Float(value) => match name {
            "real" => Some(Value::Float(*value)),
            "imag" => Some(Value::Float(0.0)),
            _ => None,
        },
        other => match name {
            "real" | "numerator" => other.as_int().map(Value::Int),
            "imag" => Some(Value::Int(0)),
            "denominator" => Some(Value::Int(1)),
            _ => None,
        },
    }
}

/// Mantissa and exponent of a finite float: its absolute value is `mantissa * 2 ** exponent`.
fn parts(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    // Eleven bits.
    let exponent = i32::try_from((bits >> 52) & 0x7ff).unwrap_or(0);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

/// `float.as_integer_ratio()`
fn ratio(value: f64) -> Result<Value, Fault> {
    if !value.is_finite() {
        return Err(Fault::invalid("infinity and NaN are no ratio of integers"));
    }
    let (mut mantissa, mut exponent) = parts(value);
    while exponent < 0 && mantissa % 2 == 0 && mantissa != 0 {
        mantissa /= 2;
        exponent += 1;
    }
    let power = |exponent: i32| u32::try_from(exponent).ok().and_then(|exponent| 2i128.checked_pow(exponent));
    let (numerator, denominator) = match (mantissa, exponent) {
        (0, _) => (Some(0), Some(1)),
        (mantissa, 0..) => {
            (power(exponent).and_then(|power| power.checked_mul(i128::from(mantissa))), Some(1))
        }
        (mantissa, _) => (Some(i128::from(mantissa)), power(-exponent)),
    };
    let (Some(numerator), Some(denominator)) = (numerator, denominator) else {
        return Err(Fault::invalid("integers beyond 128 bits are not supported"));
    };
    let numerator = if value < 0.0 { -numerator } else { numerator };
    Ok(Value::tuple(vec![Value::Int(numerator), Value::Int(denominator)])?)
}

/// `float.hex()`
fn hex(value: f64) -> String {
    if !value.is_finite() {
        return crate::value::float_repr(value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let (mantissa, exponent) = parts(value);
    if mantissa == 0 {
        return format!("{sign}0x0.0p+0");
    }
    let (whole, fraction) = (mantissa >> 52, mantissa & ((1 << 52) - 1));
    format!("{sign}0x{whole}.{fraction:013x}p{:+}", exponent + 52)
}
