//! Tests that compare with another value.

use std::rc::Rc;

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::super::ir::CompareOp;
use crate::value::Value;

/// `eq(other)`
pub(super) fn eq(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    evaluator.compare(CompareOp::Eq, value, &arguments.one("other")?)
}

/// `ne(other)`
pub(super) fn ne(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    evaluator.compare(CompareOp::Ne, value, &arguments.one("other")?)
}

/// `lt(other)`
pub(super) fn lt(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    evaluator.compare(CompareOp::Lt, value, &arguments.one("other")?)
}

/// `le(other)`
pub(super) fn le(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    evaluator.compare(CompareOp::Le, value, &arguments.one("other")?)
}

/// `gt(other)`
pub(super) fn gt(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    evaluator.compare(CompareOp::Gt, value, &arguments.one("other")?)
}

/// `ge(other)`
pub(super) fn ge(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    evaluator.compare(CompareOp::Ge, value, &arguments.one("other")?)
}

/// `in(seq)`
pub(super) fn r#in(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    evaluator.compare(CompareOp::In, value, &arguments.one("seq")?)
}

/// `sameas(other)`: the same object. Numbers and strings have no identity of their own here and are the
/// same if they are equal and of one type.
pub(super) fn sameas(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    let other = arguments.one("other")?;
    Ok(match (value, &other) {
        (Value::Undefined(_), Value::Undefined(_)) | (Value::None, Value::None) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::Float(left), Value::Float(right)) => left.to_bits() == right.to_bits(),
        (Value::Str(_), Value::Str(_)) => evaluator.compare(CompareOp::Eq, value, &other)?,
        (Value::List(left), Value::List(right)) | (Value::Tuple(left), Value::Tuple(right)) => {
            Rc::ptr_eq(left, right)
        }
        (Value::Dict(left), Value::Dict(right)) => Rc::ptr_eq(left, right),
        (Value::Range(left), Value::Range(right)) => left == right,
        (Value::Object(left), Value::Object(right)) => Rc::ptr_eq(left, right),
        _ => false,
    })
}
