//! Jinja2's filters.

mod basic;
pub(crate) mod unicode;

use super::args::Args;
use super::error::Fault;
use super::eval::Evaluator;
use crate::value::Value;

/// A filter: the piped value, the arguments, the result.
pub(crate) type Filter = fn(&mut Evaluator<'_>, Value, Args) -> Result<Value, Fault>;

/// The filter called `name`.
pub(crate) fn lookup(name: &str) -> Option<Filter> {
    Some(match name {
        "default" | "d" => basic::default,
        "upper" => basic::upper,
        _ => return None,
    })
}
