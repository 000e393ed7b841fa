//! Messages while they are rendered. Only the template's own text opens one.

use std::rc::Rc;

use super::budget::Budget;
use super::error::{ErrorKind, Fault};
use super::ir::Text;

/// Bytes that a message's text has room for from the beginning.
const ROOM: usize = 1_024;

/// Who speaks a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// `System:`
    System,
    /// `Developer:`
    Developer,
    /// `User:`
    User,
    /// `Assistant:`
    Assistant,
}

impl Role {
    /// All roles that have a marker.
    pub const ALL: [Role; 4] = [Role::System, Role::Developer, Role::User, Role::Assistant];

    /// The marker that opens a message of this role.
    pub const fn marker(self) -> &'static str {
        match self {
            Role::System => "System:",
            Role::Developer => "Developer:",
            Role::User => "User:",
            Role::Assistant => "Assistant:",
        }
    }

    /// The role's name in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::System => "system",
            Role::Developer => "developer",
            Role::User => "user",
            Role::Assistant => "assistant",
        }
    }
}

/// A rendered message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: Content,
}

/// What a message holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text without white space at both ends.
    Text(String),
    /// A client's content part: an image, a file, or text with settings of its own.
    Part(Part),
}

impl Content {
    /// Whether it is the empty text.
    pub fn is_empty(&self) -> bool {
        match self {
            Content::Text(text) => text.is_empty(),
            Content::Part(part) => part.text.as_deref() == Some(""),
        }
    }
}

/// A content part that is all that its message holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The part as JSON.
    pub json: String,
    /// The text, if it is nothing but a text.
    pub text: Option<Rc<str>>,
    /// The path of the client's variable that it is, such as `photo` or `photos[0]`; none if the
    /// template made it.
    pub variable: Option<Rc<str>>,
}

/// Collects output and opens a message wherever the template's own text has a marker at the
/// beginning of an output line.
pub(crate) struct Messages {
    done: Vec<Message>,
    /// The open message; none before the first marker.
    role: Option<Role>,
    /// Its text. Each message takes a copy along, so that the room of one serves the next.
    content: String,
    /// The part that the open message is.
    part: Option<Part>,
    /// The output line holds nothing but spaces and tabs of the template's own so far.
    line_blank: bool,
}

impl Messages {
    pub(crate) fn new() -> Messages {
        Messages { done: Vec::new(), role: None, content: String::new(), part: None, line_blank: true }
    }

    /// Text of the template's own.
    pub(crate) fn text(&mut self, text: &Text, budget: &Budget) -> Result<(), Fault> {
        budget.rendered(text.text.len())?;
        let mut written = 0;
        for marker in &text.markers {
            if marker.first_line && !self.line_blank {
                continue;
            }
            self.write(text.text.get(written..marker.start).unwrap_or_default());
            self.open(marker.role)?;
            written = marker.end;
        }
        self.write(text.text.get(written..).unwrap_or_default());
        if let Some(blank) = text.leaves_blank {
            self.line_blank = blank;
        }
        Ok(())
    }

    /// The value of an expression, or whatever else is not the template's own text: even an empty
    /// one makes the line non-blank.
    pub(crate) fn value(&mut self, text: &str, budget: &Budget) -> Result<(), Fault> {
        budget.rendered(text.len())?;
        self.write(text);
        self.line_blank = false;
        Ok(())
    }

    /// The value of an expression that is a content part. It has to be all of its message.
    pub(crate) fn part(&mut self, part: Part) -> Result<(), Fault> {
        self.line_blank = false;
        match self.part.replace(part) {
            None => Ok(()),
            Some(other) => Err(in_text(other.variable)),
        }
    }

    fn write(&mut self, text: &str) {
        if self.content.capacity() == 0 {
            self.content.reserve(ROOM.max(text.len()));
        }
        self.content.push_str(text);
    }

    fn open(&mut self, role: Role) -> Result<(), Fault> {
        let content = self.take()?;
        match self.role.replace(role) {
            Some(role) => self.done.push(Message { role, content }),
            // What comes before the first marker is the user's, unless it is blank.
            None if !content.is_empty() => self.done.push(Message { role: Role::User, content }),
            None => {}
        }
        Ok(())
    }

    /// The messages. An empty last one is dropped.
    pub(crate) fn finish(mut self) -> Result<Vec<Message>, Fault> {
        let content = self.take()?;
        if !content.is_empty() {
            self.done.push(Message { role: self.role.unwrap_or(Role::User), content });
        }
        Ok(self.done)
    }

    /// What the open message holds.
    fn take(&mut self) -> Result<Content, Fault> {
        let text = strip(&self.content);
        let content = match self.part.take() {
            Some(part) if text.is_empty() => Content::Part(part),
            Some(part) => return Err(in_text(part.variable)),
            None => Content::Text(text.to_owned()),
        };
        self.content.clear();
        Ok(content)
    }
}

/// The error of a content part that stands in text.
pub(crate) fn in_text(variable: Option<Rc<str>>) -> Fault {
    Fault::new(ErrorKind::PartInText(variable))
}

/// Python's `str.strip()`.
pub(crate) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Python's `str.isspace()` of one character: Unicode's white space and the four separators.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}
