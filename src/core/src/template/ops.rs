//! Operators, as Python defines them.

use std::cmp::Ordering;

use super::budget::Budget;
use super::error::Fault;
use super::ir::{BinaryOp, CompareOp};
use crate::value::{Dict, List, Range, Value};

/// `left op right` for everything but `~` and formatting with `%`.
pub(crate) fn arithmetic(budget: &Budget, op: BinaryOp, left: &Value, right: &Value) -> Result<Value, Fault> {
    if let (Some(left), Some(right)) = (left.as_int(), right.as_int()) {
        return integers(op, left, right);
    }
    if let (Some(left), Some(right)) = (left.as_float(), right.as_float()) {
        return floats(op, left, right);
    }
    match (op, left, right) {
        (BinaryOp::Add, Value::Str(left), Value::Str(right)) => {
            budget.memory(left.len().saturating_add(right.len()))?;
            Ok(Value::from([&**left, &**right].concat()))
        }
        (BinaryOp::Add, Value::List(left), Value::List(right)) => {
            budget.slots(left.len().saturating_add(right.len()))?;
            Ok(Value::list([left.items(), right.items()].concat())?)
        }
        (BinaryOp::Add, Value::Tuple(left), Value::Tuple(right)) => {
            budget.slots(left.len().saturating_add(right.len()))?;
            Ok(Value::tuple([left.items(), right.items()].concat())?)
        }
        (BinaryOp::Mul, sequence, count) | (BinaryOp::Mul, count, sequence)
            if count.as_int().is_some() && !matches!(sequence, Value::Int(_) | Value::Bool(_)) =>
        {
            repeat(budget, sequence, count.as_int().unwrap_or(0))
        }
        _ => Err(Fault::invalid("this operator is not defined for these types")),
    }
}

fn repeat(budget: &Budget, sequence: &Value, count: i128) -> Result<Value, Fault> {
    let count = usize::try_from(count.max(0)).unwrap_or(usize::MAX);
    match sequence {
        Value::Str(text) => {
            budget.memory(text.len().saturating_mul(count))?;
            Ok(Value::from(if text.is_empty() { String::new() } else { text.repeat(count) }))
        }
        Value::List(list) => Ok(Value::list(repeated(budget, list, count)?)?),
        Value::Tuple(list) => Ok(Value::tuple(repeated(budget, list, count)?)?),
        _ => Err(Fault::invalid("this operator is not defined for these types")),
    }
}

fn repeated(budget: &Budget, list: &List, count: usize) -> Result<Vec<Value>, Fault> {
    budget.slots(list.len().saturating_mul(count))?;
    let len = list.len().saturating_mul(count);
    Ok(list.items().iter().cycle().take(len).cloned().collect())
}

/// What is said of an integer that other languages could hold.
pub(super) const TOO_LARGE: &str = "integers beyond 128 bits are not supported";

fn integers(op: BinaryOp, left: i128, right: i128) -> Result<Value, Fault> {
    let result = match op {
        BinaryOp::Add => left.checked_add(right),
        BinaryOp::Sub => left.checked_sub(right),
        BinaryOp::Mul => left.checked_mul(right),
        BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Rem if right == 0 => {
            return Err(Fault::invalid("division by zero"));
        }
        BinaryOp::Div => return Ok(Value::Float(quotient(left, right))),
        BinaryOp::FloorDiv => left.checked_div(right).map(|quotient| {
            if left % right != 0 && (left < 0) != (right < 0) { quotient - 1 } else { quotient }
        }),
        BinaryOp::Rem => left
            .checked_rem(right)
            .map(|rest| if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest }),
        BinaryOp::Pow if right < 0 => return floats(op, left as f64, right as f64),
        BinaryOp::Pow => match (left, u32::try_from(right)) {
            (0 | 1, _) if right > 0 => Some(left),
            (-1, _) => Some(if right % 2 == 0 { 1 } else { -1 }),
            (_, Ok(exponent)) => left.checked_pow(exponent),
            (_, Err(_)) => None,
        },
        BinaryOp::Concat => None,
    };
    result.map(Value::Int).ok_or_else(|| Fault::invalid(TOO_LARGE))
}

