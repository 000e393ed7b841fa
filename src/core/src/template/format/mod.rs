//! Formatting as Python's `%` operator and `str.format` do.

mod fields;
mod number;
mod percent;
mod spec;

pub(crate) use fields::{format_map, str_format};
pub(crate) use percent::percent;

use super::MAX_COUNT;
use super::error::{Fault, Limit};
use super::eval::Evaluator;
use crate::value::Value;

/// `repr(value)`
fn repr(evaluator: &Evaluator<'_>, value: &Value) -> Result<String, Fault> {
    evaluator.defined(value)?;
    evaluator.budget.memory(value.weight())?;
    Ok(value.repr())
}

/// `ascii(value)`: `repr` with everything beyond ASCII escaped.
fn ascii(evaluator: &Evaluator<'_>, value: &Value) -> Result<String, Fault> {
    let repr = repr(evaluator, value)?;
    evaluator.budget.memory(repr.len().saturating_mul(3))?;
    let mut out = String::with_capacity(repr.len());
    for c in repr.chars() {
        match u32::from(c) {
            0..=0x7f => out.push(c),
            code @ 0x80..=0xff => out.push_str(&format!("\\x{code:02x}")),
            code @ 0x100..=0xffff => out.push_str(&format!("\\u{code:04x}")),
            code => out.push_str(&format!("\\U{code:08x}")),
        }
    }
    Ok(out)
}

/// The first `precision` characters, if there is a precision.
fn cut(text: &str, precision: Option<usize>) -> &str {
    let end = precision.and_then(|precision| text.char_indices().nth(precision));
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// Reads a width or precision; none if there are no digits.
fn number(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Option<usize>, Fault> {
    let mut number = None;
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
        chars.next();
        let next = number.unwrap_or(0usize).saturating_mul(10).saturating_add(digit as usize);
        if next > MAX_COUNT {
            return Err(Limit::Count.into());
        }
        number = Some(next);
    }
    Ok(number)
}
