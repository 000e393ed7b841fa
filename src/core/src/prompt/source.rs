//! A `.prompt` file as two texts: its front matter and its body.

use std::borrow::Cow;

use super::error::{ErrorKind, PromptError};

const FENCE: &str = "---";

/// The two parts of a file, with LF line ends. `first_line` counts the file's lines from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source<'a> {
    /// The YAML between the fences, where there are fences.
    pub front_matter: Option<Part<'a>>,
    /// The template: all that is behind the front matter.
    pub body: Part<'a>,
}

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its text, with LF line ends.
    pub text: Cow<'a, str>,
    /// The line of the file on which it starts.
    pub first_line: u32,
}

/// Splits a file. A front matter starts at the first line that is not blank, if that is a fence,
/// and ends at the next fence; a fence is a line `---`, with nothing but blanks behind it.
pub fn split(text: &str) -> Result<Source<'_>, PromptError> {
    let text = normalise(text.strip_prefix('\u{feff}').unwrap_or(text));
    let Some(fences) = Fences::find(&text)? else {
        return Ok(Source { front_matter: None, body: Part { text, first_line: 1 } });
    };
    let part = |range: std::ops::Range<usize>, first_line| {
        let text = match &text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(range).unwrap_or_default()),
            Cow::Owned(text) => Cow::Owned(text.get(range).unwrap_or_default().to_owned()),
        };
        Part { text, first_line }
    };
    Ok(Source {
        front_matter: Some(part(fences.opening_end..fences.closing_start, fences.opening_line + 1)),
        body: part(fences.closing_end..text.len(), fences.closing_line + 1),
    })
}

