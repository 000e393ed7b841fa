//! `str.format`: text with fields in curly brackets.

use super::{ascii, repr, spec};
use crate::template::args::Args;
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::template::{methods, objects, ops};
use crate::value::Value;

/// How deep the format of a field may itself have fields.
const MAX_NESTING: u8 = 2;

/// `text.format(*arguments)`
pub(crate) fn str_format(
    evaluator: &mut Evaluator<'_>,
    text: &str,
    arguments: &Args,
) -> Result<Value, Fault> {
    run(evaluator, text, Source::Arguments(arguments))
}

/// `text.format_map(mapping)`
pub(crate) fn format_map(evaluator: &mut Evaluator<'_>, text: &str, mapping: &Value) -> Result<Value, Fault> {
    run(evaluator, text, Source::Mapping(mapping))
}

fn run(evaluator: &mut Evaluator<'_>, text: &str, source: Source<'_>) -> Result<Value, Fault> {
    let mut formatter = Formatter { evaluator, source, numbering: Numbering::Unknown };
    Ok(Value::from(formatter.expand(text, MAX_NESTING)?))
}

/// Where fields find their values.
#[derive(Clone, Copy)]
enum Source<'a> {
    Arguments(&'a Args),
    Mapping(&'a Value),
}

/// Fields are numbered by hand or one after the other, but not both in one text.
enum Numbering {
    Unknown,
    Automatic(usize),
    Manual,
}

struct Formatter<'e, 't, 'a> {
    evaluator: &'e Evaluator<'t>,
    source: Source<'a>,
    numbering: Numbering,
}

impl Formatter<'_, '_, '_> {
    /// The text with all its fields filled in.
    fn expand(&mut self, text: &str, nesting: u8) -> Result<String, Fault> {
        self.evaluator.budget.memory(text.len())?;
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, brace, behind)) = split_at_brace(rest) {
            out.push_str(before);
            rest = if behind.starts_with(brace) {
                out.push(brace);
                behind.get(1..).unwrap_or_default()
            } else if brace == '{' {
                let (field, rest) = Field::read(behind)?;
                let text = self.field(&field, nesting)?;
                self.evaluator.budget.memory(text.len())?;
                out.push_str(&text);
                rest
            } else {
                return Err(Fault::invalid("the format has a `}` without `{`; double it to mean itself"));
            };
        }
        out.push_str(rest);
        Ok(out)
    }

    fn field(&mut self, field: &Field<'_>, nesting: u8) -> Result<String, Fault> {
        self.evaluator.budget.fuel(1)?;
        let value = self.value(field.name)?;
        self.evaluator.defined(&value)?;
        let nested;
        let format = if field.format.contains(['{', '}']) {
            let nesting = nesting
                .checked_sub(1)
                .ok_or_else(|| Fault::invalid("the fields of a format nest too deep"))?;
            nested = self.expand(field.format, nesting)?;
            &nested
        } else {
            field.format
        };
        let value = match field.conversion {
            None => value,
            Some('s') => Value::from(self.evaluator.text(&value)?.into_owned()),
            Some('r') => Value::from(repr(self.evaluator, &value)?),
            Some('a') => Value::from(ascii(self.evaluator, &value)?),
            Some(_) => return Err(Fault::invalid("a field's conversion is one of `!s`, `!r` and `!a`")),
        };
        spec::format(self.evaluator, &value, format)
    }

    /// The value of `name.attribute[item]…`
    fn value(&mut self, name: &str) -> Result<Value, Fault> {
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, mut path) = name.split_at_checked(end).unwrap_or((name, ""));
        let mut value = self.first(first)?;
        while !path.is_empty() {
            self.evaluator.defined(&value)?;
            let found = if let Some(rest) = path.strip_prefix('.') {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (attribute, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
                path = rest;
                attribute_of(&value, attribute)
            } else {
                let (key, rest) = path
                    .strip_prefix('[')
                    .and_then(|rest| rest.split_once(']'))
                    .ok_or_else(|| Fault::invalid("the name of a field is not valid"))?;
                path = rest;
                self.item_of(&value, key)?
            };
            value = found.ok_or_else(|| Fault::invalid("a field looks up what its value does not have"))?;
        }
        Ok(value)
    }

    fn first(&mut self, name: &str) -> Result<Value, Fault> {
        let found = match (self.source, self.position(name)?) {
            (Source::Arguments(arguments), Some(position)) => arguments.positional.get(position).cloned(),
            (Source::Arguments(arguments), None) => {
                arguments.named.iter().find(|(known, _)| **known == *name).map(|(_, value)| value.clone())
            }
            (Source::Mapping(_), Some(_)) => None,
            (Source::Mapping(mapping), None) => mapping.as_dict().and_then(|dict| dict.get(name)).cloned(),
        };
        found.ok_or_else(|| Fault::invalid("the format has a field for which there is no value"))
    }

    /// The position of the argument that a field names; none if it names a keyword.
    fn position(&mut self, name: &str) -> Result<Option<usize>, Fault> {
        let mixed = || Fault::invalid("the fields of a format are numbered by hand or not at all");
        if name.is_empty() {
            let next = match self.numbering {
                Numbering::Unknown => 0,
                Numbering::Automatic(next) => next,
                Numbering::Manual => return Err(mixed()),
            };
            self.numbering = Numbering::Automatic(next + 1);
            return Ok(Some(next));
        }
        if !name.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(None);
        }
        if matches!(self.numbering, Numbering::Automatic(_)) {
            return Err(mixed());
        }
        self.numbering = Numbering::Manual;
        Ok(Some(name.parse().unwrap_or(usize::MAX)))
    }

    fn item_of(&self, value: &Value, key: &str) -> Result<Option<Value>, Fault> {
        let digits = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
        let index = key.parse::<i128>().ok().filter(|_| digits);
        let item =
            ops::item(&self.evaluator.budget, value, &index.map_or_else(|| Value::from(key), Value::Int))?;
        Ok(item.or_else(|| attribute_of(value, key)))
    }
}