/// `left / right`, rounded once: large integers are not made floats before they are divided.
fn quotient(left: i128, right: i128) -> f64 {
    const EXACT: u128 = 1 << 53;
    let (dividend, divisor) = (left.unsigned_abs(), right.unsigned_abs());
    if dividend == 0 || (dividend <= EXACT && divisor <= EXACT) {
        return left as f64 / right as f64;
    }
    let (mut quotient, mut rest) = (dividend / divisor, dividend % divisor);
    // Two bits more than a float holds, and whether there is anything behind them.
    let mut exponent = 0;
    while quotient < EXACT << 2 {
        rest <<= 1;
        quotient <<= 1;
        if rest >= divisor {
            rest -= divisor;
            quotient |= 1;
        }
        exponent -= 1;
    }
    if rest != 0 {
        quotient |= 1;
    }
    let absolute = quotient as f64 * 2f64.powi(exponent);
    if (left < 0) == (right < 0) { absolute } else { -absolute }
}

fn floats(op: BinaryOp, left: f64, right: f64) -> Result<Value, Fault> {
    let result = match op {
        BinaryOp::Add => left + right,
        BinaryOp::Sub => left - right,
        BinaryOp::Mul => left * right,
        BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Rem if right == 0.0 => {
            return Err(Fault::invalid("division by zero"));
        }
        BinaryOp::Div => left / right,
        BinaryOp::FloorDiv => divide(left, right).0,
        BinaryOp::Rem => divide(left, right).1,
        BinaryOp::Pow if left == 0.0 && right < 0.0 => return Err(Fault::invalid("division by zero")),
        BinaryOp::Pow => {
            let power = left.powf(right);
            if power.is_nan() && !left.is_nan() && !right.is_nan() {
                return Err(Fault::invalid("complex numbers are not supported"));
            }
            if power.is_infinite() && left.is_finite() && right.is_finite() {
                return Err(Fault::invalid("the result is too large for a number"));
            }
            power
        }
        BinaryOp::Concat => return Err(Fault::invalid("this operator is not defined for these types")),
    };
    Ok(Value::Float(result))
}

