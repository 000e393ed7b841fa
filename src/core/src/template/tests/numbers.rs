//! Tests that divide.

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::super::format::percent;
use super::super::ir::{BinaryOp, CompareOp};
use super::super::ops;
use super::present;
use crate::value::Value;

/// `even()`
pub(super) fn even(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    arguments.none()?;
    rest_is(evaluator, value, &Value::Int(2), 0)
}

/// `odd()`
pub(super) fn odd(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    arguments.none()?;
    rest_is(evaluator, value, &Value::Int(2), 1)
}

/// `divisibleby(num)`
pub(super) fn divisibleby(
    evaluator: &mut Evaluator<'_>,
    value: &Value,
    arguments: Args,
) -> Result<bool, Fault> {
    let number = arguments.one("num")?;
    rest_is(evaluator, value, &number, 0)
}

fn rest_is(evaluator: &mut Evaluator<'_>, value: &Value, by: &Value, expected: i128) -> Result<bool, Fault> {
    present(value)?;
    present(by)?;
    let rest = match value {
        // Python's `%` formats a string; the result is no number, unless formatting fails.
        Value::Str(_) => percent(evaluator, value, by)?,
        _ => ops::arithmetic(&evaluator.budget, BinaryOp::Rem, value, by)?,
    };
    evaluator.compare(CompareOp::Eq, &rest, &Value::Int(expected))
}
