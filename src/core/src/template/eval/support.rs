//! What filters, tests and methods need of a render: conversions that charge for themselves.

use std::borrow::Cow;
use std::rc::Rc;

use super::Evaluator;
use crate::template::MAX_COUNT;
use crate::template::args::Args;
use crate::template::budget::SLOT;
use crate::template::error::{Fault, Limit};
use crate::template::items::Items;
use crate::value::{Dict, List, Value};

/// What a list or mapping costs before it holds anything, in slots.
const HEADER: usize = 3;

impl Evaluator<'_> {
    /// A string value.
    pub(crate) fn string(&self, text: String) -> Result<Value, Fault> {
        self.budget.memory(text.len().saturating_add(SLOT))?;
        Ok(Value::from(text))
    }

    /// A list value.
    pub(crate) fn list(&self, items: Vec<Value>) -> Result<Value, Fault> {
        self.budget.slots(items.len().saturating_add(HEADER))?;
        Ok(Value::list(items)?)
    }

    /// A tuple value.
    pub(crate) fn tuple(&self, items: Vec<Value>) -> Result<Value, Fault> {
        self.budget.slots(items.len().saturating_add(HEADER))?;
        Ok(Value::tuple(items)?)
    }

    /// A dictionary value.
    pub(crate) fn dict(&self, dict: Dict) -> Result<Value, Fault> {
        self.budget.slots(dict.len().saturating_mul(3).saturating_add(HEADER))?;
        Ok(Value::Dict(Rc::new(dict)))
    }

    /// `str(value)`, borrowed where it is text already.
    pub(crate) fn text<'v>(&self, value: &'v Value) -> Result<Cow<'v, str>, Fault> {
        self.printable(value)?;
        match value {
            Value::Str(text) => Ok(Cow::Borrowed(text)),
            other => {
                self.budget.memory(other.weight())?;
                Ok(Cow::Owned(other.print()))
            }
        }
    }

    /// The text of a value that has to be a string.
    pub(crate) fn str<'v>(&self, value: &'v Value) -> Result<&'v str, Fault> {
        self.defined(value)?;
        value.as_str().ok_or_else(|| Fault::invalid("a string is needed here"))
    }

    /// The number of a value that has to be an integer.
    pub(crate) fn int(&self, value: &Value) -> Result<i128, Fault> {
        self.defined(value)?;
        value.as_int().ok_or_else(|| Fault::invalid("an integer is needed here"))
    }

    /// The number of a value that has to be a number.
    pub(crate) fn float(&self, value: &Value) -> Result<f64, Fault> {
        self.defined(value)?;
        value.as_float().ok_or_else(|| Fault::invalid("a number is needed here"))
    }

    /// A width, precision, count or indent: negative ones count as zero, large ones are refused.
    pub(crate) fn count(&self, value: &Value) -> Result<usize, Fault> {
        match usize::try_from(self.int(value)?.max(0)) {
            Ok(count) if count <= MAX_COUNT => Ok(count),
            _ => Err(Limit::Count.into()),
        }
    }

    /// What a `for` loop would walk over.
    pub(crate) fn items(&self, value: &Value) -> Result<Items, Fault> {
        self.defined(value)?;
        Ok(match value {
            Value::List(list) | Value::Tuple(list) => Items::List(list.clone()),
            Value::Range(range) => Items::Range(*range),
            Value::Dict(dict) => {
                self.budget.slots(dict.len())?;
                Items::made(dict.keys().cloned().collect())
            }
            Value::Str(text) => {
                self.budget.slots(text.len())?;
                Items::made(text.chars().map(|c| Value::from(c.encode_utf8(&mut [0; 4]) as &str)).collect())
            }
            Value::Undefined(_) => Items::made(Vec::new()),
            _ => return Err(Fault::invalid("this value can't be iterated over")),
        })
    }

    /// The items of a value in a vector of their own.
    pub(crate) fn collect(&self, value: &Value) -> Result<Vec<Value>, Fault> {
        let items = self.items(value)?;
        self.budget.slots(items.len())?;
        Ok(items.iter().collect())
    }

    /// Pays for walking over arguments. Looking for a string first walks over that, several times.
    pub(crate) fn walk_arguments(&self, arguments: &Args) -> Result<(), Fault> {
        for value in arguments.positional.iter().chain(arguments.named.iter().map(|(_, value)| value)) {
            self.walk(value)?;
            self.budget.memory(value.as_str().map_or(0, str::len).saturating_mul(2))?;
        }
        Ok(())
    }

    /// Pays for walking over a value once.
    pub(crate) fn walk(&self, value: &Value) -> Result<(), Fault> {
        self.budget.memory(match value {
            Value::Str(text) => text.len(),
            Value::List(list) | Value::Tuple(list) => slots(list),
            Value::Dict(dict) => dict.len().saturating_mul(2 * SLOT),
            _ => 0,
        })
    }
}

fn slots(list: &List) -> usize {
    list.len().saturating_mul(SLOT)
}
