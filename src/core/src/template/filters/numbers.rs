//! Filters for numbers.

use super::super::args::Args;
use super::super::error::{Fault, Limit};
use super::super::eval::Evaluator;
use super::super::ir::BinaryOp;
use super::super::{MAX_COUNT, ops};
use super::{given, parse, present};
use crate::value::Value;

const TOO_LARGE: &str = "integers beyond 128 bits are not supported";

/// `abs()`
pub(super) fn abs(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    present(&value)?;
    match &value {
        Value::Float(float) => Ok(Value::Float(float.abs())),
        other => evaluator.int(other)?.checked_abs().map(Value::Int).ok_or_else(|| Fault::invalid(TOO_LARGE)),
    }
}

/// `int(default=0, base=10)`: the default for what is no number.
pub(super) fn int(_: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [default, base] = arguments.bind(["default", "base"])?;
    present(&value)?;
    let default = || Ok(default.unwrap_or(Value::Int(0)));
    let float = match &value {
        Value::Str(text) => {
            let base = base.map_or(Some(10), |base| base.as_int());
            match base.map_or(parse::Integer::Invalid, |base| parse::integer(text, base)) {
                parse::Integer::Valid(int) => return Ok(Value::Int(int)),
                parse::Integer::TooLarge => return Err(Fault::invalid(TOO_LARGE)),
                // "42.23" gives 42.
                parse::Integer::Invalid => match parse::float(text) {
                    Some(float) if float.is_finite() => float,
                    _ => return default(),
                },
            }
        }
        Value::Float(float) if float.is_nan() => return default(),
        Value::Float(float) if float.is_infinite() => {
            return Err(Fault::invalid("an infinite number is no integer"));
        }
        Value::Float(float) => *float,
        other => return other.as_int().map_or_else(default, |int| Ok(Value::Int(int))),
    };
    whole(float).map(Value::Int)
}

/// The integer part.
fn whole(float: f64) -> Result<i128, Fault> {
    if float.abs() < 2f64.powi(127) { Ok(float.trunc() as i128) } else { Err(Fault::invalid(TOO_LARGE)) }
}

/// `float(default=0.0)`: the default for what is no number.
pub(super) fn float(_: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [default] = arguments.bind(["default"])?;
    present(&value)?;
    let float = match &value {
        Value::Str(text) => parse::float(text),
        other => other.as_float(),
    };
    Ok(float.map(Value::Float).or(default).unwrap_or(Value::Float(0.0)))
}

/// `round(precision=0, method='common')`
pub(super) fn round(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [precision, method] = arguments.bind(["precision", "method"])?;
    // `round(value, None)` makes an integer of a float.
    let to_integer = matches!(precision, Some(Value::None));
    let precision = given(precision).map_or(Ok(0), |precision| evaluator.int(&precision))?;
    let precision = i32::try_from(precision)
        .ok()
        .filter(|precision| precision.unsigned_abs() as usize <= MAX_COUNT)
        .ok_or(Limit::Count)?;
    present(&value)?;
    let towards = match method.as_ref().map(|method| method.as_str()) {
        None | Some(Some("common")) => None,
        Some(Some("ceil")) => Some(f64::ceil as fn(f64) -> f64),
        Some(Some("floor")) => Some(f64::floor as fn(f64) -> f64),
        _ => return Err(Fault::arguments("the method of `round` is \"common\", \"ceil\" or \"floor\"")),
    };
    match (towards, &value) {
        (Some(_), _) if to_integer => Err(Fault::arguments("the precision of `round` is an integer")),
        (Some(towards), _) => directed(evaluator, &value, precision, towards),
        (None, Value::Float(float)) if to_integer => whole(nearest(*float, 0)?).map(Value::Int),
        (None, Value::Float(float)) => nearest(*float, precision).map(Value::Float),
        (None, other) => nearest_int(evaluator.int(other)?, precision).map(Value::Int),
    }
}

/// `ceil(value * 10**precision) / 10**precision`, as Jinja2 writes it.
fn directed(
    evaluator: &Evaluator<'_>,
    value: &Value,
    precision: i32,
    towards: fn(f64) -> f64,
) -> Result<Value, Fault> {
    let power =
        ops::arithmetic(&evaluator.budget, BinaryOp::Pow, &Value::Int(10), &Value::Int(precision.into()))?;
    let scaled = match ops::arithmetic(&evaluator.budget, BinaryOp::Mul, value, &power)? {
        Value::Float(float) if float.is_finite() => {
            let rounded = towards(float);
            whole(rounded).map_or(Value::Float(rounded), Value::Int)
        }
        Value::Int(int) => Value::Int(int),
        _ => return Err(Fault::invalid("`round` needs a finite number")),
    };
    ops::arithmetic(&evaluator.budget, BinaryOp::Div, &scaled, &power)
}

/// `round(value, precision)`: to the nearest decimal, to the even one if two are equally near.
fn nearest(value: f64, precision: i32) -> Result<f64, Fault> {
    // Formatting rounds the exact value, as Python does.
    let rounded = match usize::try_from(precision) {
        _ if !value.is_finite() || precision > 323 => return Ok(value),
        Ok(decimals) => format!("{value:.decimals$}"),
        Err(_) => {
            let exponent = format!("{value:e}");
            let exponent =
                exponent.rsplit('e').next().and_then(|digits| digits.parse::<i32>().ok()).unwrap_or(0);
            match usize::try_from(exponent + precision) {
                Ok(digits) => format!("{value:.digits$e}"),
                // Only the rounding itself can make a digit at that place.
                Err(_) if exponent + precision == -1 && value.abs() > 5.0 * 10f64.powi(exponent) => {
                    format!("{}1e{}", if value < 0.0 { "-" } else { "" }, -precision)
                }
                Err(_) => format!("{}0", if value.is_sign_negative() { "-" } else { "" }),
            }
        }
    };
    match rounded.parse::<f64>() {
        Ok(rounded) if rounded.is_finite() => Ok(rounded),
        _ => Err(Fault::invalid("the rounded number is too large")),
    }
}

fn nearest_int(value: i128, precision: i32) -> Result<i128, Fault> {
    if precision >= 0 {
        return Ok(value);
    }
    // A power beyond 128 bits is more than twice any value.
    let Some(unit) = 10i128.checked_pow(precision.unsigned_abs()) else { return Ok(0) };
    let (quotient, rest) = (value.div_euclid(unit), value.rem_euclid(unit));
    let up = match rest.cmp(&(unit - rest)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => quotient % 2 != 0,
        std::cmp::Ordering::Greater => true,
    };
    (quotient + i128::from(up)).checked_mul(unit).ok_or_else(|| Fault::invalid(TOO_LARGE))
}
