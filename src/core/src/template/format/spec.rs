//! Python's format specification mini-language: what stands behind the colon in `{:>8.2f}`.

use super::number;
use super::{cut, number as read_number};
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::value::Value;

/// `[[fill]align][sign][z][#][0][width][grouping][.precision][kind]`
#[derive(Default)]
struct Spec {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    /// `z`: what rounds to zero has no sign.
    unsigned_zero: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

/// `format(value, spec)`
pub(super) fn format(evaluator: &Evaluator<'_>, value: &Value, spec: &str) -> Result<String, Fault> {
    evaluator.defined(value)?;
    if spec.is_empty() {
        return Ok(evaluator.text(value)?.into_owned());
    }
    let spec = Spec::parse(spec)?;
    // Fill characters and separators; a float has at most 309 digits before its point.
    let widest = spec.width.saturating_add(spec.precision.unwrap_or(0)).saturating_add(400);
    evaluator.budget.memory(widest.saturating_mul(4))?;
    match value {
        Value::Str(text) => {
            evaluator.budget.memory(text.len())?;
            spec.text(text)
        }
        Value::Int(_) | Value::Bool(_) => spec.integer(value.as_int().unwrap_or(0)),
        Value::Float(value) => spec.float(*value),
        _ => Err(Fault::invalid("only strings and numbers take a format")),
    }
}

impl Spec {
    fn parse(text: &str) -> Result<Spec, Fault> {
        let is_align = |c: &char| matches!(c, '<' | '>' | '=' | '^');
        let mut spec = Spec::default();
        let mut ahead = text.chars();
        let (first, second) = (ahead.next(), ahead.next());
        let mut chars = text.chars().peekable();
        if second.filter(is_align).is_some() {
            spec.fill = first;
            spec.align = second;
            chars = ahead.as_str().chars().peekable();
        } else {
            spec.align = chars.next_if(is_align);
        }
        spec.sign = chars.next_if(|c| matches!(c, '+' | '-' | ' '));
        spec.unsigned_zero = chars.next_if_eq(&'z').is_some();
        spec.alternate = chars.next_if_eq(&'#').is_some();
        // Behind a fill character it belongs to the width.
        spec.zero = spec.fill.is_none() && chars.next_if_eq(&'0').is_some();
        spec.width = read_number(&mut chars)?.unwrap_or(0);
        spec.grouping = chars.next_if(|c| matches!(c, ',' | '_'));
        if chars.next_if_eq(&'.').is_some() {
            let precision = read_number(&mut chars)?;
            spec.precision = Some(precision.ok_or_else(|| Fault::invalid("the format lacks a precision"))?);
        }
        spec.kind = chars.next();
        if chars.next().is_some() { Err(Fault::invalid("the format is not valid")) } else { Ok(spec) }
    }

    fn text(&self, text: &str) -> Result<String, Fault> {
        let numeric = self.sign.is_some() || self.alternate || self.unsigned_zero || self.grouping.is_some();
        if numeric || self.align == Some('=') || !matches!(self.kind, None | Some('s')) {
            return Err(Fault::invalid("this format is for numbers, the value is a string"));
        }
        let text = cut(text, self.precision);
        Ok(self.pad("", text, self.align.unwrap_or('<')))
    }

    fn integer(&self, value: i128) -> Result<String, Fault> {
        let kind = self.kind.unwrap_or('d');
        if matches!(kind, 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') {
            return self.float(value as f64);
        }
        if !matches!(kind, 'b' | 'c' | 'd' | 'n' | 'o' | 'x' | 'X') {
            return Err(Fault::invalid("this format is not for integers"));
        }
        if self.precision.is_some() || self.unsigned_zero {
            return Err(Fault::invalid("an integer has neither a precision nor a negative zero"));
        }
        if kind == 'c' {
            let c = u32::try_from(value).ok().and_then(char::from_u32);
            let c = c.filter(|_| self.sign.is_none() && !self.alternate && self.grouping.is_none());
            let c = c.ok_or_else(|| Fault::invalid("`c` needs the number of a character, without sign"))?;
            return Ok(self.assemble(false, "", &c.to_string(), ""));
        }
        self.check_grouping(kind)?;
        let prefix = if self.alternate { number::prefix(kind) } else { "" };
        Ok(self.assemble(value < 0, prefix, &number::digits(value.unsigned_abs(), kind), ""))
    }

