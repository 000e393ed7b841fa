//! `tojson`.

use std::fmt::Write as _;

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::order::sort_by_key;
use super::{given, present};
use crate::value::{Dict, Value, float_repr};

/// `tojson(indent=None)`: Python's `json.dumps` with sorted keys, in ASCII, safe inside HTML.
pub(super) fn tojson(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [indent] = arguments.bind(["indent"])?;
    let indent = match given(indent) {
        None => None,
        Some(Value::Str(text)) => Some(safe_for_html(&text)),
        Some(width) => Some(" ".repeat(evaluator.count(&width)?)),
    };
    let mut writer = Writer { evaluator, indent, depth: 0, out: String::new() };
    writer.value(&value)?;
    Ok(Value::from(writer.out))
}

struct Writer<'e, 't> {
    evaluator: &'e mut Evaluator<'t>,
    indent: Option<String>,
    depth: usize,
    out: String,
}

impl Writer<'_, '_> {
    fn push(&mut self, text: &str) -> Result<(), Fault> {
        self.evaluator.budget.memory(text.len())?;
        self.out.push_str(text);
        Ok(())
    }

    fn value(&mut self, value: &Value) -> Result<(), Fault> {
        // Lists can share their items, so that a small one is long in print.
        self.evaluator.budget.slots(1)?;
        match value {
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => self.push(&scalar(value)),
            Value::Str(text) => self.string(text),
            Value::List(list) | Value::Tuple(list) => {
                self.sequence("[", "]", list.items(), |this, item| this.value(item))
            }
            Value::Dict(dict) => self.dict(dict),
            Value::Undefined(_) => {
                present(value)?;
                Ok(())
            }
            Value::Range(_) | Value::Object(_) => {
                Err(Fault::invalid("this value can't be written as JSON; make a list of it first"))
            }
        }
    }

    fn dict(&mut self, dict: &Dict) -> Result<(), Fault> {
        self.evaluator.budget.slots(dict.len().saturating_mul(2))?;
        let entries = dict.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        let entries = if dict.keys().all(|key| key.as_str().is_some()) {
            self.by_text(entries)?
        } else {
            sort_by_key(self.evaluator, entries, false)?
        };
        self.sequence("{", "}", &entries, |this, (key, value)| {
            match key {
                Value::Str(text) => this.string(text)?,
                Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
                    let text = scalar(key);
                    this.push(&["\"", &text, "\""].concat())?;
                }
                _ => return Err(Fault::invalid("keys of JSON are strings, numbers, booleans or none")),
            }
            this.push(": ")?;
            this.value(value)
        })
    }

    /// The usual case: strings have an order that can't fail.
    fn by_text(&self, mut entries: Vec<(Value, Value)>) -> Result<Vec<(Value, Value)>, Fault> {
        let comparisons = entries.len().saturating_mul(entries.len().checked_ilog2().unwrap_or(0) as usize);
        self.evaluator.budget.fuel(comparisons as u64 / 16)?;
        entries.sort_by(|(left, _), (right, _)| left.as_str().cmp(&right.as_str()));
        Ok(entries)
    }

    fn sequence<T>(
        &mut self,
        open: &str,
        close: &str,
        items: &[T],
        write: impl Fn(&mut Self, &T) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.push(open)?;
        self.depth += 1;
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.push(if self.indent.is_some() { "," } else { ", " })?;
            }
            self.new_line()?;
            write(self, item)?;
        }
        self.depth -= 1;
        if !items.is_empty() {
            self.new_line()?;
        }
        self.push(close)
    }

    fn new_line(&mut self) -> Result<(), Fault> {
        let Some(indent) = self.indent.take() else { return Ok(()) };
        self.push("\n")?;
        for _ in 0..self.depth {
            self.push(&indent)?;
        }
        self.indent = Some(indent);
        Ok(())
    }

    fn string(&mut self, text: &str) -> Result<(), Fault> {
        self.push("\"")?;
        let mut rest = text;
        while let Some((plain, behind)) = rest.find(|c| !is_plain(c)).and_then(|at| rest.split_at_checked(at))
        {
            self.push(plain)?;
            let mut chars = behind.chars();
            match chars.next().unwrap_or_default() {
                '"' => self.push("\\\"")?,
                '\\' => self.push("\\\\")?,
                '\n' => self.push("\\n")?,
                '\r' => self.push("\\r")?,
                '\t' => self.push("\\t")?,
                '\x08' => self.push("\\b")?,
                '\x0c' => self.push("\\f")?,
                c => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        self.escape(*unit)?;
                    }
                }
            }
            rest = chars.as_str();
        }
        self.push(rest)?;
        self.push("\"")
    }

    fn escape(&mut self, unit: u16) -> Result<(), Fault> {
        self.evaluator.budget.memory(6)?;
        let _ = write!(self.out, "\\u{unit:04x}");
        Ok(())
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::None => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) if value.is_nan() => "NaN".to_owned(),
        Value::Float(value) if value.is_infinite() => {
            if *value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
        }
        Value::Float(value) => float_repr(*value),
        _ => String::new(),
    }
}

/// Characters that stand for themselves: ASCII, less what JSON or HTML gives a meaning.
fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~') && !matches!(c, '"' | '\\' | '<' | '>' | '&' | '\'')
}

/// The text with what HTML gives a meaning escaped, as `tojson` does it everywhere.
fn safe_for_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' | '>' | '&' | '\'' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}
