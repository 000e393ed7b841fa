//! Jinja2's tests: what stands behind `is`.

use super::args::Args;
use super::error::Fault;
use super::eval::Evaluator;
use crate::value::Value;

/// A test: the value, the arguments, the answer.
pub(crate) type Test = fn(&mut Evaluator<'_>, &Value, Args) -> Result<bool, Fault>;

/// The test called `name`.
pub(crate) fn lookup(name: &str) -> Option<Test> {
    Some(match name {
        "defined" => defined,
        _ => return None,
    })
}

fn defined(_: &mut Evaluator<'_>, value: &Value, arguments: Args) -> Result<bool, Fault> {
    arguments.none()?;
    Ok(!value.is_undefined())
}
