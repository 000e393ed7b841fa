//! Reading back what was written.

use serde_json::{Map, Value as Json};

use super::content::normalise;
use super::{ComposeError, Message, Part, parts, variables};
use crate::prompt::{Prompt, source, yaml};
use crate::template::{self, Content, Limits, Options, Role};
use crate::value::{Dict, Key, Value};

/// Checks that a text says this front matter and these messages. Each variable stands for itself: as
/// its value it gets its name in braces, which no render may take for a variable again.
pub(super) fn check(
    text: &str,
    front_matter: &Map<String, Json>,
    messages: &[Message],
) -> Result<(), ComposeError> {
    let prompt = Prompt::parse("prompt", text).map_err(ComposeError::Invalid)?;
    let source = source::split(text).map_err(ComposeError::Invalid)?;
    let found = match &source.front_matter {
        Some(part) => yaml::parse(&part.text, part.first_line).map_err(|_| ComposeError::FrontMatter)?,
        None => Json::Object(Map::new()),
    };
    if found.as_object() != Some(front_matter) {
        return Err(ComposeError::FrontMatter);
    }
    if render(&prompt, messages).as_ref() != Some(&expected(messages)) {
        return Err(ComposeError::Messages);
    }
    Ok(())
}

fn placeholder(name: &str) -> String {
    format!("{{{{{name}}}}}")
}

fn render(prompt: &Prompt, messages: &[Message]) -> Option<Vec<(Role, String)>> {
    let mut values = Dict::new();
    for variable in variables(messages) {
        values.insert(Key::from(variable.name), Value::from(placeholder(variable.name))).ok()?;
    }
    // The text is bounded already, and it neither loops nor repeats anything.
    let limits = Limits { rendered: u64::MAX, memory: u64::MAX, fuel: u64::MAX };
    let rendered = prompt.template.render(&values, &Options { limits, ..Options::default() }).ok()?;
    rendered.into_iter().map(text).collect()
}

/// A rendered message that is text. No other one can come of variables that are text.
pub(super) fn text(message: template::Message) -> Option<(Role, String)> {
    match message.content {
        Content::Text(text) => Some((message.role, text)),
        Content::Part(_) => None,
    }
}

/// The messages as a render gives them: an empty one at the end is dropped.
fn expected(messages: &[Message]) -> Vec<(Role, String)> {
    let content = |message: &Message| -> String {
        let content = normalise(&message.content);
        parts(&content)
            .map(|part| match part {
                Part::Text(text) => text.to_owned(),
                Part::Variable { name, .. } => placeholder(name),
            })
            .collect()
    };
    let mut expected: Vec<_> = messages.iter().map(|message| (message.role, content(message))).collect();
    expected.pop_if(|(_, content)| content.is_empty());
    expected
}
