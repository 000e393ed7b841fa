//! Why no `.prompt` file says what is asked for.

use std::fmt;

use crate::prompt::PromptError;

/// Why a prompt can't be written as a `.prompt` file. What it displays quotes no content: at most the
/// name of a variable or of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ComposeError {
    /// No message has any text.
    NoMessage,
    /// A variable whose name a template can't read.
    Variable(String),
    /// A key of the front matter that belongs to the caller.
    Key(String),
    /// The text is not a valid prompt: too large, a schema that does not compile, and the like.
    Invalid(PromptError),
    /// The front matter holds what YAML can't say, such as a key `<<`.
    FrontMatter,
    /// The text does not render to the messages.
    Messages,
}

impl fmt::Display for ComposeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ComposeError::NoMessage => f.write_str("no message has any text"),
            ComposeError::Variable(name) => write!(
                f,
                "`{name}` is no name that a template can read: one consists of letters, digits and `_`, does \
                 not begin with a digit, and is no word of Jinja2's own"
            ),
            ComposeError::Key(key) => write!(f, "`{key}` belongs to the caller; a prompt can't set it"),
            ComposeError::Invalid(error) => f.write_str(error.kind().describe()),
            ComposeError::FrontMatter => f.write_str("the settings hold something that YAML can't say"),
            ComposeError::Messages => f.write_str("the messages can't be written as a template"),
        }
    }
}

impl std::error::Error for ComposeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ComposeError::Invalid(error) => Some(error),
            _ => None,
        }
    }
}
