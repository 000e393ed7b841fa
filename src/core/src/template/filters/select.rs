//! Filters that apply a filter or a test to each item.

use super::super::args::{Args, required};
use super::super::error::{Fault, Limit};
use super::super::eval::Evaluator;
use super::super::tests::{self, Test};
use super::attribute::Getter;
use super::{Filter, given, items};
use crate::value::Value;

/// The most arguments that `map` hands on. Each `map` inside another takes one, so that this is also
/// how deep they nest.
const MAX_ARGUMENTS: usize = 32;

/// `map(name, *args, **kwargs)` or `map(attribute=…, default=None)`
pub(super) fn map(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    if is_nothing(evaluator, &value)? {
        return evaluator.list(Vec::new());
    }
    let items = items(evaluator, &value)?;
    let mut mapped = Vec::new();
    if let Some(getter) = attribute(evaluator, &arguments)? {
        for item in items.iter() {
            mapped.push(getter.get(evaluator, item)?);
        }
        return evaluator.list(mapped);
    }
    let (filter, arguments) = named_filter(evaluator, arguments)?;
    for item in items.iter() {
        evaluator.walk(&item)?;
        let arguments = copy(evaluator, &arguments)?;
        mapped.push(filter(evaluator, item, arguments)?);
    }
    evaluator.list(mapped)
}

/// What `map(attribute=…)` fetches; none if a filter is named instead.
fn attribute(evaluator: &Evaluator<'_>, arguments: &Args) -> Result<Option<Getter>, Fault> {
    let named =
        |name: &str| arguments.named.iter().find(|(known, _)| **known == *name).map(|(_, value)| value);
    match named("attribute") {
        Some(attribute) if arguments.positional.is_empty() => {
            if arguments.named.iter().any(|(name, _)| !matches!(&**name, "attribute" | "default")) {
                return Err(Fault::arguments("unknown keyword argument"));
            }
            Getter::new(evaluator, Some(attribute), given(named("default").cloned())).map(Some)
        }
        _ => Ok(None),
    }
}

fn named_filter(evaluator: &Evaluator<'_>, mut arguments: Args) -> Result<(Filter, Args), Fault> {
    if arguments.positional.is_empty() {
        return Err(Fault::arguments("`map` needs the name of a filter, or `attribute=`"));
    }
    if arguments.positional.len() > MAX_ARGUMENTS {
        return Err(Limit::Recursion.into());
    }
    let name = arguments.positional.remove(0);
    let filter = super::lookup(evaluator.str(&name)?)
        .ok_or_else(|| Fault::arguments("`map` needs the name of a filter that exists"))?;
    Ok((filter, arguments))
}

/// `select(name=None, *args, **kwargs)`: the items for which a test holds, or that are true.
pub(super) fn select(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    choose(evaluator, value, arguments, false, true)
}

/// `reject(name=None, *args, **kwargs)`
pub(super) fn reject(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    choose(evaluator, value, arguments, false, false)
}

/// `selectattr(attribute, name=None, *args, **kwargs)`
pub(super) fn selectattr(
    evaluator: &mut Evaluator<'_>,
    value: Value,
    arguments: Args,
) -> Result<Value, Fault> {
    choose(evaluator, value, arguments, true, true)
}

/// `rejectattr(attribute, name=None, *args, **kwargs)`
pub(super) fn rejectattr(
    evaluator: &mut Evaluator<'_>,
    value: Value,
    arguments: Args,
) -> Result<Value, Fault> {
    choose(evaluator, value, arguments, true, false)
}

fn choose(
    evaluator: &mut Evaluator<'_>,
    value: Value,
    arguments: Args,
    by_attribute: bool,
    keep: bool,
) -> Result<Value, Fault> {
    if is_nothing(evaluator, &value)? {
        return evaluator.list(Vec::new());
    }
    let mut positional = arguments.positional.into_iter();
    let attribute = if by_attribute { Some(required(positional.next())?) } else { None };
    let getter = Getter::new(evaluator, attribute.as_ref(), None)?;
    let test = positional.next().map(|name| named_test(evaluator, &name)).transpose()?;
    let arguments = Args { positional: positional.collect(), named: arguments.named };
    let mut kept = Vec::new();
    for item in items(evaluator, &value)?.iter() {
        let tested = getter.get(evaluator, item.clone())?;
        let holds = match test {
            Some(test) => {
                let arguments = copy(evaluator, &arguments)?;
                test(evaluator, &tested, arguments)?
            }
            None => tested.is_true(),
        };
        if holds == keep {
            kept.push(item);
        }
    }
    evaluator.list(kept)
}

fn named_test(evaluator: &Evaluator<'_>, name: &Value) -> Result<Test, Fault> {
    tests::lookup(evaluator.str(name)?).ok_or_else(|| Fault::arguments("a test of that name does not exist"))
}

/// Whether there is nothing to go through: Jinja2 asks for truth before it iterates.
fn is_nothing(evaluator: &Evaluator<'_>, value: &Value) -> Result<bool, Fault> {
    evaluator.defined(value)?;
    Ok(!value.is_true())
}

/// The arguments of one more call.
fn copy(evaluator: &Evaluator<'_>, arguments: &Args) -> Result<Args, Fault> {
    evaluator.walk_arguments(arguments)?;
    evaluator.budget.fuel(1 + (arguments.positional.len() + arguments.named.len()) as u64)?;
    Ok(Args { positional: arguments.positional.clone(), named: arguments.named.clone() })
}
