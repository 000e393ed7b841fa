//! The request: from a file, from standard input, or from the command line's own words.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;
use serde_json::value::RawValue;

use super::named::is_responses;
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
    #[arg(short = 'v', long = "variable", value_name = "NAME=VALUE", value_parser = variable)]
    variables: Vec<Variable>,
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

/// A variable of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Variable {
    name: String,
    /// Its value as JSON.
    json: String,
    /// The text, if it was written as one.
    text: Option<String>,
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

/// `name=text` or `name:=json`.
fn variable(argument: &str) -> Result<Variable, String> {
    let (name, value) = argument.split_once('=').ok_or("write it as name=text or name:=json")?;
    let (name, json, text) = match name.strip_suffix(':') {
        Some(name) => {
            let value: &RawValue = serde_json::from_str(value).map_err(|error| {
                format!("what stands behind := is not JSON ({error}); for text write {name}=text")
            })?;
            (name, value.get().to_owned(), None)
        }
        None => (name, json_string(value), Some(value.to_owned())),
    };
    if name.is_empty() {
        return Err("the variable has no name".to_owned());
    }
    Ok(Variable { name: name.to_owned(), json, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables() {
        for (argument, name, value) in [
            ("a=b", "a", r#""b""#),
            ("a=", "a", r#""""#),
            ("a=1", "a", r#""1""#),
            ("a=b=c", "a", r#""b=c""#),
            ("a=:=c", "a", r#"":=c""#),
            ("a:=1.10", "a", "1.10"),
            ("a:=1E400", "a", "1E400"),
            ("a:=[true, null]", "a", "[true, null]"),
            ("a:=\"x=y\"", "a", r#""x=y""#),
        ] {
            let variable = variable(argument).unwrap();
            assert_eq!((variable.name.as_str(), variable.json.as_str()), (name, value), "{argument}");
        }
        for argument in ["a", "", "=b", ":=1", "a:=b", "a:="] {
            assert!(variable(argument).is_err(), "{argument}");
        }
    }
}
