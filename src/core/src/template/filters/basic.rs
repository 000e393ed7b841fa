//! Filters for any value.

use crate::template::args::Args;
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::value::Value;

/// `default(default_value='', boolean=false)`: another value for what is undefined.
pub(super) fn default(_: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [default, boolean] = arguments.bind(["default_value", "boolean"])?;
    let falsy = boolean.is_some_and(|boolean| boolean.is_true()) && !value.is_true();
    if value.is_undefined() || falsy { Ok(default.unwrap_or_else(|| Value::from(""))) } else { Ok(value) }
}

/// `upper()`
pub(super) fn upper(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    let text = evaluator.text(&value)?.to_uppercase();
    evaluator.string(text)
}