/// CRLF and CR become LF.
fn normalise(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Where the fences stand: byte offsets into the text, and lines from 1.
struct Fences {
    opening_line: u32,
    opening_end: usize,
    closing_line: u32,
    closing_start: usize,
    closing_end: usize,
}

impl Fences {
    fn find(text: &str) -> Result<Option<Fences>, PromptError> {
        let mut opening = None;
        let mut start = 0;
        let mut number = 0u32;
        for line in text.split_inclusive('\n') {
            number = number.saturating_add(1);
            let end = start + line.len();
            match opening {
                None if line.trim().is_empty() => {}
                None if is_fence(line) => opening = Some((number, end)),
                None => return Ok(None),
                Some((opening_line, opening_end)) if is_fence(line) => {
                    return Ok(Some(Fences {
                        opening_line,
                        opening_end,
                        closing_line: number,
                        closing_start: start,
                        closing_end: end,
                    }));
                }
                Some(_) => {}
            }
            start = end;
        }
        match opening {
            None => Ok(None),
            Some((line, _)) => {
                let message = "the front matter that starts here has no closing line `---`";
                Err(PromptError::new(ErrorKind::UnclosedFrontMatter, line, 1, message))
            }
        }
    }
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == FENCE
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Parts<'a> = (Option<(&'a str, u32)>, (&'a str, u32));

    fn parts<'a>(source: &'a Source<'_>) -> Parts<'a> {
        let front_matter = source.front_matter.as_ref().map(|part| (&*part.text, part.first_line));
        (front_matter, (&*source.body.text, source.body.first_line))
    }

    #[test]
    fn splits() {
        for (text, expected) in [
            ("", (None, ("", 1))),
            ("User: hi", (None, ("User: hi", 1))),
            ("\n\nUser: hi", (None, ("\n\nUser: hi", 1))),
            ("---\na: 1\n---\nUser: hi", (Some(("a: 1\n", 2)), ("User: hi", 4))),
            ("\u{feff}---\na: 1\n---\nUser: hi", (Some(("a: 1\n", 2)), ("User: hi", 4))),
            ("\u{feff}User: hi", (None, ("User: hi", 1))),
            ("\n \t\n---\na: 1\n---\nx", (Some(("a: 1\n", 4)), ("x", 6))),
            ("\u{feff}\r\n---\r\na: 1\r\n---\r\nx\r\ny", (Some(("a: 1\n", 3)), ("x\ny", 5))),
            ("---\ra: 1\r---\rx\ry", (Some(("a: 1\n", 2)), ("x\ny", 4))),
            ("---\r\na: 1\n---\rx\r\r\ny", (Some(("a: 1\n", 2)), ("x\n\ny", 4))),
            ("---\n---\nx", (Some(("", 2)), ("x", 3))),
            ("---\n\n---\n", (Some(("\n", 2)), ("", 4))),
            ("---\n---", (Some(("", 2)), ("", 3))),
            ("---\na: 1\n---", (Some(("a: 1\n", 2)), ("", 4))),
            ("--- \t\na: 1\n---  \nx", (Some(("a: 1\n", 2)), ("x", 4))),
            // Behind the front matter a fence is text.
            ("---\na: 1\n---\nx\n---\ny", (Some(("a: 1\n", 2)), ("x\n---\ny", 4))),
            ("---\n---\n---\nx", (Some(("", 2)), ("---\nx", 3))),
            ("x\n---\na: 1\n---\n", (None, ("x\n---\na: 1\n---\n", 1))),
            // Not fences.
            ("----\na\n----\n", (None, ("----\na\n----\n", 1))),
            ("--- a\n---\n", (None, ("--- a\n---\n", 1))),
            (" ---\na\n---\n", (None, (" ---\na\n---\n", 1))),
            ("---\na: b---\n ---\n---\n", (Some(("a: b---\n ---\n", 2)), ("", 5))),
        ] {
            let source = split(text).unwrap();
            assert_eq!(parts(&source), expected, "{text:?}");
        }
    }

    #[test]
    fn an_open_front_matter_is_an_error_at_its_line() {
        for (text, line) in [
            ("---", 1),
            ("---\n", 1),
            ("\n\n---\na: 1\n----\n", 3),
            ("---\nUser: hi", 1),
            ("\r\n\r---\r\n --- \r", 3),
        ] {
            let error = split(text).unwrap_err();
            assert_eq!(
                (error.kind(), error.line(), error.column()),
                (ErrorKind::UnclosedFrontMatter, line, 1)
            );
        }
    }

    #[test]
    fn without_carriage_returns_nothing_is_copied() {
        let source = split("---\na: 1\n---\nx").unwrap();
        assert!(matches!(source.body.text, Cow::Borrowed(_)));
    }

    /// What the lines of a file are to an editor.
    fn lines(text: &str) -> Vec<String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        text.replace("\r\n", "\n").replace('\r', "\n").split('\n').map(str::to_owned).collect()
    }

    proptest! {
        #[test]
        fn lines_keep_their_numbers(
            bom in prop::bool::ANY,
            pieces in prop::collection::vec(
                prop::sample::select(vec!["---", "\n", "\r\n", "\r", " ", "\t", "a: 1", "User: x", "é", "\u{2028}", "-", "\0"]),
                0..24,
            ),
        ) {
            let text = format!("{}{}", if bom { "\u{feff}" } else { "" }, pieces.concat());
            let all = lines(&text);
            if let Ok(source) = split(&text) {
                for part in source.front_matter.iter().chain([&source.body]) {
                    let first = part.first_line as usize - 1;
                    for (offset, line) in part.text.lines().enumerate() {
                        prop_assert_eq!(line, &all[first + offset]);
                    }
                }
                if let Some(front_matter) = &source.front_matter {
                    let length = front_matter.text.lines().count();
                    prop_assert_eq!(all[front_matter.first_line as usize - 2].trim_end(), "---");
                    prop_assert_eq!(all[front_matter.first_line as usize - 1 + length].trim_end(), "---");
                    prop_assert_eq!(source.body.first_line as usize, front_matter.first_line as usize + length + 1);
                }
            }
        }

        #[test]
        fn any_text_splits_or_is_an_error(text in "\\PC*") {
            let _ = split(&text);
        }
    }
}
