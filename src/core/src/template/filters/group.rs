//! Filters that put equal items together.

use std::collections::HashSet;
use std::rc::Rc;

use super::super::args::{Args, required};
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::super::ir::CompareOp;
use super::attribute::Getter;
use super::order::sort_by_key;
use super::{given, items, truth};
use crate::value::{Key, List, Value};

/// `unique(case_sensitive=False, attribute=None)`: the first of each kind.
pub(super) fn unique(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [case_sensitive, attribute] = arguments.bind(["case_sensitive", "attribute"])?;
    let case_sensitive = truth(case_sensitive, false);
    let getter = Getter::new(evaluator, attribute.as_ref(), None)?;
    let (mut seen, mut kept) = (HashSet::new(), Vec::new());
    let mut seen_undefined = false;
    for item in items(evaluator, &value)?.iter() {
        let key = getter.key(evaluator, item.clone(), case_sensitive)?;
        evaluator.defined(&key)?;
        evaluator.budget.slots(2)?;
        // Hashing walks the key.
        evaluator.budget.memory(key.as_str().map_or_else(|| key.weight(), str::len))?;
        let new = match key {
            Value::Undefined(_) => !std::mem::replace(&mut seen_undefined, true),
            key => seen.insert(Key::new(key)?),
        };
        if new {
            kept.push(item);
        }
    }
    evaluator.list(kept)
}

/// `groupby(attribute, default=None, case_sensitive=False)`: pairs of a value and the items that have it.
pub(super) fn groupby(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [attribute, default, case_sensitive] = arguments.bind(["attribute", "default", "case_sensitive"])?;
    let attribute = required(attribute)?;
    let case_sensitive = truth(case_sensitive, false);
    let getter = Getter::new(evaluator, Some(&attribute), given(default))?;
    let mut keyed = Vec::new();
    for item in items(evaluator, &value)?.iter() {
        evaluator.budget.slots(2)?;
        keyed.push((getter.key(evaluator, item.clone(), case_sensitive)?, item));
    }
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for (key, item) in sort_by_key(evaluator, keyed, false)? {
        match groups.last_mut() {
            Some((last, members)) if evaluator.compare(CompareOp::Eq, last, &key)? => members.push(item),
            _ => groups.push((key, vec![item])),
        }
    }
    let mut listed = Vec::with_capacity(groups.len());
    for (key, members) in groups {
        // Named by the first member's own value, not by that in lower case.
        let grouper = match members.first() {
            Some(first) if !case_sensitive => getter.get(evaluator, first.clone())?,
            _ => key,
        };
        let members = evaluator.list(members)?;
        evaluator.budget.slots(8)?;
        listed.push(Value::Tuple(Rc::new(List::named(vec![grouper, members], &["grouper", "list"])?)));
    }
    evaluator.list(listed)
}
