//! Messages while they are rendered. Only the template's own text opens one.

use super::budget::Budget;
use super::error::Fault;
use super::ir::Text;

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
    /// What is said, without white space at both ends.
    pub content: String,
}

/// Collects output and opens a message wherever the template's own text has a marker at the
/// beginning of an output line.
pub(crate) struct Messages {
    done: Vec<Message>,
    /// The open message; none before the first marker.
    role: Option<Role>,
    content: String,
    /// The output line holds nothing but spaces and tabs of the template's own so far.
    line_blank: bool,
}

impl Messages {
    pub(crate) fn new() -> Messages {
        Messages { done: Vec::new(), role: None, content: String::new(), line_blank: true }
    }

    /// Text of the template's own.
    pub(crate) fn text(&mut self, text: &Text, budget: &Budget) -> Result<(), Fault> {
        budget.rendered(text.text.len())?;
        let mut written = 0;
        for marker in &text.markers {
            if marker.first_line && !self.line_blank {
                continue;
            }
            self.content.push_str(text.text.get(written..marker.start).unwrap_or_default());
            self.open(marker.role);
            written = marker.end;
        }
        self.content.push_str(text.text.get(written..).unwrap_or_default());
        if let Some(blank) = text.leaves_blank {
            self.line_blank = blank;
        }
        Ok(())
    }

    /// The value of an expression, or whatever else is not the template's own text: even an empty
    /// one makes the line non-blank.
    pub(crate) fn value(&mut self, text: &str, budget: &Budget) -> Result<(), Fault> {
        budget.rendered(text.len())?;
        self.content.push_str(text);
        self.line_blank = false;
        Ok(())
    }

    fn open(&mut self, role: Role) {
        let content = std::mem::take(&mut self.content);
        let content = strip(&content);
        match self.role.replace(role) {
            Some(role) => self.done.push(Message { role, content: content.to_owned() }),
            // Text before the first marker is the user's, unless it is blank.
            None if !content.is_empty() => {
                self.done.push(Message { role: Role::User, content: content.to_owned() });
            }
            None => {}
        }
    }

    /// The messages. An empty last one is dropped.
    pub(crate) fn finish(mut self) -> Vec<Message> {
        let content = strip(&self.content);
        if !content.is_empty() {
            let content = if content.len() == self.content.len() {
                std::mem::take(&mut self.content)
            } else {
                content.to_owned()
            };
            self.done.push(Message { role: self.role.unwrap_or(Role::User), content });
        }
        self.done
    }
}

/// Python's `str.strip()`.
pub(crate) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Python's `str.isspace()` of one character: Unicode's white space and the four separators.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}
