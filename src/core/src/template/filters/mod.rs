//! Jinja2's filters.

mod attribute;
mod case;
mod choose;
mod entities;
mod escape;
mod filesize;
mod group;
mod json;
mod layout;
mod numbers;
mod order;
mod parse;
mod select;
mod sequences;
mod striptags;
mod text;
mod urlencode;
mod urlize;
mod values;
mod wordwrap;

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod undefined;

use super::args::Args;
use super::error::{ErrorKind, Fault};
use super::eval::Evaluator;
use super::items::Items;
use super::unicode;
use crate::value::Value;

/// A filter: the piped value, the arguments, the result.
pub(crate) type Filter = fn(&mut Evaluator<'_>, Value, Args) -> Result<Value, Fault>;

/// The filter called `name`.
pub(crate) fn lookup(name: &str) -> Option<Filter> {
    Some(match name {
        "abs" => numbers::abs,
        "attr" => values::attr,
        "batch" => sequences::batch,
        "capitalize" => case::capitalize,
        "center" => layout::center,
        "count" | "length" => sequences::length,
        "d" | "default" => values::default,
        "dictsort" => order::dictsort,
        "e" | "escape" | "forceescape" => escape::escape,
        "filesizeformat" => filesize::filesizeformat,
        "first" => sequences::first,
        "float" => numbers::float,
        "format" => text::format,
        "groupby" => group::groupby,
        "indent" => layout::indent,
        "int" => numbers::int,
        "items" => sequences::items,
        "join" => sequences::join,
        "last" => sequences::last,
        "list" => sequences::list,
        "lower" => case::lower,
        "map" => select::map,
        "max" => choose::max,
        "min" => choose::min,
        "reject" => select::reject,
        "rejectattr" => select::rejectattr,
        "replace" => text::replace,
        "reverse" => sequences::reverse,
        "round" => numbers::round,
        "safe" => values::string,
        "select" => select::select,
        "selectattr" => select::selectattr,
        "slice" => sequences::slice,
        "sort" => order::sort,
        "string" => values::string,
        "striptags" => striptags::striptags,
        "sum" => choose::sum,
        "title" => case::title,
        "tojson" => json::tojson,
        "trim" => text::trim,
        "truncate" => layout::truncate,
        "unique" => group::unique,
        "upper" => case::upper,
        "urlencode" => urlencode::urlencode,
        "urlize" => urlize::urlize,
        "wordcount" => text::wordcount,
        "wordwrap" => wordwrap::wordwrap,
        "xmlattr" => escape::xmlattr,
        _ => return None,
    })
}

/// Refuses an undefined value even where undefined ones count as empty: Python's default `Undefined`
/// prints and iterates, but does not calculate and has no attributes.
pub(super) fn present(value: &Value) -> Result<(), Fault> {
    match value {
        Value::Undefined(Some(missing)) => Err(Fault::new(ErrorKind::Undefined(missing.clone()))),
        Value::Undefined(None) => Err(Fault::invalid("there is nothing here to work with")),
        _ => Ok(()),
    }
}

/// What a filter does not find. The author's mistake, unless undefined values count as empty.
fn absent(evaluator: &Evaluator<'_>, what: &str) -> Value {
    // Any variable of the client's tells which of the two it is.
    match evaluator.defined(&Value::missing("")) {
        Ok(()) => Value::Undefined(None),
        Err(_) => Value::missing_by_author(what),
    }
}

/// The argument, unless it is Python's `None`, which stands for the default of many parameters.
fn given(argument: Option<Value>) -> Option<Value> {
    argument.filter(|value| !matches!(value, Value::None))
}

fn truth(argument: Option<Value>, default: bool) -> bool {
    argument.map_or(default, |value| value.is_true())
}

/// What a loop over a filter's input goes through. Its caller paid for the items that there are; those
/// of a range are made now.
fn items(evaluator: &Evaluator<'_>, value: &Value) -> Result<Items, Fault> {
    if let Value::Range(range) = value {
        evaluator.budget.slots(range.len)?;
    }
    evaluator.items(value)
}
