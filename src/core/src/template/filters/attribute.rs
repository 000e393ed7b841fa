//! Attributes that are named by an argument: `map(attribute='user.name')`.

use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::super::{methods, objects, ops};
use super::{absent, present, unicode};
use crate::value::Value;

/// Fetches an attribute, or the value itself if none is named.
pub(super) struct Getter {
    /// Names, and indices where a part is a number.
    parts: Vec<Value>,
    /// What an attribute is that is not there.
    default: Option<Value>,
}

impl Getter {
    /// A getter for `attribute`, which may go through several levels with dots.
    pub(super) fn new(
        evaluator: &Evaluator<'_>,
        attribute: Option<&Value>,
        default: Option<Value>,
    ) -> Result<Getter, Fault> {
        let parts = match attribute {
            None | Some(Value::None) => Vec::new(),
            Some(Value::Str(path)) => {
                evaluator.budget.slots(path.len())?;
                path.split('.').map(part).collect()
            }
            Some(other) => {
                evaluator.defined(other)?;
                vec![other.clone()]
            }
        };
        Ok(Getter { parts, default })
    }

    /// Getters for a list of attributes with commas between them.
    pub(super) fn several(
        evaluator: &Evaluator<'_>,
        attributes: Option<&Value>,
    ) -> Result<Vec<Getter>, Fault> {
        match attributes {
            Some(Value::Str(paths)) => {
                paths.split(',').map(|path| Getter::new(evaluator, Some(&Value::from(path)), None)).collect()
            }
            other => Ok(vec![Getter::new(evaluator, other, None)?]),
        }
    }

    /// The attribute of `item`.
    pub(super) fn get(&self, evaluator: &Evaluator<'_>, item: Value) -> Result<Value, Fault> {
        let mut value = item;
        evaluator.budget.fuel(1 + self.parts.len() as u64)?;
        for part in &self.parts {
            present(&value)?;
            let found = match (&value, part) {
                (Value::Object(object), Value::Str(name)) => objects::attribute(&**object, name),
                (_, Value::Str(name)) => match ops::item(&evaluator.budget, &value, part)? {
                    None => methods::attribute(&value, name),
                    found => found,
                },
                _ => ops::item(&evaluator.budget, &value, part)?,
            };
            value = match (found, &self.default) {
                (Some(Value::Undefined(_)) | None, Some(default)) => default.clone(),
                (Some(found), _) => found,
                (None, None) => absent(evaluator, &part.print()),
            };
        }
        Ok(value)
    }

    /// The attribute as a key to sort and compare by: text in lower case, unless that matters.
    pub(super) fn key(
        &self,
        evaluator: &Evaluator<'_>,
        item: Value,
        case_sensitive: bool,
    ) -> Result<Value, Fault> {
        Ok(match self.get(evaluator, item)? {
            Value::Str(text) if !case_sensitive => evaluator.string(text.to_lowercase())?,
            other => other,
        })
    }
}

fn part(text: &str) -> Value {
    let digits = || text.chars().map(unicode::decimal);
    if text.is_empty() || digits().any(|digit| digit.is_none()) {
        return Value::from(text);
    }
    let number = digits().flatten().try_fold(0i128, |number, digit| {
        number.checked_mul(10).and_then(|number| number.checked_add(i128::from(digit)))
    });
    number.map_or_else(|| Value::from(text), Value::Int)
}
