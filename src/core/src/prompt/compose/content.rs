//! The content of a message as template text.

use std::borrow::Cow;

use crate::template::{Options, Role, Template};
use crate::value::{Dict, Key, Value};

/// A piece of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text that means itself.
    Text(&'a str),
    /// `{{name}}`
    Variable {
        /// The name, be it one that a template can read or not.
        name: &'a str,
        /// As it is written, braces included.
        source: &'a str,
    },
}

/// Takes a content apart. Two pieces of text are never neighbours, and none is empty.
///
/// A variable is two braces around letters, digits, `_`, `-` and `.`, and white space.
pub fn parts(content: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = content;
    std::iter::from_fn(move || {
        let mut searched = 0;
        loop {
            let Some(found) = rest.get(searched..).and_then(|rest| rest.find("{{")) else {
                let text = std::mem::take(&mut rest);
                return (!text.is_empty()).then_some(Part::Text(text));
            };
            let (text, tail) = rest.split_at(searched + found);
            let Some((name, source)) = variable(tail) else {
                searched += found + 1;
                continue;
            };
            if !text.is_empty() {
                rest = tail;
                return Some(Part::Text(text));
            }
            rest = tail.get(source.len()..).unwrap_or_default();
            return Some(Part::Variable { name, source });
        }
    })
}

/// The name and the whole of the variable that a text begins with.
fn variable(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix("{{")?.trim_start();
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    let (name, rest) = inner.split_at(inner.find(|character| !is_part(character)).unwrap_or(inner.len()));
    if !name.starts_with(|character: char| character.is_alphanumeric() || character == '_') {
        return None;
    }
    let rest = rest.trim_start().strip_prefix("}}")?;
    Some((name, text.get(..text.len() - rest.len())?))
}

/// Whether a template prints the variable of this name, and not a constant, a function or an error.
pub(super) fn is_name(name: &str) -> bool {
    // The engine is the one to ask; a value that it can't know proves that it was read.
    const VALUE: &str = "a value";
    let mut variables = Dict::new();
    if variables.insert(Key::from(name), Value::from(VALUE)).is_err() {
        return false;
    }
    !name.contains(['.', '-'])
        && Template::compile(&format!("{{{{ {name} }}}}"), 1)
            .and_then(|template| template.render_text(&variables, &Options::default()))
            .is_ok_and(|text| text == VALUE)
}

/// What a render removes at both ends of a message: Python's `str.strip()`.
pub(super) fn strip(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

/// A content as a `.prompt` file can hold it: without white space at both ends, its line ends LF.
pub(super) fn normalise(content: &str) -> Cow<'_, str> {
    let content = strip(content);
    if content.contains('\r') {
        Cow::Owned(content.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(content)
    }
}

/// Writes a content behind the marker of its message, with a space before it unless it is empty.
pub(super) fn write(out: &mut String, content: &str) {
    let content = normalise(content);
    if !content.is_empty() {
        out.push(' ');
    }
    // The marker stands on the first line, so that nothing else opens a message there.
    let mut writer = Writer { out, line_is_blank: false };
    let mut parts = parts(&content).peekable();
    while let Some(part) = parts.next() {
        match part {
            Part::Variable { name, .. } => writer.tag(name),
            Part::Text(text) => writer.text(text, parts.peek().is_some()),
        }
    }
}

struct Writer<'o> {
    out: &'o mut String,
    /// The line holds nothing but spaces and tabs so far.
    line_is_blank: bool,
}

impl Writer<'_> {
    /// A tag that prints an expression. Even one that prints nothing makes its line non-blank.
    fn tag(&mut self, expression: &str) {
        self.out.push_str("{{ ");
        self.out.push_str(expression);
        self.out.push_str(" }}");
        self.line_is_blank = false;
    }

    /// Text that would mean something else outside of a string. It holds neither quotes nor
    /// backslashes.
    fn quoted(&mut self, text: &str) {
        self.tag(&format!("\"{text}\""));
    }

    fn text(&mut self, text: &str, before_tag: bool) {
        let mut lines = text.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            self.line(line, before_tag && lines.peek().is_none());
            self.line_is_blank |= line.ends_with('\n');
        }
    }

    fn line(&mut self, line: &str, before_tag: bool) {
        let (blank, mut rest) = line.split_at(line.len() - line.trim_start_matches([' ', '\t']).len());
        self.out.push_str(blank);
        if self.line_is_blank
            && let Some(role) = Role::ALL.into_iter().find(|role| rest.starts_with(role.marker()))
        {
            self.quoted(role.marker());
            rest = rest.strip_prefix(role.marker()).unwrap_or_default();
        }
        self.line_is_blank &= rest.is_empty();
        while let Some(at) = rest.find('{') {
            let (plain, tail) = rest.split_at(at);
            self.out.push_str(plain);
            let (opening, after) = tail.split_at(opening(tail));
            if opening.len() > 1 || (after.is_empty() && before_tag) {
                self.quoted(opening);
            } else {
                self.out.push_str(opening);
            }
            rest = after;
        }
        self.out.push_str(rest);
    }
}

/// How many bytes at the beginning of a text make the beginning of a tag, or of several: braces, and
/// the sign behind them.
fn opening(text: &str) -> usize {
    let braces = text.bytes().take_while(|byte| *byte == b'{').count();
    braces + usize::from(matches!(text.as_bytes().get(braces), Some(b'%' | b'#')))
}
