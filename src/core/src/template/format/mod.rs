//! Formatting as Python's `%` operator and `str.format` do.

use super::error::Fault;
use super::eval::Evaluator;
use crate::value::Value;

/// `format % values`
pub(crate) fn percent(evaluator: &mut Evaluator<'_>, format: &Value, values: &Value) -> Result<Value, Fault> {
    let _ = (evaluator, format, values);
    Err(Fault::invalid("formatting"))
}
