use std::rc::Rc;

use super::{MAX_DEPTH, Missing, Value};

/// The items of a list or tuple.
#[derive(Debug, Default)]
pub struct List {
    items: Vec<Value>,
    names: &'static [&'static str],
    depth: u8,
    weight: usize,
    /// The first of the items that are undefined.
    missing: Option<Rc<Missing>>,
}

/// Lists and dictionaries would nest deeper than [`MAX_DEPTH`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooDeep;

impl List {
    /// A list of `items`, unless that would nest too deep.
    pub fn new(items: Vec<Value>) -> Result<List, TooDeep> {
        let inner = items.iter().map(Value::depth).max().unwrap_or(0);
        if inner >= MAX_DEPTH {
            return Err(TooDeep);
        }
        let weight =
            items.iter().fold(4, |sum: usize, item| sum.saturating_add(item.weight()).saturating_add(2));
        let missing = items.iter().find_map(Value::missing_inside).cloned();
        Ok(List { items, names: &[], depth: inner + 1, weight, missing })
    }

    /// The items of a named tuple: they are attributes as well, the first by the first name.
    pub fn named(items: Vec<Value>, names: &'static [&'static str]) -> Result<List, TooDeep> {
        Ok(List { names, ..List::new(items)? })
    }

    /// The item that is the attribute `name` of a named tuple.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        let position = self.names.iter().position(|known| *known == name)?;
        self.items.get(position)
    }

    /// The items in order.
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn missing(&self) -> Option<&Rc<Missing>> {
        self.missing.as_ref()
    }

    pub(super) fn depth(&self) -> u8 {
        self.depth
    }

    pub(super) fn weight(&self) -> usize {
        self.weight
    }
}
