//! `format % values`, as CPython's `unicode_format` reads it.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::Chars;

use super::{ascii, cut, number, repr};
use crate::template::MAX_COUNT;
use crate::template::error::{Fault, Limit};
use crate::template::eval::Evaluator;
use crate::value::{List, Value};

/// `format % values`
pub(crate) fn percent(evaluator: &mut Evaluator<'_>, format: &Value, values: &Value) -> Result<Value, Fault> {
    evaluator.defined(values)?;
    let format = evaluator.str(format)?;
    evaluator.budget.memory(format.len())?;
    let mut arguments = Arguments::new(values);
    let mut out = String::with_capacity(format.len());
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        if chars.next_if_eq(&'%').is_some() {
            out.push('%');
            continue;
        }
        if let Some(name) = key(&mut chars)? {
            arguments.select(evaluator, &name)?;
        }
        evaluator.budget.fuel(1)?;
        let conversion = Conversion::read(evaluator, &mut chars, &mut arguments)?;
        let value = arguments.next()?;
        let piece = conversion.convert(evaluator, &value)?;
        evaluator.budget.memory(piece.text.len().saturating_add(conversion.width))?;
        conversion.pad(&piece, &mut out);
    }
    arguments.finish()?;
    Ok(Value::from(out))
}

/// What is formatted: the items of a tuple, the entries of a mapping, or one value.
enum Arguments<'v> {
    Tuple(&'v List, usize),
    One(&'v Value, bool),
    /// A mapping, and the entry that was named last, unless it has been used.
    Mapping(&'v Value, Option<Value>),
}

impl<'v> Arguments<'v> {
    fn new(values: &'v Value) -> Arguments<'v> {
        match values {
            Value::Tuple(items) => Arguments::Tuple(items, 0),
            Value::Dict(_) | Value::List(_) | Value::Range(_) => {
                Arguments::Mapping(values, Some(values.clone()))
            }
            one => Arguments::One(one, false),
        }
    }

    fn next(&mut self) -> Result<Value, Fault> {
        let value = match self {
            Arguments::Tuple(items, next) => {
                *next += 1;
                items.items().get(*next - 1).cloned()
            }
            Arguments::One(_, true) => None,
            Arguments::One(value, used) => {
                *used = true;
                Some(value.clone())
            }
            Arguments::Mapping(_, selected) => selected.take(),
        };
        value.ok_or_else(|| Fault::invalid("there are fewer values than the format has places"))
    }

    /// `%(name)…`
    fn select(&mut self, evaluator: &Evaluator<'_>, name: &str) -> Result<(), Fault> {
        let Arguments::Mapping(Value::Dict(dict), selected) = self else {
            return Err(Fault::invalid("a format with names needs a mapping"));
        };
        let value =
            dict.get(name).ok_or_else(|| Fault::invalid("the format names a key that is not there"))?;
        evaluator.defined(value)?;
        *selected = Some(value.clone());
        Ok(())
    }

    fn finish(self) -> Result<(), Fault> {
        match self {
            Arguments::Tuple(items, used) if used < items.len() => {}
            Arguments::One(_, false) => {}
            _ => return Ok(()),
        }
        Err(Fault::invalid("there are more values than the format has places"))
    }
}

/// The name in `%(name)s`, if there is one.
fn key(chars: &mut Peekable<Chars<'_>>) -> Result<Option<String>, Fault> {
    if chars.next_if_eq(&'(').is_none() {
        return Ok(None);
    }
    let mut name = String::new();
    let mut open = 1;
    for c in chars.by_ref() {
        match c {
            '(' => open += 1,
            ')' if open == 1 => return Ok(Some(name)),
            ')' => open -= 1,
            _ => {}
        }
        name.push(c);
    }
    Err(Fault::invalid("a format name has no closing bracket"))
}

/// One place of a format: `%[flags][width][.precision]kind`.
#[derive(Default)]
struct Conversion {
    left: bool,
    plus: bool,
    blank: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    kind: char,
}

impl Conversion {
    fn read(
        evaluator: &Evaluator<'_>,
        chars: &mut Peekable<Chars<'_>>,
        arguments: &mut Arguments<'_>,
    ) -> Result<Conversion, Fault> {
        let mut conversion = Conversion::default();
        while let Some(flag) = chars.next_if(|c| "-+ #0".contains(*c)) {
            match flag {
                '-' => conversion.left = true,
                '+' => conversion.plus = true,
                ' ' => conversion.blank = true,
                '#' => conversion.alternate = true,
                _ => conversion.zero = true,
            }
        }
        if chars.next_if_eq(&'*').is_some() {
            let width = star(evaluator, arguments)?;
            conversion.left |= width < 0;
            conversion.width = bounded(width.unsigned_abs())?;
        } else {
            conversion.width = number(chars)?.unwrap_or(0);
        }
        if chars.next_if_eq(&'.').is_some() {
            conversion.precision = Some(if chars.next_if_eq(&'*').is_some() {
                bounded(star(evaluator, arguments)?.max(0).unsigned_abs())?
            } else {
                number(chars)?.unwrap_or(0)
            });
        }
        // Lengths of C's types mean nothing here.
        chars.next_if(|c| matches!(c, 'h' | 'l' | 'L'));
        conversion.kind = chars.next().ok_or_else(|| Fault::invalid("the format ends within a place"))?;
        Ok(conversion)
    }

    fn convert<'v>(&self, evaluator: &Evaluator<'_>, value: &'v Value) -> Result<Piece<'v>, Fault> {
        evaluator.defined(value)?;
        evaluator.budget.memory(self.precision.unwrap_or(0))?;
        let (sign, prefix, text) = match self.kind {
            's' => return Ok(Piece::text(self.cut(evaluator.text(value)?))),
            'r' => return Ok(Piece::text(self.cut(repr(evaluator, value)?.into()))),
            'a' => return Ok(Piece::text(self.cut(ascii(evaluator, value)?.into()))),
            'c' => return Ok(Piece::text(character(value)?.to_string().into())),
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
                let value = self.integer(value)?;
                let digits = super::number::digits(value.unsigned_abs(), self.kind);
                let zeros = self.precision.unwrap_or(0).saturating_sub(digits.len());
                let prefix = if self.alternate { super::number::prefix(self.kind) } else { "" };
                (self.sign(value < 0), prefix, "0".repeat(zeros) + &digits)
            }
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let value = evaluator.float(value)?;
                let precision = self.precision.unwrap_or(6);
                let text = super::number::float(value, self.kind, precision, self.alternate);
                (self.sign(value.is_sign_negative() && !value.is_nan()), "", text)
            }
            _ => return Err(Fault::invalid("the format has an unknown conversion")),
        };
        Ok(Piece { sign, prefix, text: Cow::Owned(text), numeric: true })
    }

    /// As many characters as the precision allows.
    fn cut<'v>(&self, text: Cow<'v, str>) -> Cow<'v, str> {
        match text {
            Cow::Borrowed(text) => Cow::Borrowed(cut(text, self.precision)),
            Cow::Owned(text) if self.precision.is_none() => Cow::Owned(text),
            Cow::Owned(text) => Cow::Owned(cut(&text, self.precision).to_owned()),
        }
    }

    fn integer(&self, value: &Value) -> Result<i128, Fault> {
        match value {
            Value::Float(value) if matches!(self.kind, 'd' | 'i' | 'u') => {
                let value = value.trunc();
                if value.is_nan() || value.abs() >= 2f64.powi(127) {
                    return Err(Fault::invalid("this number is no integer"));
                }
                Ok(value as i128)
            }
            other => other.as_int().ok_or_else(|| Fault::invalid("this format needs a number")),
        }
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.blank) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }

    fn pad(&self, piece: &Piece<'_>, out: &mut String) {
        let len = piece.sign.len() + piece.prefix.len() + piece.text.chars().count();
        let missing = self.width.saturating_sub(len);
        let zeros = piece.numeric && self.zero;
        let fill = |out: &mut String, c| out.extend(std::iter::repeat_n(c, missing));
        if !self.left && !zeros {
            fill(out, ' ');
        }
        out.push_str(piece.sign);
        out.push_str(piece.prefix);
        if !self.left && zeros {
            fill(out, '0');
        }
        out.push_str(&piece.text);
        if self.left {
            fill(out, ' ');
        }
    }
}

