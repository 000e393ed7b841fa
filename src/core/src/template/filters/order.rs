//! Sorting.

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::super::ir::CompareOp;
use super::attribute::Getter;
use super::{present, truth};
use crate::value::Value;

/// `sort(reverse=False, case_sensitive=False, attribute=None)`
pub(super) fn sort(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [reverse, case_sensitive, attribute] = arguments.bind(["reverse", "case_sensitive", "attribute"])?;
    let (reverse, case_sensitive) = (truth(reverse, false), truth(case_sensitive, false));
    let getters = Getter::several(evaluator, attribute.as_ref())?;
    let items = evaluator.collect(&value)?;
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        let mut keys = Vec::with_capacity(getters.len());
        for getter in &getters {
            keys.push(getter.key(evaluator, item.clone(), case_sensitive)?);
        }
        evaluator.budget.slots(keys.len())?;
        keyed.push((keys, item));
    }
    let sorted = merge_sort(evaluator, keyed, reverse, &mut |evaluator, left, right| {
        // As Python compares lists: the first keys that differ decide.
        for (left, right) in left.iter().zip(right) {
            if !evaluator.compare(CompareOp::Eq, left, right)? {
                return evaluator.compare(CompareOp::Lt, left, right);
            }
        }
        Ok(false)
    })?;
    evaluator.list(sorted.into_iter().map(|(_, item)| item).collect())
}

/// `dictsort(case_sensitive=False, by='key', reverse=False)`
pub(super) fn dictsort(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [case_sensitive, by, reverse] = arguments.bind(["case_sensitive", "by", "reverse"])?;
    let by_value = match by.as_ref().map(|by| by.as_str()) {
        None | Some(Some("key")) => false,
        Some(Some("value")) => true,
        _ => return Err(Fault::arguments("`dictsort` sorts by \"key\" or \"value\"")),
    };
    present(&value)?;
    let dict = value.as_dict().ok_or_else(|| Fault::invalid("`dictsort` needs a mapping"))?;
    let getter = Getter::new(evaluator, None, None)?;
    let case_sensitive = truth(case_sensitive, false);
    let mut keyed = Vec::with_capacity(dict.len());
    for (key, value) in dict.iter() {
        let sort_by = if by_value { value } else { key };
        evaluator.budget.slots(3)?;
        let pair = evaluator.tuple(vec![key.clone(), value.clone()])?;
        keyed.push((getter.key(evaluator, sort_by.clone(), case_sensitive)?, pair));
    }
    let sorted = sort_by_key(evaluator, keyed, truth(reverse, false))?;
    evaluator.list(sorted.into_iter().map(|(_, item)| item).collect())
}

/// Sorts items by the keys beside them, as `sorted` does.
pub(super) fn sort_by_key(
    evaluator: &mut Evaluator<'_>,
    keyed: Vec<(Value, Value)>,
    reverse: bool,
) -> Result<Vec<(Value, Value)>, Fault> {
    merge_sort(evaluator, keyed, reverse, &mut |evaluator, left, right| {
        evaluator.compare(CompareOp::Lt, left, right)
    })
}

type Less<'f, K> = &'f mut dyn FnMut(&mut Evaluator<'_>, &K, &K) -> Result<bool, Fault>;

/// A stable sort whose comparison can fail or contradict itself, as those of values beside NaN do; the
/// standard library's may panic then.
fn merge_sort<K>(
    evaluator: &mut Evaluator<'_>,
    keyed: Vec<(K, Value)>,
    reverse: bool,
    less: Less<'_, K>,
) -> Result<Vec<(K, Value)>, Fault> {
    let comparisons = keyed.len().saturating_mul(keyed.len().checked_ilog2().unwrap_or(0) as usize);
    evaluator.budget.fuel(comparisons as u64 / 4)?;
    halve(evaluator, keyed, reverse, less)
}

/// Recurses as often as the number of items can be halved.
fn halve<K>(
    evaluator: &mut Evaluator<'_>,
    mut left: Vec<(K, Value)>,
    reverse: bool,
    less: Less<'_, K>,
) -> Result<Vec<(K, Value)>, Fault> {
    if left.len() < 2 {
        return Ok(left);
    }
    let right = left.split_off(left.len() / 2);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let left = halve(evaluator, left, reverse, less)?;
    let mut left = left.into_iter().peekable();
    let mut right = halve(evaluator, right, reverse, less)?.into_iter().peekable();
    while let (Some((first, _)), Some((second, _))) = (left.peek(), right.peek()) {
        // Equal items keep their order in both directions.
        let second_first =
            if reverse { less(evaluator, first, second)? } else { less(evaluator, second, first)? };
        merged.extend(if second_first { right.next() } else { left.next() });
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}