    fn float(&self, value: f64) -> Result<String, Fault> {
        let precision = self.precision.unwrap_or(6);
        let text = match self.kind {
            None => number::plain(value, self.precision, self.alternate),
            Some('%') => number::float(value * 100.0, 'f', precision, self.alternate) + "%",
            Some('n') => number::float(value, 'g', precision, self.alternate),
            Some(kind @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G')) => {
                number::float(value, kind, precision, self.alternate)
            }
            Some(_) => return Err(Fault::invalid("this format is not for floats")),
        };
        self.check_grouping(self.kind.unwrap_or('f'))?;
        let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
        let is_zero = mantissa.chars().all(|c| matches!(c, '0' | '.' | '%'));
        let negative = value.is_sign_negative() && !value.is_nan() && !(self.unsigned_zero && is_zero);
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = text.strip_suffix(rest).unwrap_or_default();
        Ok(self.assemble(negative, "", digits, rest))
    }

    fn check_grouping(&self, kind: char) -> Result<(), Fault> {
        match (self.grouping, kind) {
            (None, _) | (Some(_), 'd' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => Ok(()),
            (Some('_'), 'b' | 'o' | 'x' | 'X') => Ok(()),
            _ => Err(Fault::invalid("this format takes no thousands separator")),
        }
    }

    /// A number of its parts: sign, prefix, whole digits and what is behind them.
    fn assemble(&self, negative: bool, prefix: &str, digits: &str, rest: &str) -> String {
        let sign = match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        };
        let align = self.align.unwrap_or(if self.zero { '=' } else { '>' });
        let head = [sign, prefix].concat();
        let zeros = self.fill() == '0' && align == '=';
        let least = if zeros { self.width.saturating_sub(head.len() + rest.chars().count()) } else { 0 };
        let body = self.grouped(digits, least) + rest;
        if align == '=' { self.pad(&head, &body, '>') } else { self.pad("", &(head + &body), align) }
    }

    /// The digits with separators, filled with zeros to at least `least` characters.
    fn grouped(&self, digits: &str, least: usize) -> String {
        let Some(separator) = self.grouping else {
            return "0".repeat(least.saturating_sub(digits.chars().count())) + digits;
        };
        let size = if matches!(self.kind, Some('b' | 'o' | 'x' | 'X')) { 4 } else { 3 };
        let mut reversed = String::new();
        let mut count = 0;
        let mut from = digits.chars().rev();
        loop {
            let digit = match from.next() {
                Some(digit) => digit,
                None if reversed.len() < least => '0',
                None => break,
            };
            if count > 0 && count % size == 0 {
                reversed.push(separator);
            }
            reversed.push(digit);
            count += 1;
        }
        reversed.chars().rev().collect()
    }

    fn fill(&self) -> char {
        self.fill.unwrap_or(if self.zero { '0' } else { ' ' })
    }

    /// `head`, filling and `body`, as wide as asked for.
    fn pad(&self, head: &str, body: &str, align: char) -> String {
        let missing = self.width.saturating_sub(head.chars().count() + body.chars().count());
        let (left, right) = match align {
            '<' => (0, missing),
            '^' => (missing / 2, missing - missing / 2),
            _ => (missing, 0),
        };
        let mut out = String::from(head);
        out.extend(std::iter::repeat_n(self.fill(), left));
        out.push_str(body);
        out.extend(std::iter::repeat_n(self.fill(), right));
        out
    }
}
