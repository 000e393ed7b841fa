//! What can be wrong with a template, and where.

use std::fmt;
use std::rc::Rc;

use crate::value::Missing;

/// A template that does not compile or render.
///
/// What it displays is for the author, on a machine of his own: it may name what stands in the
/// template. [`Error::public_message`] is for replies and logs: it tells kind, line and column, and
/// quotes neither the template nor any value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Box<ErrorKind>,
    line: u32,
    column: u32,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The template does not parse; the parser's own words.
    Syntax(String),
    /// A statement or expression that is not supported on purpose.
    Unsupported(&'static str),
    /// A filter that does not exist.
    UnknownFilter(String),
    /// A test that does not exist.
    UnknownTest(String),
    /// A method that the value's type does not have.
    UnknownMethod(String),
    /// Something undefined was used; [`Missing::client`] says whose fault that is.
    Undefined(Rc<Missing>),
    /// An operation on values for which it is not defined; how to mend it.
    Invalid(&'static str),
    /// A filter, test, function or macro was called with arguments that it does not take.
    Arguments(&'static str),
    /// A budget is spent or a bound exceeded.
    Limit(Limit),
    /// A content part stands in text; the path of the client's variable that it is.
    PartInText(Option<Rc<str>>),
    /// The template rendered, but not into a single message.
    NoMessages,
}

/// The bounds of a template and of its rendering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// The source is larger than [`super::MAX_SOURCE`].
    Source,
    /// A tag has more than [`super::MAX_TOKENS_PER_TAG`] tokens.
    Tokens,
    /// An `if` has more than [`super::MAX_ELIF`] `elif`.
    Elif,
    /// Too many evaluation steps.
    Fuel,
    /// Too many bytes of message text.
    Rendered,
    /// Too many bytes in strings, lists, mappings and captures.
    Memory,
    /// Lists and mappings nested too deep.
    Nesting,
    /// Macros, loops and expressions called too deep.
    Recursion,
    /// A width, precision, count or indent beyond [`super::MAX_COUNT`].
    Count,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, line: u32, column: u32) -> Error {
        Error { kind: Box::new(kind), line, column }
    }

    /// What is wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The line in the file, from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The column in that line, from 1, in characters.
    pub fn column(&self) -> u32 {
        self.column
    }

    /// The client's variable that is missing, if that is what is wrong.
    pub fn missing_variable(&self) -> Option<&str> {
        match &*self.kind {
            ErrorKind::Undefined(missing) if missing.client => Some(&missing.path),
            _ => None,
        }
    }

    /// The client's variable that is a content part where only text can stand.
    pub fn part_in_text(&self) -> Option<&str> {
        match &*self.kind {
            ErrorKind::PartInText(variable) => variable.as_deref(),
            _ => None,
        }
    }

    /// Kind, line and column, without a word of the template or of any value.
    pub fn public_message(&self) -> String {
        let kind = match &*self.kind {
            ErrorKind::Syntax(_) => "the template does not parse",
            ErrorKind::UnknownFilter(_) => "unknown filter",
            ErrorKind::UnknownTest(_) => "unknown test",
            ErrorKind::UnknownMethod(_) => "unknown method",
            ErrorKind::Undefined(_) => "something undefined is used",
            ErrorKind::Unsupported(text) | ErrorKind::Invalid(text) | ErrorKind::Arguments(text) => text,
            ErrorKind::Limit(limit) => limit.message(),
            ErrorKind::PartInText(_) => "an image, file or text part stands in text",
            ErrorKind::NoMessages => "the template rendered no message",
        };
        format!("{kind} (line {}, column {})", self.line, self.column)
    }
}

impl Limit {
    const fn message(self) -> &'static str {
        match self {
            Limit::Source => "the template is larger than 256 KiB",
            Limit::Tokens => "a tag has more than 1,000 tokens; split it with `set`",
            Limit::Elif => "an `if` has more than 250 `elif`",
            Limit::Fuel => "the template takes too many steps (limits.fuel)",
            Limit::Rendered => "the messages are too long (limits.rendered)",
            Limit::Memory => "the template needs too much memory (limits.memory)",
            Limit::Nesting => "lists or mappings nest deeper than 64 levels",
            Limit::Recursion => "macros, loops or expressions nest too deep",
            Limit::Count => "a width, precision, count or indent is above 10,000",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.kind {
            ErrorKind::Syntax(detail) => f.write_str(detail),
            ErrorKind::UnknownFilter(name) => write!(f, "unknown filter `{name}`"),
            ErrorKind::UnknownTest(name) => write!(f, "unknown test `{name}`"),
            ErrorKind::UnknownMethod(name) => write!(f, "unknown method `{name}`"),
            ErrorKind::Undefined(missing) => write!(f, "`{}` is undefined", missing.path),
            ErrorKind::Unsupported(text) | ErrorKind::Invalid(text) | ErrorKind::Arguments(text) => {
                f.write_str(text)
            }
            ErrorKind::Limit(limit) => f.write_str(limit.message()),
            ErrorKind::PartInText(Some(variable)) => {
                write!(f, "`{variable}` is a content part, and stands in text")
            }
            ErrorKind::PartInText(None) => f.write_str("a content part stands in text"),
            ErrorKind::NoMessages => f.write_str("the template rendered no message"),
        }
    }
}

impl std::error::Error for Error {}

/// An error on its way out: it gets its place from the innermost node that knows one.
#[derive(Clone, Debug)]
pub(crate) struct Fault(Box<(ErrorKind, Option<u32>)>);

impl Fault {
    pub(crate) fn new(kind: ErrorKind) -> Fault {
        Fault(Box::new((kind, None)))
    }

    /// An operation that is not defined for its values.
    pub(crate) fn invalid(text: &'static str) -> Fault {
        Fault::new(ErrorKind::Invalid(text))
    }

    /// Arguments that don't fit.
    pub(crate) fn arguments(text: &'static str) -> Fault {
        Fault::new(ErrorKind::Arguments(text))
    }

    /// Sets the place, as a byte offset into the template's source, unless there is one.
    pub(crate) fn at(mut self, offset: u32) -> Fault {
        self.0.1.get_or_insert(offset);
        self
    }

    pub(crate) fn into_parts(self) -> (ErrorKind, Option<u32>) {
        *self.0
    }
}

impl From<Limit> for Fault {
    fn from(limit: Limit) -> Fault {
        Fault::new(ErrorKind::Limit(limit))
    }
}

impl From<crate::value::TooDeep> for Fault {
    fn from(_: crate::value::TooDeep) -> Fault {
        Limit::Nesting.into()
    }
}

impl From<crate::value::NotHashable> for Fault {
    fn from(_: crate::value::NotHashable) -> Fault {
        Fault::invalid("lists and mappings can't be keys")
    }
}
