//! The functions that every template has.

use std::cell::Cell;
use std::rc::Rc;

use super::args::{Args, required};
use super::error::Fault;
use super::eval::Evaluator;
use super::objects::{Cycler, Joiner, Namespace};
use super::ops;
use crate::value::{Dict, Key, Range, Value};

/// The most numbers in one `range`, as in Jinja2's sandbox.
const MAX_RANGE: i128 = 100_000;

/// A built-in function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    Range,
    Dict,
    Cycler,
    Joiner,
    Namespace,
}

/// The function called `name`.
pub(crate) fn lookup(name: &str) -> Option<Value> {
    let builtin = match name {
        "range" => Builtin::Range,
        "dict" => Builtin::Dict,
        "cycler" => Builtin::Cycler,
        "joiner" => Builtin::Joiner,
        "namespace" => Builtin::Namespace,
        _ => return None,
    };
    Some(Value::Object(Rc::new(builtin)))
}

/// Whether every template has something of that name without a client sending it.
pub(crate) fn is_builtin(name: &str) -> bool {
    matches!(name, "range" | "dict" | "cycler" | "joiner" | "namespace")
}

pub(crate) fn call(evaluator: &mut Evaluator<'_>, builtin: Builtin, arguments: Args) -> Result<Value, Fault> {
    match builtin {
        Builtin::Range => range(evaluator, arguments),
        Builtin::Dict => {
            let dict = dict(evaluator, arguments)?;
            evaluator.dict(dict)
        }
        Builtin::Cycler => {
            if arguments.positional.is_empty() || !arguments.named.is_empty() {
                return Err(Fault::arguments("`cycler` takes the values to go through"));
            }
            Ok(Value::Object(Rc::new(Cycler { items: arguments.positional, next: Cell::new(0) })))
        }
        Builtin::Joiner => {
            let [separator] = arguments.bind(["sep"])?;
            let separator = separator.unwrap_or_else(|| Value::from(", "));
            Ok(Value::Object(Rc::new(Joiner { separator, used: Cell::new(false) })))
        }
        Builtin::Namespace => {
            let attributes = dict(evaluator, arguments)?;
            Ok(evaluator.namespace(Namespace::new(attributes)))
        }
    }
}

fn range(evaluator: &Evaluator<'_>, arguments: Args) -> Result<Value, Fault> {
    let [first, second, step] = arguments.bind(["start", "stop", "step"])?;
    let first = evaluator.int(&required(first)?)?;
    let (start, stop) = match second {
        Some(stop) => (first, evaluator.int(&stop)?),
        None => (0, first),
    };
    let step = step.map_or(Ok(1), |step| evaluator.int(&step))?;
    let too_large = || Fault::invalid("`range` is limited to 100,000 numbers");
    if step == 0 {
        return Err(Fault::invalid("the step of `range` can't be zero"));
    }
    let distance = if step > 0 { stop.checked_sub(start) } else { start.checked_sub(stop) };
    let distance = distance.ok_or_else(too_large)?.max(0);
    let stride = i128::try_from(step.unsigned_abs()).map_err(|_| too_large())?;
    let len = distance / stride + i128::from(distance % stride != 0);
    if len > MAX_RANGE {
        return Err(too_large());
    }
    let small = |number: i128| i64::try_from(number).map_err(|_| too_large());
    let len = usize::try_from(len).unwrap_or(0);
    Ok(Value::Range(Range { start: small(start)?, stop: small(stop)?, step: small(step)?, len }))
}

/// `dict(mapping_or_pairs, key=value, …)`
fn dict(evaluator: &Evaluator<'_>, arguments: Args) -> Result<Dict, Fault> {
    let named = arguments.named;
    let [from] = Args::positional(arguments.positional).bind(["mapping"])?;
    let mut dict = Dict::new();
    match &from {
        Some(Value::Dict(other)) => {
            evaluator.budget.slots(other.len().saturating_mul(3))?;
            for (key, value) in other.iter() {
                dict.insert(Key::new(key.clone())?, value.clone())?;
            }
        }
        Some(pairs) => {
            for pair in evaluator.collect(pairs)? {
                let items = evaluator.collect(&pair)?;
                let [key, value] = items.as_slice() else {
                    return Err(Fault::invalid("`dict` takes a mapping or pairs"));
                };
                evaluator.defined(key)?;
                ops::hashes(&evaluator.budget, key)?;
                dict.insert(Key::new(key.clone())?, value.clone())?;
            }
        }
        None => {}
    }
    for (name, value) in named {
        dict.insert(Key::from(name), value)?;
    }
    Ok(dict)
}