/// Keys and attributes, but no methods: those are not for printing.
fn attribute_of(value: &Value, name: &str) -> Option<Value> {
    match value {
        Value::Dict(dict) => dict.get(name).cloned(),
        Value::Object(object) => objects::attribute(&**object, name),
        other => methods::attribute(other, name),
    }
}

/// A field: `{name!conversion:format}`
struct Field<'t> {
    name: &'t str,
    conversion: Option<char>,
    format: &'t str,
}

impl<'t> Field<'t> {
    /// Reads a field behind its opening bracket; returns what is behind the closing one, too.
    fn read(text: &'t str) -> Result<(Field<'t>, &'t str), Fault> {
        let unclosed = || Fault::invalid("the format has a `{` without `}`; double it to mean itself");
        let mut in_key = false;
        let end = text.char_indices().find(|(_, c)| {
            match c {
                '[' => in_key = true,
                ']' => in_key = false,
                _ => {}
            }
            !in_key && matches!(c, '!' | ':' | '{' | '}')
        });
        let (name, rest) = end.and_then(|(end, _)| text.split_at_checked(end)).ok_or_else(unclosed)?;
        let (conversion, rest) = match rest.strip_prefix('!') {
            Some(rest) => {
                let mut chars = rest.chars();
                (Some(chars.next().ok_or_else(unclosed)?), chars.as_str())
            }
            None => (None, rest),
        };
        if let Some(rest) = rest.strip_prefix('}') {
            return Ok((Field { name, conversion, format: "" }, rest));
        }
        let rest =
            rest.strip_prefix(':').ok_or_else(|| Fault::invalid("a field of the format is not valid"))?;
        let mut open = 0u32;
        let end = rest.char_indices().find(|(_, c)| {
            match c {
                '{' => open = open.saturating_add(1),
                '}' if open == 0 => return true,
                '}' => open -= 1,
                _ => {}
            }
            false
        });
        let (format, rest) = end.and_then(|(end, _)| rest.split_at_checked(end)).ok_or_else(unclosed)?;
        Ok((Field { name, conversion, format }, rest.get(1..).unwrap_or_default()))
    }
}

/// What is before the first curly bracket, the bracket, and what is behind it.
fn split_at_brace(text: &str) -> Option<(&str, char, &str)> {
    let (before, rest) = text.split_at_checked(text.find(['{', '}'])?)?;
    let mut chars = rest.chars();
    Some((before, chars.next()?, chars.as_str()))
}
