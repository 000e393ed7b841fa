//! The values that templates work with: what a client sent, what an author wrote, what a render made.
//!
//! They behave as Python's do, because `.prompt` files are written by people who know Jinja2:
//! `True == 1`, dictionaries keep their order, printing a list quotes its strings.

mod dict;
mod float;
mod from_json;
mod list;
mod object;
mod print;
mod to_json;

use std::rc::Rc;

pub use dict::{Dict, Key, NotHashable};
pub use float::{format_exponent, format_fixed, format_general, repr as float_repr};
pub use from_json::{JsonError, JsonErrorKind};
pub use list::{List, TooDeep};
pub use object::Object;
pub use print::{is_printable, repr_str};

/// How deep lists and dictionaries may nest, so that walking one never exhausts the stack.
pub const MAX_DEPTH: u8 = 64;

/// A value in a template. Cloning is cheap: everything large is shared.
#[derive(Clone, Default)]
pub enum Value {
    /// Something that was looked up and not found.
    Undefined(Option<Rc<Missing>>),
    /// Python's `None`, JSON's `null`.
    #[default]
    None,
    /// A truth value; a number too, as in Python.
    Bool(bool),
    /// An integer. Python's have no bound; beyond 128 bits is an error here.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// Text.
    Str(Rc<str>),
    /// A list.
    List(Rc<List>),
    /// A tuple: a list that prints with round brackets.
    Tuple(Rc<List>),
    /// A dictionary, in the order in which its keys came.
    Dict(Rc<Dict>),
    /// What `range()` returns; its numbers are made when asked for.
    Range(Range),
    /// Something with behaviour of its own: a macro, a loop, a namespace.
    Object(Rc<dyn Object>),
}

/// Who has to supply what is missing, and its name.
#[derive(Debug, PartialEq, Eq)]
pub struct Missing {
    /// The shortest missing path, such as `user` or `user.name`.
    pub path: String,
    /// True if it belongs to the variables that a client sends; false if only the author can mend it.
    pub client: bool,
}

/// An arithmetic progression: `range(start, stop, step)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first number.
    pub start: i64,
    /// The bound that was given; the last number may be short of it.
    pub stop: i64,
    /// The distance between neighbours; never zero.
    pub step: i64,
    /// How many numbers there are.
    pub len: usize,
}

impl Range {
    /// The number at `index`, if there are so many.
    pub fn get(&self, index: usize) -> Option<i64> {
        let steps = i64::try_from(index).ok()?;
        (index < self.len).then(|| self.start.wrapping_add(self.step.wrapping_mul(steps)))
    }

    /// All numbers in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = i64> + ExactSizeIterator {
        (0..self.len).map(move |index| {
            self.start.wrapping_add(self.step.wrapping_mul(i64::try_from(index).unwrap_or(0)))
        })
    }
}

impl Value {
    /// A missing value of the client's.
    pub fn missing(path: impl Into<String>) -> Value {
        Value::Undefined(Some(Rc::new(Missing { path: path.into(), client: true })))
    }

    /// A missing value that only the template's author can supply.
    pub fn missing_by_author(path: impl Into<String>) -> Value {
        Value::Undefined(Some(Rc::new(Missing { path: path.into(), client: false })))
    }

    /// A list of `items`.
    pub fn list(items: Vec<Value>) -> Result<Value, TooDeep> {
        Ok(Value::List(Rc::new(List::new(items)?)))
    }

    /// A tuple of `items`.
    pub fn tuple(items: Vec<Value>) -> Result<Value, TooDeep> {
        Ok(Value::Tuple(Rc::new(List::new(items)?)))
    }

    /// Python's name of the type, for error messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Undefined(_) => "undefined",
            Value::None => "null",
            Value::Bool(_) => "boolean",
            Value::Int(_) => "integer",
            Value::Float(_) => "number",
            Value::Str(_) => "string",
            Value::List(_) | Value::Range(_) => "array",
            Value::Tuple(_) => "tuple",
            Value::Dict(_) => "object",
            Value::Object(object) => object.type_name(),
        }
    }

    /// Python's truth: empty, zero, `None` and undefined are false.
    pub fn is_true(&self) -> bool {
        match self {
            Value::Undefined(_) | Value::None => false,
            Value::Bool(value) => *value,
            Value::Int(value) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::Str(text) => !text.is_empty(),
            Value::List(list) | Value::Tuple(list) => !list.is_empty(),
            Value::Dict(dict) => !dict.is_empty(),
            Value::Range(range) => range.len > 0,
            Value::Object(_) => true,
        }
    }

    /// Whether this is the absence of a value.
    pub fn is_undefined(&self) -> bool {
        matches!(self, Value::Undefined(_))
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The number of an integer or a boolean (Python counts booleans as integers).
    pub fn as_int(&self) -> Option<i128> {
        match self {
            Value::Int(value) => Some(*value),
            Value::Bool(value) => Some(i128::from(*value)),
            _ => None,
        }
    }

    /// The number of an integer, boolean or float, as a float.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Value::Float(value) => Some(*value),
            other => other.as_int().map(|value| value as f64),
        }
    }

    /// The dictionary.
    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Value::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// The object, if it is a `T`.
    pub fn downcast<T: Object>(&self) -> Option<&T> {
        match self {
            Value::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// What is missing, if this is undefined or holds something that is.
    pub fn missing_inside(&self) -> Option<&Rc<Missing>> {
        match self {
            Value::Undefined(missing) => missing.as_ref(),
            Value::List(list) | Value::Tuple(list) => list.missing(),
            Value::Dict(dict) => dict.missing(),
            _ => None,
        }
    }

    /// An upper bound of how many bytes printing this value takes, known without walking it: lists can
    /// share their items, so that a small one prints without end.
    pub fn weight(&self) -> usize {
        match self {
            // A control character takes four bytes in quotes; other escapes take less than twice.
            Value::Str(text) => text.len().saturating_mul(4).saturating_add(2),
            Value::List(list) | Value::Tuple(list) => list.weight(),
            Value::Dict(dict) => dict.weight(),
            Value::Range(_) => 120,
            Value::Undefined(_) | Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => 40,
            Value::Object(_) => 80,
        }
    }

    /// How many levels of lists and dictionaries this value has.
    pub fn depth(&self) -> u8 {
        match self {
            Value::List(list) | Value::Tuple(list) => list.depth(),
            Value::Dict(dict) => dict.depth(),
            _ => 0,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Str(Rc::from(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Str(Rc::from(text))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Value {
        Value::Int(value as i128)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(i128::from(value))
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.repr())
    }
}
