//! A file as rules see it.

use std::collections::HashMap;

use promptgate_core::catalog::{FileError, FileErrorKind, Reference, Selector, from_files};
use promptgate_core::prompt::source::split;
use promptgate_core::prompt::yaml::{self, Position};
use promptgate_core::prompt::{Model, PARAMETERS_BLOCK, Prompt, PromptError};
use promptgate_core::template::inspect::{Inspection, Read};
use serde_json::Value;

use super::allow;
use crate::folder::{File, with_path};

/// A file, read as far as it can be.
pub(super) struct Subject<'f> {
    pub(super) file: &'f File,
    /// The path, for messages.
    pub(super) path: String,
    /// The text; empty if it is not UTF-8.
    pub(super) text: &'f str,
    /// The prompt, or why there is none.
    pub(super) prompt: Result<Prompt, PromptError>,
    /// The front matter, if it is YAML.
    pub(super) front: Option<Front>,
    /// What the template does; nothing if it does not compile.
    pub(super) template: Inspection,
    /// What the model does, if it is a template.
    pub(super) model: Option<Inspection>,
    /// Whether the template may define macros.
    pub(super) may_define_macros: bool,
    /// Why no bundle can hold it beside the others.
    pub(super) misplaced: Vec<FileErrorKind>,
    /// The rules that the file turns off.
    pub(super) allowed: Vec<String>,
}

/// A front matter.
pub(super) struct Front {
    text: String,
    first_line: u32,
    /// What the YAML says.
    pub(super) tree: Value,
}

/// Reads files, each by itself and as a folder.
pub(super) fn all(files: &[File]) -> Vec<Subject<'_>> {
    let texts = files.iter().map(|file| (file.name.as_str(), file.text().unwrap_or_default()));
    let mut misplaced: HashMap<String, Vec<FileErrorKind>> = HashMap::new();
    for FileError { name, kind } in from_files(texts).err().unwrap_or_default() {
        misplaced.entry(name).or_default().push(with_path(files, kind));
    }
    let subject = |file| Subject::new(file, &mut misplaced);
    files.iter().map(subject).collect()
}

impl<'f> Subject<'f> {
    fn new(file: &'f File, misplaced: &mut HashMap<String, Vec<FileErrorKind>>) -> Subject<'f> {
        let text = file.text().unwrap_or_default();
        let id = Reference::new(&file.name, Selector::Default).map(|reference| reference.id.to_string());
        let prompt = Prompt::parse(id.as_deref().unwrap_or_default(), text);
        let (template, model) = match &prompt {
            Ok(prompt) => {
                let model = match &prompt.front_matter.model {
                    Some(Model::Template(model)) => Some(model.inspect()),
                    _ => None,
                };
                (prompt.template.inspect(), model)
            }
            Err(_) => (Inspection::default(), None),
        };
        let path = file.path.display().to_string();
        Subject {
            file,
            path,
            text,
            prompt,
            front: Front::read(text),
            template,
            model,
            may_define_macros: text.contains("macro"),
            misplaced: misplaced.remove(&file.name).unwrap_or_default(),
            allowed: allow::read(text),
        }
    }

    /// Whether the file is UTF-8.
    pub(super) fn is_text(&self) -> bool {
        self.file.text().is_some()
    }

    /// Every use of a variable, in the template and in the model.
    pub(super) fn reads(&self) -> impl Iterator<Item = &Read> {
        self.template.reads.iter().chain(self.model.iter().flat_map(|model| &model.reads))
    }

    /// Whether a variable is used.
    pub(super) fn reads_variable(&self, name: &str) -> bool {
        self.reads().any(|read| read.name == name)
    }
}

impl Front {
    fn read(text: &str) -> Option<Front> {
        let source = split(text).ok()?;
        let part = source.front_matter?;
        yaml::guard(&part.text, part.first_line, yaml::MAX_OPEN).ok()?;
        let tree = yaml::parse(&part.text, part.first_line).ok()?;
        Some(Front { text: part.text.into_owned(), first_line: part.first_line, tree })
    }

    /// What stands under a path of keys.
    pub(super) fn get(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(&self.tree, |value, key| value.get(key))
    }

    /// Where the last key of a path stands.
    pub(super) fn key(&self, path: &[&str]) -> Position {
        yaml::locate_key(&self.text, self.first_line, path)
    }

    /// Where the value under a path stands.
    pub(super) fn value(&self, path: &[&str]) -> Position {
        yaml::locate_value(&self.text, self.first_line, path)
    }

    /// The character at a place.
    pub(super) fn character(&self, place: Position) -> Option<char> {
        let line = place.line.checked_sub(self.first_line)?;
        self.text.split('\n').nth(line as usize)?.chars().nth((place.column as usize).checked_sub(1)?)
    }

    /// Where a parameter stands: at the top, or in the block of parameters.
    pub(super) fn parameter(&self, name: &str) -> Position {
        match self.get(&[name]) {
            Some(value) if !value.is_null() => self.key(&[name]),
            _ => self.key(&[PARAMETERS_BLOCK, name]),
        }
    }

    /// Where a variable stands in the schema, with what the schema says about it.
    pub(super) fn variable(&self, name: &str) -> Option<(Position, &str, &Value)> {
        let mut path = vec!["input", "schema"];
        let mut schema = self.get(&path)?;
        if let (Some(properties), true) = (schema.get("properties"), is_json_schema(schema)) {
            path.push("properties");
            schema = properties;
        }
        // Picoschema writes more than the name: `tone?`, `mood(enum, how to sound)`.
        let bare = |key: &str| key.split(['?', '(']).next().unwrap_or(key).trim() == name;
        let (key, value) = schema.as_object()?.iter().find(|(key, _)| *key == name || bare(key))?;
        path.push(key);
        Some((self.key(&path), key, value))
    }
}

/// The notation as the engine tells it.
fn is_json_schema(schema: &Value) -> bool {
    schema.get("$schema").is_some()
        || (schema.get("type").and_then(Value::as_str) == Some("object")
            && schema.get("properties").is_some_and(Value::is_object))
}
