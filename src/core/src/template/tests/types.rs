//! Tests of what a value is.

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::super::globals::Builtin;
use super::super::objects::{Joiner, LoopValue, MacroValue};
use super::super::{filters, unicode};
use crate::value::{Key, Value};

macro_rules! type_tests {
    ($($(#[doc = $doc:literal])+ $name:ident: $pattern:pat),+ $(,)?) => {
        $(
            $(#[doc = $doc])+
            pub(super) fn $name(_: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
                arguments.none()?;
                Ok(matches!(value, $pattern))
            }
        )+
    };
}

type_tests! {
    /// `boolean()`
    boolean: Value::Bool(_),
    /// `true()`: `True` itself.
    r#true: Value::Bool(true),
    /// `false()`: `False` itself.
    r#false: Value::Bool(false),
    /// `none()`
    none: Value::None,
    /// `integer()`: booleans are none here.
    integer: Value::Int(_),
    /// `float()`
    float: Value::Float(_),
    /// `number()`: booleans are numbers here.
    number: Value::Int(_) | Value::Float(_) | Value::Bool(_),
    /// `string()`
    string: Value::Str(_),
    /// `mapping()`
    mapping: Value::Dict(_),
    /// `undefined()`
    undefined: Value::Undefined(_),
}

/// `sequence()`: whatever has a length and items; mappings do, and so does what counts as empty.
pub(super) fn sequence(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    arguments.none()?;
    Ok(match value {
        Value::Str(_) | Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Range(_) => true,
        Value::Undefined(_) => evaluator.defined(value).is_ok(),
        _ => false,
    })
}

/// `defined()`
pub(super) fn defined(_: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    arguments.none()?;
    Ok(!value.is_undefined())
}

/// `iterable()`
pub(super) fn iterable(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    evaluator.defined(value)?;
    sequence(evaluator, value, arguments)
}

/// `callable()`
pub(super) fn callable(_: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    arguments.none()?;
    Ok(value.downcast::<MacroValue>().is_some()
        || value.downcast::<Builtin>().is_some()
        || value.downcast::<Joiner>().is_some()
        || value.downcast::<LoopValue>().is_some())
}

/// `escaped()`: no text is marked as escaped, because nothing is escaped by itself.
pub(super) fn escaped(_: &mut Evaluator<'_>, _: &Value, arguments: Args) -> Result<bool, Fault> {
    arguments.none()?;
    Ok(false)
}

/// `lower()`
pub(super) fn lower(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    arguments.none()?;
    evaluator.walk(value)?;
    Ok(unicode::is_lower(&evaluator.text(value)?))
}

/// `upper()`
pub(super) fn upper(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    arguments.none()?;
    evaluator.walk(value)?;
    Ok(unicode::is_upper(&evaluator.text(value)?))
}

/// `filter()`: whether a filter of that name exists.
pub(super) fn filter(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    arguments.none()?;
    Ok(name(evaluator, value)?.is_some_and(|name| filters::lookup(name).is_some()))
}

/// `test()`: whether a test of that name exists.
pub(super) fn test(evaluator: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    arguments.none()?;
    Ok(name(evaluator, value)?.is_some_and(|name| super::lookup(name).is_some()))
}

fn name<'v>(evaluator: &Evaluator<'_>, value: &'v Value) -> Result<Option<&'v str>, Fault> {
    evaluator.defined(value)?;
    match value {
        Value::Str(name) => Ok(Some(name)),
        Value::Undefined(_) => Ok(None),
        // Python looks names up in a dictionary, where a list can't be a key.
        other => Ok(Key::new(other.clone()).map(|_| None)?),
    }
}