/// Floored quotient and rest, computed as CPython's `float_divmod` does.
fn divide(left: f64, right: f64) -> (f64, f64) {
    let mut rest = left % right;
    let mut quotient = (left - rest) / right;
    if rest != 0.0 {
        if (right < 0.0) != (rest < 0.0) {
            rest += right;
            quotient -= 1.0;
        }
    } else {
        rest = 0f64.copysign(right);
    }
    if quotient != 0.0 {
        let floor = quotient.floor();
        (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
    } else {
        (0f64.copysign(left / right), rest)
    }
}

/// `-value`
pub(crate) fn negate(value: &Value) -> Result<Value, Fault> {
    match value {
        Value::Float(float) => Ok(Value::Float(-float)),
        other => match other.as_int() {
            Some(int) => int.checked_neg().map(Value::Int).ok_or_else(|| Fault::invalid(TOO_LARGE)),
            None => Err(Fault::invalid("only numbers can be negated")),
        },
    }
}

/// `left op right` for comparisons.
pub(crate) fn compare(budget: &Budget, op: CompareOp, left: &Value, right: &Value) -> Result<bool, Fault> {
    Ok(match op {
        CompareOp::Eq => equal(budget, left, right)?,
        CompareOp::Ne => !equal(budget, left, right)?,
        CompareOp::Lt => order(budget, left, right)? == Some(Ordering::Less),
        CompareOp::Le => matches!(order(budget, left, right)?, Some(Ordering::Less | Ordering::Equal)),
        CompareOp::Gt => order(budget, left, right)? == Some(Ordering::Greater),
        CompareOp::Ge => matches!(order(budget, left, right)?, Some(Ordering::Greater | Ordering::Equal)),
        CompareOp::In => contains(budget, right, left)?,
        CompareOp::NotIn => !contains(budget, right, left)?,
    })
}

/// `left == right`. Values of different types differ, but numbers compare by what they are worth.
pub(crate) fn equal(budget: &Budget, left: &Value, right: &Value) -> Result<bool, Fault> {
    Ok(match (left, right) {
        (Value::Undefined(_), Value::Undefined(_)) | (Value::None, Value::None) => true,
        (Value::Str(left), Value::Str(right)) => {
            if left.len() == right.len() {
                budget.memory(left.len())?;
            }
            left == right
        }
        (Value::List(left), Value::List(right)) | (Value::Tuple(left), Value::Tuple(right)) => {
            left.len() == right.len() && all_equal(budget, left, right)?
        }
        (Value::Dict(left), Value::Dict(right)) => {
            left.len() == right.len() && same_entries(budget, left, right)?
        }
        (Value::Range(left), Value::Range(right)) => same_range(left, right),
        (Value::Object(left), Value::Object(right)) => std::rc::Rc::ptr_eq(left, right),
        _ => number_order(left, right) == Some(Some(Ordering::Equal)),
    })
}

fn all_equal(budget: &Budget, left: &List, right: &List) -> Result<bool, Fault> {
    budget.slots(left.len())?;
    for (left, right) in left.items().iter().zip(right.items()) {
        if !equal(budget, left, right)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_entries(budget: &Budget, left: &Dict, right: &Dict) -> Result<bool, Fault> {
    budget.slots(left.len().saturating_mul(2))?;
    for (key, value) in left.iter() {
        match right.get_value(key) {
            Some(other) if equal(budget, value, other)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn same_range(left: &Range, right: &Range) -> bool {
    left.len == right.len
        && (left.len == 0 || left.start == right.start && (left.len == 1 || left.step == right.step))
}

/// How two values are ordered: an error where Python has no order, none beside NaN.
pub(crate) fn order(budget: &Budget, left: &Value, right: &Value) -> Result<Option<Ordering>, Fault> {
    if let Some(order) = number_order(left, right) {
        return Ok(order);
    }
    match (left, right) {
        (Value::Str(left), Value::Str(right)) => {
            budget.memory(left.len().min(right.len()))?;
            Ok(Some(left.cmp(right)))
        }
        (Value::List(left), Value::List(right)) | (Value::Tuple(left), Value::Tuple(right)) => {
            budget.slots(left.len().min(right.len()))?;
            for (left, right) in left.items().iter().zip(right.items()) {
                if !equal(budget, left, right)? {
                    return order(budget, left, right);
                }
            }
            Ok(Some(left.len().cmp(&right.len())))
        }
        _ => Err(Fault::invalid("these types have no order")),
    }
}

/// The order of two numbers (none beside NaN); none if they are not both numbers.
fn number_order(left: &Value, right: &Value) -> Option<Option<Ordering>> {
    Some(match (left, right) {
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
        (Value::Float(left), right) => int_order(right.as_int()?, *left).map(Ordering::reverse),
        (left, Value::Float(right)) => int_order(left.as_int()?, *right),
        _ => Some(left.as_int()?.cmp(&right.as_int()?)),
    })
}

/// An exact comparison: a float may lie between two integers that look the same as floats.
fn int_order(int: i128, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float >= 2f64.powi(127) {
        return Some(Ordering::Less);
    }
    if float < -(2f64.powi(127)) {
        return Some(Ordering::Greater);
    }
    let floor = float.floor();
    match int.cmp(&(floor as i128)) {
        Ordering::Equal if float > floor => Some(Ordering::Less),
        order => Some(order),
    }
}

/// `needle in haystack`
pub(crate) fn contains(budget: &Budget, haystack: &Value, needle: &Value) -> Result<bool, Fault> {
    match haystack {
        Value::Str(text) => match needle {
            Value::Str(part) => {
                budget.memory(text.len())?;
                Ok(text.contains(&**part))
            }
            _ => Err(Fault::invalid("only a string can be `in` a string")),
        },
        Value::List(list) | Value::Tuple(list) => {
            budget.slots(list.len())?;
            for item in list.items() {
                if equal(budget, item, needle)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Value::Dict(dict) => match needle {
            Value::List(_) | Value::Dict(_) => Err(Fault::invalid("lists and mappings can't be keys")),
            _ => {
                hashes(budget, needle)?;
                Ok(dict.get_value(needle).is_some())
            }
        },
        Value::Range(range) => Ok(in_range(range, needle)),
        Value::Undefined(_) => Ok(false),
        _ => Err(Fault::invalid("`in` needs a string, list or mapping")),
    }
}

fn in_range(range: &Range, needle: &Value) -> bool {
    let number = match needle {
        Value::Float(float) if float.fract() == 0.0 && float.abs() < 1e18 => *float as i128,
        other => match other.as_int() {
            Some(int) => int,
            None => return false,
        },
    };
    let (distance, step) = (number - i128::from(range.start), i128::from(range.step));
    distance % step == 0 && (0..range.len as i128).contains(&(distance / step))
}

/// Pays for looking a key up: hashing and comparing walk it.
pub(crate) fn hashes(budget: &Budget, key: &Value) -> Result<(), Fault> {
    match key {
        Value::Str(text) => budget.memory(text.len()),
        _ => Ok(()),
    }
}

/// `value[key]`; none if there is nothing.
pub(crate) fn item(budget: &Budget, value: &Value, key: &Value) -> Result<Option<Value>, Fault> {
    match value {
        Value::Dict(dict) => {
            hashes(budget, key)?;
            Ok(dict.get_value(key).cloned())
        }
        Value::Tuple(tuple) if key.as_str().is_some() => {
            Ok(key.as_str().and_then(|name| tuple.attribute(name)).cloned())
        }
        Value::List(list) | Value::Tuple(list) => {
            Ok(position(key, list.len()).and_then(|index| list.items().get(index).cloned()))
        }
        Value::Range(range) => {
            Ok(position(key, range.len).and_then(|index| range.get(index)).map(Value::from))
        }
        Value::Str(text) => {
            budget.memory(text.len())?;
            let found = position(key, text.chars().count()).and_then(|index| text.chars().nth(index));
            Ok(found.map(|c| Value::from(c.encode_utf8(&mut [0; 4]) as &str)))
        }
        _ => Ok(None),
    }
}

/// An index into a sequence; negative ones count from the end.
fn position(key: &Value, len: usize) -> Option<usize> {
    let index = key.as_int()?;
    let index = if index < 0 { index.checked_add(len as i128)? } else { index };
    usize::try_from(index).ok().filter(|index| *index < len)
}

/// `value[start:stop:step]`
pub(crate) fn slice(
    budget: &Budget,
    value: &Value,
    start: Option<&Value>,
    stop: Option<&Value>,
    step: Option<&Value>,
) -> Result<Value, Fault> {
    let bound = |value: Option<&Value>| match value {
        None | Some(Value::None) => Ok(None),
        Some(value) => {
            value.as_int().map(Some).ok_or_else(|| Fault::invalid("the bounds of a slice are integers"))
        }
    };
    let (start, stop, step) = (bound(start)?, bound(stop)?, bound(step)?.unwrap_or(1));
    if step == 0 {
        return Err(Fault::invalid("the step of a slice can't be zero"));
    }
    match value {
        Value::Str(text) => {
            budget.memory(text.len().saturating_mul(5))?;
            let chars: Vec<char> = text.chars().collect();
            let picked = indices(chars.len(), start, stop, step).filter_map(|index| chars.get(index));
            Ok(Value::from(picked.collect::<String>()))
        }
        Value::List(list) => Ok(Value::list(pick(budget, list, start, stop, step)?)?),
        Value::Tuple(list) => Ok(Value::tuple(pick(budget, list, start, stop, step)?)?),
        Value::Range(range) => Ok(Value::Range(part_of(range, start, stop, step))),
        Value::Undefined(_) => Ok(Value::list(Vec::new())?),
        _ => Err(Fault::invalid("only strings and lists can be sliced")),
    }
}

fn pick(
    budget: &Budget,
    list: &List,
    start: Option<i128>,
    stop: Option<i128>,
    step: i128,
) -> Result<Vec<Value>, Fault> {
    budget.slots(list.len())?;
    Ok(indices(list.len(), start, stop, step).filter_map(|index| list.items().get(index).cloned()).collect())
}

/// A slice of a range is a range.
fn part_of(range: &Range, start: Option<i128>, stop: Option<i128>, step: i128) -> Range {
    let (first, end) = bounds(range.len, start, stop, step);
    let number = |index: i128| {
        i64::try_from(index.saturating_mul(i128::from(range.step)).saturating_add(i128::from(range.start)))
            .unwrap_or(i64::MAX)
    };
    // A step that leaves the range picks one number at most.
    let step_between = i64::try_from(step.saturating_mul(i128::from(range.step))).unwrap_or(i64::MAX);
    let len = indices(range.len, start, stop, step).count();
    Range { start: number(first), stop: number(end), step: step_between, len }
}

/// First and last index of a slice: Python's `slice.indices`.
fn bounds(len: usize, start: Option<i128>, stop: Option<i128>, step: i128) -> (i128, i128) {
    let len = len as i128;
    let (lower, upper) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clamp = |index: i128| if index < 0 { index.saturating_add(len).max(lower) } else { index.min(upper) };
    let start = start.map_or(if step > 0 { lower } else { upper }, clamp);
    let stop = stop.map_or(if step > 0 { upper } else { lower }, clamp);
    (start, stop)
}

/// The indices of a slice, walked.
fn indices(len: usize, start: Option<i128>, stop: Option<i128>, step: i128) -> impl Iterator<Item = usize> {
    let (mut next, stop) = bounds(len, start, stop, step);
    std::iter::from_fn(move || {
        let inside = if step > 0 { next < stop } else { next > stop };
        let index = usize::try_from(next).ok().filter(|_| inside)?;
        next = next.saturating_add(step);
        Some(index)
    })
}
