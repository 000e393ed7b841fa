//! Printing as Python's `str()` and `repr()` do.

use std::fmt::Write as _;

use super::{Value, float};

impl Value {
    /// `str(value)`: what `{{ value }}` writes.
    pub fn print(&self) -> String {
        let mut out = String::new();
        self.print_to(&mut out);
        out
    }

    /// Appends `str(value)`.
    pub fn print_to(&self, out: &mut String) {
        match self {
            Value::Str(text) => out.push_str(text),
            other => other.repr_to(out),
        }
    }

    /// `repr(value)`: as it stands inside a printed list.
    pub fn repr(&self) -> String {
        let mut out = String::new();
        self.repr_to(&mut out);
        out
    }

    fn repr_to(&self, out: &mut String) {
        match self {
            Value::Undefined(_) => {}
            Value::None => out.push_str("None"),
            Value::Bool(true) => out.push_str("True"),
            Value::Bool(false) => out.push_str("False"),
            Value::Int(value) => {
                let _ = write!(out, "{value}");
            }
            Value::Float(value) => out.push_str(&float::repr(*value)),
            Value::Str(text) => repr_str(text, out),
            Value::List(list) => sequence(list.items(), "[", "]", out),
            Value::Tuple(list) if list.len() == 1 => sequence(list.items(), "(", ",)", out),
            Value::Tuple(list) => sequence(list.items(), "(", ")", out),
            Value::Dict(dict) => {
                out.push('{');
                for (position, (key, value)) in dict.iter().enumerate() {
                    if position > 0 {
                        out.push_str(", ");
                    }
                    key.repr_to(out);
                    out.push_str(": ");
                    value.repr_to(out);
                }
                out.push('}');
            }
            Value::Range(range) => {
                let _ = write!(out, "range({}, {}", range.start, range.stop);
                if range.step != 1 {
                    let _ = write!(out, ", {}", range.step);
                }
                out.push(')');
            }
            Value::Object(object) => out.push_str(&object.print()),
        }
    }
}

fn sequence(items: &[Value], open: &str, close: &str, out: &mut String) {
    out.push_str(open);
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            out.push_str(", ");
        }
        item.repr_to(out);
    }
    out.push_str(close);
}

/// Appends `repr(text)`: in single quotes unless only double ones avoid escaping.
pub fn repr_str(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            c if is_printable(c) => out.push(c),
            c => {
                let code = u32::from(c);
                let _ = match code {
                    0..=0xff => write!(out, "\\x{code:02x}"),
                    0x100..=0xffff => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push(quote);
}

/// Python's `str.isprintable` of one character.
pub fn is_printable(c: char) -> bool {
    if c == ' ' {
        return true;
    }
    if c.is_whitespace() {
        return false;
    }
    // `escape_debug` draws the same line as Python (both follow the Unicode categories), but also
    // escapes combining marks, except behind another character.
    let mut buffer = String::with_capacity(5);
    buffer.push('a');
    buffer.push(c);
    let escaped = buffer.escape_debug().nth(1);
    escaped != Some('\\') || matches!(c, '\\' | '\'' | '"')
}
