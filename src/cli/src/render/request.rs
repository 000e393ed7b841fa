//! The request: from a file, from standard input, or from the command line's own words.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::named::is_responses;
use crate::assignment::Assignment;
use crate::failure::Failure;

/// What the request is.
#[derive(clap::Args)]
#[command(next_help_heading = "Request")]
pub struct Ask {
    /// The prompt's id
    #[arg(value_name = "ID", help_heading = "Arguments", required_unless_present_any = ["request", "model"], conflicts_with = "request")]
    id: Option<String>,
    /// The body of a request, as a file or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["variables", "version", "label", "message", "model"])]
    request: Option<PathBuf>,
    /// A variable: name=text, or name:=json for other values than text
    #[arg(short = 'v', long = "variable", value_name = "NAME=VALUE", value_parser = Assignment::parse)]
    variables: Vec<Assignment>,
    /// The prompt's version: a number, or latest
    #[arg(long, value_name = "N", conflicts_with = "label")]
    version: Option<String>,
    /// A label of the prompt, such as production
    #[arg(long, value_name = "LABEL")]
    label: Option<String>,
    /// A user message of the client's own; may be given several times
    #[arg(short, long, value_name = "TEXT")]
    message: Vec<String>,
    /// The model that the client asks for
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
}

impl Ask {
    /// How to write a variable that was refused as text, if the text is JSON of another type.
    pub fn as_json(&self, name: &str) -> Option<String> {
        let variable = self.variables.iter().find(|variable| variable.name == name)?;
        let text = variable.text.as_deref()?;
        let value: Value = serde_json::from_str(text).ok()?;
        if value.is_string() {
            return None;
        }
        let argument = format!("{name}:={text}");
        let is_plain = |character: char| character.is_ascii_alphanumeric() || "_-.:=".contains(character);
        Some(if argument.chars().all(is_plain) {
            format!("-v {argument}")
        } else {
            // As a shell reads it.
            format!("-v '{}'", argument.replace('\'', r"'\''"))
        })
    }

    /// The body of the request to `path`.
    pub fn body(&self, path: &str) -> Result<Vec<u8>, Failure> {
        match self.request.as_deref() {
            Some(path) if path == Path::new("-") => {
                let mut body = Vec::new();
                let read = std::io::stdin().lock().read_to_end(&mut body);
                read.map_err(|error| Failure::new(format!("can't read standard input: {error}")))?;
                Ok(body)
            }
            Some(path) => fs::read(path).map_err(|error| Failure::io("read", path, error)),
            None => Ok(self.build(path).into_bytes()),
        }
    }

    /// A request from the command line's words.
    fn build(&self, path: &str) -> String {
        let mut members = Vec::new();
        let mut set = |name: &str, value: String| members.push((name.to_owned(), value));
        if let Some(model) = &self.model {
            set("model", json_string(model));
        }
        if let Some(id) = &self.id {
            set("prompt_id", json_string(id));
        }
        if let Some(version) = &self.version {
            // What is no number is for the engine to judge.
            let number = version.parse::<u64>().map(|number| number.to_string());
            set("prompt_version", number.unwrap_or_else(|_| json_string(version)));
        }
        if let Some(label) = &self.label {
            set("prompt_label", json_string(label));
        }
        if !self.variables.is_empty() {
            let members = self.variables.iter().map(|variable| (&variable.name, &variable.json));
            set("prompt_variables", object(members));
        }
        if !self.message.is_empty() {
            let message = |text: &String| format!(r#"{{"role":"user","content":{}}}"#, json_string(text));
            let messages: Vec<String> = self.message.iter().map(message).collect();
            let name = if is_responses(path) { "input" } else { "messages" };
            set(name, format!("[{}]", messages.join(",")));
        }
        object(members.iter().map(|(name, value)| (name, value)))
    }
}

/// A JSON object of members whose values are JSON already: a number stays as it was written.
fn object<'a>(members: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    let members: Vec<String> =
        members.map(|(name, value)| format!("{}:{value}", json_string(name))).collect();
    format!("{{{}}}", members.join(","))
}

fn json_string(text: &str) -> String {
    Value::from(text).to_string()
}
