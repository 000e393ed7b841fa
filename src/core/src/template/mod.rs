//! The template language of `.prompt` files: Jinja2, rendered to messages.
//!
//! MiniJinja reads the source (lexer, parser, syntax tree); what is behind that is our own, because
//! a prompt needs what a text template does not: messages that only the author can open, values
//! that behave as in Python, undefined variables that are named as the client knows them, and
//! budgets that are charged before the work. `docs/design/rendering.md` tells more.

mod args;
mod budget;
mod error;
mod eval;
mod filters;
mod format;
mod globals;
pub mod inspect;
mod ir;
mod items;
mod literal;
mod lower;
mod markers;
mod messages;
mod methods;
mod objects;
mod ops;
mod scope;
mod source;
mod tests;
mod unicode;

use std::rc::Rc;

pub use budget::Limits;
pub use error::{Error, ErrorKind, Limit};
pub use eval::{Options, Undefined};
pub use messages::{Content, Message, Part, Role};
pub use source::{MAX_ELIF, MAX_SOURCE, MAX_TOKENS_PER_TAG};

use crate::value::Dict;
use error::Fault;
use eval::Evaluator;
use ir::Body;
use messages::Messages;

/// The largest width, precision, count or indent that a template may ask for.
pub const MAX_COUNT: usize = 10_000;

/// A compiled template.
pub struct Template {
    body: Body,
    names: Vec<Rc<str>>,
    nodes: usize,
    source: Rc<str>,
    origin: Origin,
}

/// Where a source begins in its file.
#[derive(Clone, Copy)]
struct Origin {
    line: u32,
    column: u32,
    /// The file has the source word for word.
    verbatim: bool,
}

impl Origin {
    /// Line and column in the file, of a byte offset in the source.
    fn place(self, source: &str, offset: usize) -> (u32, u32) {
        if !self.verbatim {
            return (self.line, self.column);
        }
        let before = source.get(..offset.min(source.len())).unwrap_or(source);
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        match before.rsplit_once('\n') {
            None => (self.line, self.column.saturating_add(number(before.chars().count()))),
            Some((_, last)) => {
                let lines = number(memchr::memchr_iter(b'\n', before.as_bytes()).count());
                (self.line.saturating_add(lines), number(last.chars().count()).saturating_add(1))
            }
        }
    }

    /// An error at a byte offset of the source.
    fn error(self, kind: ErrorKind, source: &str, offset: usize) -> Error {
        let (line, column) = self.place(source, offset);
        Error::new(kind, line, column)
    }
}

impl Template {
    /// Compiles the body of a `.prompt` file, whose first line is line `first_line` of the file.
    pub fn compile(source: &str, first_line: u32) -> Result<Template, Error> {
        Template::compile_inline(source, first_line, 1)
    }

    /// Compiles text that begins at `line` and `column` (both from 1) of a file, such as the model of
    /// a front matter.
    pub fn compile_inline(source: &str, line: u32, column: u32) -> Result<Template, Error> {
        Template::compile_from(source, Origin { line, column, verbatim: true })
    }

    /// Compiles text that the file has at `line` and `column`, but in other words: escaped or folded.
    /// Every error is placed there.
    pub fn compile_elsewhere(source: &str, line: u32, column: u32) -> Result<Template, Error> {
        Template::compile_from(source, Origin { line, column, verbatim: false })
    }

    fn compile_from(source: &str, origin: Origin) -> Result<Template, Error> {
        let error = |(kind, offset)| origin.error(kind, source, offset);
        source::check(source).map_err(error)?;
        let parsed = minijinja::machinery::parse(source, "", Default::default())
            .map_err(|parse_error| error(source::syntax(&parse_error)))?;
        let lower::Lowered { body, names, nodes } = lower::lower(source, &parsed).map_err(error)?;
        Ok(Template { body, names, nodes, source: Rc::from(source), origin })
    }

    /// Line and column at which the template begins in its file.
    pub fn position(&self) -> (u32, u32) {
        (self.origin.line, self.origin.column)
    }

    /// About how many bytes it takes, compiled: its source twice (once in pieces), and its nodes.
    pub fn weight(&self) -> usize {
        const NODE: usize = 2 * size_of::<ir::Statement>();
        self.nodes.saturating_mul(NODE).saturating_add(self.source.len().saturating_mul(2))
    }

    /// The text that was compiled.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Renders messages.
    pub fn render(&self, variables: &Dict, options: &Options) -> Result<Vec<Message>, Error> {
        let messages = Evaluator::new(&self.names, variables, options)
            .render(&self.body)
            .and_then(Messages::finish)
            .map_err(|fault| self.error(fault))?;
        if messages.is_empty() {
            return Err(self.origin.error(ErrorKind::NoMessages, &self.source, 0));
        }
        Ok(messages)
    }

    /// Renders text without roles, such as a model's name.
    pub fn render_text(&self, variables: &Dict, options: &Options) -> Result<String, Error> {
        let messages = Evaluator::new(&self.names, variables, options).render_text(&self.body);
        messages.map_err(|fault| self.error(fault))
    }

    fn error(&self, fault: Fault) -> Error {
        let (kind, offset) = fault.into_parts();
        self.origin.error(kind, &self.source, offset.unwrap_or(0) as usize)
    }
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Template").field("line", &self.origin.line).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod rendering;
