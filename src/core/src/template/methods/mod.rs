//! Methods of Python's types that templates call.

use super::args::Args;
use super::error::Fault;
use super::eval::Evaluator;
use crate::value::Value;

/// `receiver.name(arguments)`; none if the type has no such method.
pub(crate) fn call(
    evaluator: &mut Evaluator<'_>,
    receiver: &Value,
    name: &str,
    arguments: Args,
) -> Result<Option<Value>, Fault> {
    let _ = (evaluator, receiver, name, arguments);
    Ok(None)
}
