//! Jinja2's tests: what stands behind `is`.

mod comparisons;
mod numbers;
mod types;

use super::args::Args;
use super::error::{ErrorKind, Fault};
use super::eval::Evaluator;
use crate::value::Value;

/// A test: the value, the arguments, the answer.
pub(crate) type Test = fn(&mut Evaluator<'_>, &Value, Args) -> Result<bool, Fault>;

/// The test called `name`.
pub(crate) fn lookup(name: &str) -> Option<Test> {
    Some(match name {
        "boolean" => types::boolean,
        "callable" => types::callable,
        "defined" => types::defined,
        "divisibleby" => numbers::divisibleby,
        "==" | "eq" | "equalto" => comparisons::eq,
        "escaped" => types::escaped,
        "even" => numbers::even,
        "false" => types::r#false,
        "filter" => types::filter,
        "float" => types::float,
        ">=" | "ge" => comparisons::ge,
        ">" | "gt" | "greaterthan" => comparisons::gt,
        "in" => comparisons::r#in,
        "integer" => types::integer,
        "iterable" => types::iterable,
        "<=" | "le" => comparisons::le,
        "lower" => types::lower,
        "<" | "lt" | "lessthan" => comparisons::lt,
        "mapping" => types::mapping,
        "!=" | "ne" => comparisons::ne,
        "none" => types::none,
        "number" => types::number,
        "odd" => numbers::odd,
        "sameas" => comparisons::sameas,
        "sequence" => types::sequence,
        "string" => types::string,
        "test" => types::test,
        "true" => types::r#true,
        "undefined" => types::undefined,
        "upper" => types::upper,
        _ => return None,
    })
}

/// Refuses an undefined value even where undefined ones count as empty: they don't calculate.
fn present(value: &Value) -> Result<(), Fault> {
    match value {
        Value::Undefined(Some(missing)) => Err(Fault::new(ErrorKind::Undefined(missing.clone()))),
        _ => Ok(()),
    }
}
