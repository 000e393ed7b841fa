//! Filters that make one value of many.

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::super::ir::{BinaryOp, CompareOp};
use super::super::ops;
use super::attribute::Getter;
use super::sequences::nothing;
use super::{items, present, truth};
use crate::value::Value;

/// `min(case_sensitive=False, attribute=None)`
pub(super) fn min(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    extreme(evaluator, value, arguments, CompareOp::Lt)
}

/// `max(case_sensitive=False, attribute=None)`
pub(super) fn max(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    extreme(evaluator, value, arguments, CompareOp::Gt)
}

fn extreme(
    evaluator: &mut Evaluator<'_>,
    value: Value,
    arguments: Args,
    better: CompareOp,
) -> Result<Value, Fault> {
    let [case_sensitive, attribute] = arguments.bind(["case_sensitive", "attribute"])?;
    let case_sensitive = truth(case_sensitive, false);
    let getter = Getter::new(evaluator, attribute.as_ref(), None)?;
    let mut best: Option<(Value, Value)> = None;
    for item in items(evaluator, &value)?.iter() {
        let key = getter.key(evaluator, item.clone(), case_sensitive)?;
        match &best {
            Some((other, _)) if !evaluator.compare(better, &key, other)? => {}
            _ => best = Some((key, item)),
        }
    }
    Ok(best.map_or_else(|| nothing(evaluator, value, "the smallest or largest item"), |(_, item)| item))
}

/// `sum(attribute=None, start=0)`
pub(super) fn sum(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [attribute, start] = arguments.bind(["attribute", "start"])?;
    let getter = Getter::new(evaluator, attribute.as_ref(), None)?;
    let mut sum = start.unwrap_or(Value::Int(0));
    present(&sum)?;
    let items = items(evaluator, &value)?;
    // Python refuses as well: adding strings one by one copies them again and again.
    if let Value::Str(_) = sum {
        return Err(Fault::invalid("`sum` adds no strings; use `join`"));
    }
    for item in items.iter() {
        let item = getter.get(evaluator, item)?;
        present(&item)?;
        sum = ops::arithmetic(&evaluator.budget, BinaryOp::Add, &sum, &item)?;
    }
    Ok(sum)
}
