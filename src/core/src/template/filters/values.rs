//! Filters for values of any type.

use super::super::args::{Args, required};
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::super::{methods, objects};
use super::{absent, present, truth};
use crate::value::Value;

/// `default(default_value='', boolean=False)`
pub(super) fn default(_: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [default, boolean] = arguments.bind(["default_value", "boolean"])?;
    let falsy = truth(boolean, false) && !value.is_true();
    if value.is_undefined() || falsy { Ok(default.unwrap_or_else(|| Value::from(""))) } else { Ok(value) }
}

/// `string()`, and `safe()`: nothing is escaped, so nothing has to be marked.
pub(super) fn string(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    if let Value::Str(_) = value {
        return Ok(value);
    }
    let text = evaluator.text(&value)?.into_owned();
    evaluator.string(text)
}

/// `attr(name)`: an attribute, but no key of a mapping.
pub(super) fn attr(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [name] = arguments.bind(["name"])?;
    let name = required(name)?;
    let name = evaluator.str(&name)?;
    present(&value)?;
    let found = match &value {
        Value::Object(object) => objects::attribute(&**object, name),
        Value::Tuple(tuple) => tuple.attribute(name).cloned(),
        other => methods::attribute(other, name),
    };
    Ok(found.unwrap_or_else(|| absent(evaluator, name)))
}
