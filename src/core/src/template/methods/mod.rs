//! Methods of Python's types that templates call.

#[cfg(test)]
mod bounds;
mod dict;
mod list;
mod number;
mod str_case;
mod str_edit;
mod str_find;
mod str_pad;
mod str_predicate;
mod str_split;
mod str_translate;

use std::rc::Rc;

use super::args::Args;
use super::error::Fault;
use super::eval::Evaluator;
use super::format;
use crate::value::Value;

/// A method of strings: the string, the arguments, the result.
type StrMethod = fn(&mut Evaluator<'_>, &Rc<str>, Args) -> Result<Value, Fault>;

/// The name of a parameter that is only given by position.
const POSITIONAL: &str = "";

/// `receiver.name(arguments)`; none if the type has no such method.
pub(crate) fn call(
    evaluator: &mut Evaluator<'_>,
    receiver: &Value,
    name: &str,
    arguments: Args,
) -> Result<Option<Value>, Fault> {
    match receiver {
        Value::Str(text) => match lookup(name) {
            Some(method) => method(evaluator, text, arguments).map(Some),
            None => Ok(None),
        },
        Value::List(_) | Value::Tuple(_) | Value::Range(_) => {
            list::call(evaluator, receiver, name, arguments)
        }
        Value::Dict(dict) => dict::call(evaluator, dict, name, arguments),
        Value::Int(_) | Value::Bool(_) | Value::Float(_) => number::call(receiver, name, arguments),
        Value::Undefined(_) | Value::None | Value::Object(_) => Ok(None),
    }
}

/// `receiver.name`, where that is neither a key nor a method.
pub(crate) fn attribute(receiver: &Value, name: &str) -> Option<Value> {
    match receiver {
        Value::Int(_) | Value::Bool(_) | Value::Float(_) => number::attribute(receiver, name),
        Value::Range(range) => list::range_attribute(range, name),
        _ => None,
    }
}

/// Pays for work that takes long for each character beyond ASCII.
fn slowly(evaluator: &Evaluator<'_>, text: &str) -> Result<(), Fault> {
    if text.is_ascii() { Ok(()) } else { evaluator.budget.memory(text.len().saturating_mul(4)) }
}

/// What a method that would change its receiver says.
fn immutable() -> Fault {
    Fault::invalid("lists and mappings can't be changed in a template; make a new one")
}

/// The method of strings called `name`.
fn lookup(name: &str) -> Option<StrMethod> {
    Some(match name {
        "upper" => str_case::upper,
        "lower" => str_case::lower,
        "title" => str_case::title,
        "capitalize" => str_case::capitalize,
        "swapcase" => str_case::swapcase,
        "casefold" => str_case::casefold,
        "strip" => str_edit::strip,
        "lstrip" => str_edit::lstrip,
        "rstrip" => str_edit::rstrip,
        "removeprefix" => str_edit::removeprefix,
        "removesuffix" => str_edit::removesuffix,
        "replace" => str_edit::replace,
        "expandtabs" => str_edit::expandtabs,
        "split" => str_split::split,
        "rsplit" => str_split::rsplit,
        "splitlines" => str_split::splitlines,
        "partition" => str_split::partition,
        "rpartition" => str_split::rpartition,
        "join" => str_split::join,
        "find" => str_find::find,
        "rfind" => str_find::rfind,
        "index" => str_find::index,
        "rindex" => str_find::rindex,
        "count" => str_find::count,
        "startswith" => str_find::startswith,
        "endswith" => str_find::endswith,
        "center" => str_pad::center,
        "ljust" => str_pad::ljust,
        "rjust" => str_pad::rjust,
        "zfill" => str_pad::zfill,
        "isalnum" => str_predicate::isalnum,
        "isalpha" => str_predicate::isalpha,
        "isascii" => str_predicate::isascii,
        "isdecimal" => str_predicate::isdecimal,
        "isdigit" => str_predicate::isdigit,
        "isidentifier" => str_predicate::isidentifier,
        "islower" => str_predicate::islower,
        "isnumeric" => str_predicate::isnumeric,
        "isprintable" => str_predicate::isprintable,
        "isspace" => str_predicate::isspace,
        "istitle" => str_predicate::istitle,
        "isupper" => str_predicate::isupper,
        "maketrans" => str_translate::maketrans,
        "translate" => str_translate::translate,
        "format" => format,
        "format_map" => format_map,
        _ => return None,
    })
}

/// `str.format(*args, **kwargs)`
fn format(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    format::str_format(evaluator, text, &arguments)
}

/// `str.format_map(mapping)`
fn format_map(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    let mapping = arguments.one(POSITIONAL)?;
    evaluator.defined(&mapping)?;
    format::format_map(evaluator, text, &mapping)
}
