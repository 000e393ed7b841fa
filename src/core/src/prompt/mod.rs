//! `.prompt` files: YAML front matter and a Jinja2 template.
//!
//! A file is split ([`source`]), its front matter read ([`yaml`]) and given types
//! ([`FrontMatter`]), its body compiled. Whatever is wrong becomes one [`PromptError`] with the line
//! and column of the file.

pub mod compose;
mod error;
mod front_matter;
pub(crate) mod nearest;
pub mod source;
pub mod yaml;

pub use error::{ErrorKind, PromptError};
pub use front_matter::{
    ClientMessages, FrontMatter, Input, Model, PARAMETERS_BLOCK, RESERVED, RESPONSE_FORMAT, is_refused,
};

use crate::template::{MAX_SOURCE as MAX_TEMPLATE, Template};

/// The largest file, in bytes.
pub const MAX_SOURCE: usize = MAX_TEMPLATE;

/// A prompt that is ready to render.
pub struct Prompt {
    /// What the file says about the request.
    pub front_matter: FrontMatter,
    /// The messages.
    pub template: Template,
}

impl Prompt {
    /// Compiles the text of a `.prompt` file; `id` is the prompt's.
    pub fn parse(id: &str, text: &str) -> Result<Prompt, PromptError> {
        if text.len() > MAX_SOURCE {
            let kind = ErrorKind::TooLarge;
            return Err(PromptError::new(kind, 1, 1, kind.describe()));
        }
        let source = source::split(text)?;
        let front_matter = match &source.front_matter {
            Some(part) => FrontMatter::parse(id, part)?,
            None => FrontMatter::default(),
        };
        let template = Template::compile(&source.body.text, source.body.first_line)?;
        Ok(Prompt { front_matter, template })
    }
}

/// Shows nothing: texts of prompts belong into no log.
impl std::fmt::Debug for Prompt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prompt").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
