use std::fmt;

/// What can be wrong with YAML text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Not YAML.
    Syntax,
    /// A key that occurs twice in one mapping.
    DuplicateKey,
    /// A list or mapping as key.
    ComplexKey,
    /// A tag such as `!env`.
    Tag,
    /// `<<` with something else than a mapping or a list of mappings.
    Merge,
    /// `.inf`, `.nan`, or beyond 64 bits.
    Number,
    /// More than one document.
    SeveralDocuments,
    /// Nested too deep, or aliases that unfold to too much.
    TooComplex,
}

impl ErrorKind {
    /// The kind in words that quote nothing of the text.
    pub const fn describe(self) -> &'static str {
        match self {
            ErrorKind::Syntax => "this is not valid YAML",
            ErrorKind::DuplicateKey => "a key occurs twice",
            ErrorKind::ComplexKey => "a key must be text, not a list or a mapping",
            ErrorKind::Tag => "YAML tags are not supported",
            ErrorKind::Merge => "`<<` takes a mapping or a list of mappings",
            ErrorKind::Number => {
                "infinity, not-a-number and numbers beyond 64 bits are not supported; quote what is text"
            }
            ErrorKind::SeveralDocuments => "there may be only one YAML document",
            ErrorKind::TooComplex => "the YAML nests too deep, or its aliases unfold to too much",
        }
    }
}

/// A place in a file; both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column in that line.
    pub column: u32,
}

impl Position {
    /// The place of the byte `index` of `text`, whose first line is line `first_line` of the file.
    ///
    /// Counted here, because the YAML parser takes more characters for line breaks than editors do.
    pub(super) fn of(text: &str, index: usize, first_line: u32) -> Position {
        let mut position = Position { line: first_line, column: 1 };
        for (at, character) in text.char_indices() {
            if at >= index {
                break;
            }
            if character == '\n' {
                position.line = position.line.saturating_add(1);
                position.column = 1;
            } else {
                position.column = position.column.saturating_add(1);
            }
        }
        position
    }
}

/// YAML that can't be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where, in the file.
    pub position: Position,
    /// For the author: may quote a key of the text.
    pub message: String,
}

impl Error {
    pub(super) fn new(kind: ErrorKind, position: Position, message: impl Into<String>) -> Error {
        Error { kind, position, message: message.into() }
    }

    /// Kind, line and column, without a word of the text.
    pub fn public_message(&self) -> String {
        let Position { line, column } = self.position;
        format!("{} (line {line}, column {column})", self.kind.describe())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
