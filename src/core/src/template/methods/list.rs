//! Methods of lists, tuples and ranges.

use super::{POSITIONAL, immutable};
use crate::template::args::{Args, required};
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::template::ir::CompareOp;
use crate::value::{Range, Value};

/// `receiver.name(arguments)`
pub(super) fn call(
    evaluator: &mut Evaluator<'_>,
    receiver: &Value,
    name: &str,
    arguments: Args,
) -> Result<Option<Value>, Fault> {
    match name {
        "count" => count(evaluator, receiver, arguments).map(Some),
        "index" => index(evaluator, receiver, arguments).map(Some),
        "copy" if matches!(receiver, Value::List(_)) => {
            arguments.none()?;
            Ok(Some(receiver.clone()))
        }
        "append" | "clear" | "extend" | "insert" | "pop" | "remove" | "reverse" | "sort"
            if matches!(receiver, Value::List(_)) =>
        {
            Err(immutable())
        }
        _ => Ok(None),
    }
}

/// `range.start`, `range.stop`, `range.step`
pub(super) fn range_attribute(range: &Range, name: &str) -> Option<Value> {
    match name {
        "start" => Some(Value::from(range.start)),
        "stop" => Some(Value::from(range.stop)),
        "step" => Some(Value::from(range.step)),
        _ => None,
    }
}

/// `list.count(value, /)`
fn count(evaluator: &mut Evaluator<'_>, receiver: &Value, arguments: Args) -> Result<Value, Fault> {
    let wanted = arguments.one(POSITIONAL)?;
    let mut found = 0;
    for item in evaluator.items(receiver)?.iter() {
        evaluator.budget.fuel(1)?;
        found += usize::from(evaluator.compare(CompareOp::Eq, &item, &wanted)?);
    }
    Ok(Value::from(found))
}

/// `list.index(value, start=0, stop=len, /)`
fn index(evaluator: &mut Evaluator<'_>, receiver: &Value, arguments: Args) -> Result<Value, Fault> {
    let [wanted, start, stop] = arguments.bind([POSITIONAL, POSITIONAL, POSITIONAL])?;
    let wanted = required(wanted)?;
    let items = evaluator.items(receiver)?;
    let len = items.len();
    let clamp = |bound: i128| {
        let bound = if bound < 0 { bound.saturating_add(len as i128).max(0) } else { bound };
        usize::try_from(bound).unwrap_or(usize::MAX).min(len)
    };
    let start = start.map_or(Ok(0), |start| evaluator.int(&start).map(clamp))?;
    let stop = stop.map_or(Ok(len), |stop| evaluator.int(&stop).map(clamp))?;
    for at in start..stop {
        evaluator.budget.fuel(1)?;
        if let Some(item) = items.get(at)
            && evaluator.compare(CompareOp::Eq, &item, &wanted)?
        {
            return Ok(Value::from(at));
        }
    }
    Err(Fault::invalid("the value is not in the list"))
}
