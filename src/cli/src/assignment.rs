//! `name=text` and `name:=json` on the command line.

use serde_json::Value;
use serde_json::value::RawValue;

/// A name and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The name; never empty.
    pub name: String,
    /// The value as JSON, as it was written.
    pub json: String,
    /// The text, if it was written as one.
    pub text: Option<String>,
}

impl Assignment {
    /// Reads `name=text` or `name:=json`.
    pub fn parse(argument: &str) -> Result<Assignment, String> {
        let (name, value) = argument.split_once('=').ok_or("write it as name=text or name:=json")?;
        let (name, json, text) = match name.strip_suffix(':') {
            Some(name) => {
                let value: &RawValue = serde_json::from_str(value).map_err(|error| {
                    format!("what stands behind := is not JSON ({error}); for text write {name}=text")
                })?;
                (name, value.get().to_owned(), None)
            }
            None => (name, Value::from(value).to_string(), Some(value.to_owned())),
        };
        if name.is_empty() {
            return Err("there is no name before the `=`".to_owned());
        }
        Ok(Assignment { name: name.to_owned(), json, text })
    }

    /// The value. What JSON can say and a tree can't, such as a number beyond all bounds, is none.
    pub fn value(&self) -> Option<Value> {
        serde_json::from_str(&self.json).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments() {
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
            let assignment = Assignment::parse(argument).unwrap();
            assert_eq!((assignment.name.as_str(), assignment.json.as_str()), (name, value), "{argument}");
        }
        for argument in ["a", "", "=b", ":=1", "a:=b", "a:="] {
            assert!(Assignment::parse(argument).is_err(), "{argument}");
        }
        assert_eq!(Assignment::parse("a:=1E400").unwrap().value(), None);
        assert_eq!(Assignment::parse("a:=[1]").unwrap().value(), Some(serde_json::json!([1])));
    }
}
