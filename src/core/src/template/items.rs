//! Walking over what can be walked over.

use std::rc::Rc;

use crate::value::{List, Range, Value};

/// The items of a value, without copying those of a list.
#[derive(Clone)]
pub(crate) enum Items {
    List(Rc<List>),
    Range(Range),
    Made(Rc<Vec<Value>>),
}

impl Items {
    pub(crate) fn made(items: Vec<Value>) -> Items {
        Items::Made(Rc::new(items))
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Items::List(list) => list.len(),
            Items::Range(range) => range.len,
            Items::Made(items) => items.len(),
        }
    }

    pub(crate) fn get(&self, index: usize) -> Option<Value> {
        match self {
            Items::List(list) => list.items().get(index).cloned(),
            Items::Range(range) => range.get(index).map(Value::from),
            Items::Made(items) => items.get(index).cloned(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Value> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}
