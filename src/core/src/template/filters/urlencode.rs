//! Percent-encoding.

use std::fmt::Write as _;

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::items;
use crate::value::Value;

/// `urlencode()`: a text as part of a path, a mapping or pairs as a query.
pub(super) fn urlencode(
    evaluator: &mut Evaluator<'_>,
    value: Value,
    arguments: Args,
) -> Result<Value, Fault> {
    arguments.none()?;
    let mut out = String::new();
    match &value {
        Value::Dict(dict) => {
            for (key, value) in dict.iter() {
                pair(evaluator, &mut out, key, value)?;
            }
        }
        Value::List(_) | Value::Tuple(_) | Value::Range(_) | Value::Undefined(_) => {
            for item in items(evaluator, &value)?.iter() {
                let parts = evaluator.items(&item)?;
                match (parts.len(), parts.get(0), parts.get(1)) {
                    (2, Some(key), Some(value)) => pair(evaluator, &mut out, &key, &value)?,
                    _ => return Err(Fault::invalid("`urlencode` needs a text, a mapping or pairs")),
                }
            }
        }
        other => quote(evaluator, &mut out, &evaluator.text(other)?, false)?,
    }
    Ok(Value::from(out))
}

fn pair(evaluator: &Evaluator<'_>, out: &mut String, key: &Value, value: &Value) -> Result<(), Fault> {
    evaluator.budget.memory(2)?;
    if !out.is_empty() {
        out.push('&');
    }
    quote(evaluator, out, &evaluator.text(key)?, true)?;
    out.push('=');
    quote(evaluator, out, &evaluator.text(value)?, true)
}

fn quote(evaluator: &Evaluator<'_>, out: &mut String, text: &str, in_query: bool) -> Result<(), Fault> {
    evaluator.budget.memory(text.len().saturating_mul(3))?;
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => out.push(char::from(byte)),
            b'/' if !in_query => out.push('/'),
            b' ' if in_query => out.push('+'),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    Ok(())
}
