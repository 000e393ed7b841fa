//! Messages that point into a file, like a compiler's.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

/// The longest line that an excerpt shows, so that a prompt on one line does not fill the terminal.
const MAX_EXCERPT: usize = 2_000;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The gateway would answer 422, or not take the bundle.
    Error,
    /// Most likely not what is meant.
    Warning,
    /// Worth knowing.
    Note,
}

/// A finding and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The file, as the user would name it.
    pub file: String,
    /// The line in the file, from 1.
    pub line: u32,
    /// The column in that line, from 1, in characters.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether it is about the file as a whole, such as its name, and not about a place in it.
    pub whole_file: bool,
}

impl Severity {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }

    fn level(self) -> Level<'static> {
        match self {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        }
    }
}

impl Diagnostic {
    /// For programs.
    pub fn to_json(&self) -> Value {
        json!({
            "rule": self.rule,
            "severity": self.severity.as_str(),
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "help": self.help,
        })
    }

    /// For people: the message, the line of `text` that it is about, and the help. Colours are for
    /// the writer to strip.
    pub fn render(&self, text: &str) -> String {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut title = self.severity.level().primary_title(self.message.as_str());
        if !self.rule.is_empty() {
            title = title.id(self.rule);
        }
        let mut group = match self.excerpt(text) {
            Some((line, start, end)) => title.element(
                Snippet::source(line)
                    .line_start(self.line as usize)
                    .path(self.file.as_str())
                    .annotation(AnnotationKind::Primary.span(start..end)),
            ),
            None if self.whole_file => title.element(Origin::path(self.file.as_str())),
            None => {
                let origin = Origin::path(self.file.as_str());
                title.element(origin.line(self.line as usize).char_column(self.column as usize))
            }
        };
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        Renderer::styled().render(&[group])
    }

    /// The line, and where in it the finding begins and ends, in bytes.
    fn excerpt<'t>(&self, text: &'t str) -> Option<(&'t str, usize, usize)> {
        if self.whole_file || text.is_empty() {
            return None;
        }
        let line = lines(text).nth((self.line as usize).checked_sub(1)?)?;
        if line.len() > MAX_EXCERPT {
            return None;
        }
        let start = line
            .char_indices()
            .nth((self.column as usize).saturating_sub(1))
            .map_or(line.len(), |(index, _)| index);
        let rest = line.get(start..).unwrap_or_default();
        Some((line, start, start + token(rest)))
    }
}

/// The lines of a text as an editor counts them: LF, CRLF and CR end one.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let (line, tail) = text.split_at(end);
        rest = tail.strip_prefix("\r\n").or_else(|| tail.get(1..));
        Some(line)
    })
}

/// How many bytes belong to what begins here: a word, a tag, or a single character.
fn token(text: &str) -> usize {
    for (open, close) in [("{{", "}}"), ("{%", "%}"), ("{#", "#}")] {
        if text.starts_with(open) {
            return text.find(close).map_or(open.len(), |end| end + close.len());
        }
    }
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let word: usize = text.chars().take_while(|character| is_word(*character)).map(char::len_utf8).sum();
    if word > 0 {
        return word + usize::from(text.get(word..).is_some_and(|rest| rest.starts_with(':')));
    }
    text.chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_an_editor() {
        for (text, expected) in [
            ("", vec![""]),
            ("a", vec!["a"]),
            ("a\nb\r\nc\rd\n", vec!["a", "b", "c", "d", ""]),
            ("\r\n\r", vec!["", "", ""]),
        ] {
            assert_eq!(lines(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_underlined() {
        for (text, expected) in [
            ("", 0),
            ("name: x", 5),
            ("name x", 4),
            ("{{ x }} y", 7),
            ("{{ x", 2),
            ("{% if x %}", 10),
            ("é!", 2),
            ("| x", 1),
        ] {
            assert_eq!(token(text), expected, "{text:?}");
        }
    }

    #[test]
    fn places_outside_of_the_text_are_no_trouble() {
        for (line, column) in [(0, 0), (1, 0), (1, 99), (99, 1), (u32::MAX, u32::MAX)] {
            let diagnostic = Diagnostic {
                rule: "rule",
                severity: Severity::Error,
                file: "a.prompt".to_owned(),
                line,
                column,
                message: "message".to_owned(),
                help: None,
                whole_file: false,
            };
            assert!(diagnostic.render("é\nb").contains("message"));
        }
    }
}
