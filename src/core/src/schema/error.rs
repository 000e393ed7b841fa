use std::fmt;

/// A schema that does not compile. The author's fault, found when the prompt is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    path: Vec<String>,
    message: String,
}

impl SchemaError {
    pub(super) fn new(message: impl Into<String>) -> SchemaError {
        SchemaError { path: Vec::new(), message: message.into() }
    }

    /// Puts a key in front of the path, on the way out of the schema.
    pub(super) fn below(mut self, key: &str) -> SchemaError {
        self.path.insert(0, key.to_owned());
        self
    }

    /// The keys that lead to what is wrong, from the top of the schema as it was written.
    pub fn path(&self) -> impl Iterator<Item = &str> {
        self.path.iter().map(String::as_str)
    }

    /// What is wrong with it and what to write instead; may quote the schema.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}: {}", self.path.join("."), self.message)
    }
}

impl std::error::Error for SchemaError {}