/// A formatted value before it is padded.
struct Piece<'v> {
    sign: &'static str,
    prefix: &'static str,
    text: Cow<'v, str>,
    /// It may be padded with zeros, which go behind the sign.
    numeric: bool,
}

impl<'v> Piece<'v> {
    fn text(text: Cow<'v, str>) -> Piece<'v> {
        Piece { sign: "", prefix: "", text, numeric: false }
    }
}

/// A width or precision that is among the values.
fn star(evaluator: &Evaluator<'_>, arguments: &mut Arguments<'_>) -> Result<i128, Fault> {
    let value = arguments.next()?;
    evaluator.int(&value)
}

fn bounded(number: u128) -> Result<usize, Fault> {
    match usize::try_from(number) {
        Ok(number) if number <= MAX_COUNT => Ok(number),
        _ => Err(Limit::Count.into()),
    }
}

/// `%c`: a character or its number.
fn character(value: &Value) -> Result<char, Fault> {
    let found = match value {
        Value::Str(text) => {
            let mut chars = text.chars();
            chars.next().filter(|_| chars.next().is_none())
        }
        other => other.as_int().and_then(|code| u32::try_from(code).ok()).and_then(char::from_u32),
    };
    found.ok_or_else(|| Fault::invalid("`%c` needs one character or its number"))
}
