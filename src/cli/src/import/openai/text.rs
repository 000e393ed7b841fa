//! Text as it was copied from a message.

use promptgate_core::prompt::compose::Message;
use promptgate_core::template::Role;

use super::super::draft::Draft;

/// The text of one message, or of several with a line `System:`, `Developer:`, `User:` or `Assistant:` above
/// each.
pub(super) fn draft(source: &str, content: &str) -> Draft {
    let mut messages = vec![Message { role: Role::Developer, content: String::new() }];
    for line in content.split_inclusive('\n') {
        match Role::ALL.into_iter().find(|role| line.trim() == role.marker()) {
            Some(role) => messages.push(Message { role, content: String::new() }),
            None => {
                if let Some(message) = messages.last_mut() {
                    message.content.push_str(line);
                }
            }
        }
    }
    let is_divided = messages.len() > 1;
    messages.retain(|message| !message.content.trim().is_empty());
    let mut draft = Draft { source: source.to_owned(), messages, ..Draft::default() };
    draft.check(if is_divided {
        "it is text, which was divided at the lines that are a role's name"
    } else {
        "it is text, which became one developer message"
    });
    draft.check("text has no model and no settings: write them into the file, as the dashboard shows them");
    draft
}

/// Whether text is a program that makes a request. A prompt may speak of such a call, too.
pub(super) fn is_code(content: &str) -> bool {
    let begins = ["from ", "import ", "const ", "using ", "package ", "require "];
    begins.iter().any(|word| content.trim_start().starts_with(word))
        && [".create(", ".New(", "CreateResponse"].iter().any(|call| content.contains(call))
}
