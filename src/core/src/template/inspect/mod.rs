//! Looking at a template without running it: what it reads, what it prints, where its messages begin.
//!
//! What `promptgate lint` asks. Answers are about the text alone, so they can be cautious only: a
//! variable that one branch reads is read, whatever the variables are.

mod lines;
mod names;
mod tokens;
mod walk;

use super::{Origin, Role, Template, filters, tests};

pub(in crate::template) use walk::mentions;

/// A place in the file; both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column in that line.
    pub column: u32,
}

/// What a template does, as far as its text tells.
#[derive(Clone, Debug, Default)]
pub struct Inspection {
    /// Every use of a name that the template does not define itself: its variables.
    pub reads: Vec<Read>,
    /// Every name that the template defines: by `set`, `for`, `with` and `macro`.
    pub defined: Vec<Name>,
    /// Every method that is called.
    pub methods: Vec<Name>,
    /// Every `{{ … }}`, and every other value, that writes into a message.
    pub outputs: Vec<Place>,
    /// Every role marker, and what looks like one.
    pub markers: Vec<Marker>,
    /// Messages without any text, but for the last.
    pub empty_messages: Vec<Marker>,
    /// The last message, if nothing stands in it: it is dropped.
    pub dropped_message: Option<Marker>,
    /// Text before the first marker, where there is a marker.
    pub text_before_marker: Option<Place>,
    /// The first line of a message's text that is indented.
    pub indented: Option<Place>,
    /// Whether no variables can make the template render a message.
    pub renders_nothing: bool,
}

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub name: String,
    /// Where.
    pub place: Place,
}

/// A use of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The variable.
    pub name: String,
    /// Where.
    pub place: Place,
    /// Whether it may be absent here: under `default`, `is defined`, or an `if` that asks for it.
    pub guarded: bool,
    /// Whether it is called like a function, which no variable can be.
    pub called: bool,
}

/// A role marker, or what looks like one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// The role that it names.
    pub role: Role,
    /// As it is written.
    pub text: String,
    /// Where.
    pub place: Place,
    /// What it does.
    pub standing: Standing,
}

/// What a role marker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It opens a message, at least for some variables.
    Opens,
    /// It is text: it stands in a macro.
    InMacro,
    /// It is text: it stands in a `set` block.
    InSetBlock,
    /// It is text: it stands in a `filter` block.
    InFilterBlock,
    /// It is text: it stands in a `call` block.
    InCallBlock,
    /// It is nothing at all: it stands in a comment.
    InComment,
    /// It is text: it stands in a string literal.
    InString,
    /// It is text: white space control or a `{{ … }}` left something before it on its output line.
    AfterText,
    /// It is text: it is written in another way than a marker, such as `system:` or `User :`.
    Misspelt,
}

impl Template {
    /// What the template does, as far as its text tells.
    pub fn inspect(&self) -> Inspection {
        let mut inspection = Inspection::default();
        let site = Site { source: &self.source, origin: self.origin };
        // What was compiled does parse.
        if let Ok(tree) = minijinja::machinery::parse(&self.source, "", Default::default()) {
            names::collect(&site, &tree, &mut inspection);
            lines::collect(&site, &tree, &mut inspection);
        }
        tokens::collect(&site, &mut inspection);
        inspection.markers.sort_by_key(|marker| marker.place);
        inspection
    }
}

/// Whether there is a filter of this name.
pub fn is_filter(name: &str) -> bool {
    filters::lookup(name).is_some()
}

/// Whether there is a test of this name.
pub fn is_test(name: &str) -> bool {
    tests::lookup(name).is_some()
}

/// A source and where it begins in its file.
struct Site<'a> {
    source: &'a str,
    origin: Origin,
}

impl Site<'_> {
    fn place(&self, offset: usize) -> Place {
        let (line, column) = self.origin.place(self.source, offset);
        Place { line, column }
    }

    /// The offset of a slice of the source.
    fn offset(&self, slice: &str) -> usize {
        (slice.as_ptr() as usize).saturating_sub(self.source.as_ptr() as usize)
    }
}

#[cfg(test)]
mod cases;
