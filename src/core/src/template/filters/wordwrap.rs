//! Wrapping of long lines, as Python's `textwrap` does it.

use std::collections::VecDeque;

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::{given, present, truth, unicode};
use crate::value::Value;

/// `wordwrap(width=79, break_long_words=True, wrapstring=None, break_on_hyphens=True)`
pub(super) fn wordwrap(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [width, break_long, wrapstring, hyphens] =
        arguments.bind(["width", "break_long_words", "wrapstring", "break_on_hyphens"])?;
    let width = width.map_or(Ok(79), |width| evaluator.count(&width))?;
    let wrapstring = given(wrapstring).unwrap_or_else(|| Value::from("\n"));
    let wrapstring = evaluator.str(&wrapstring)?;
    let wrapper =
        Wrapper { width, break_long_words: truth(break_long, true), break_on_hyphens: truth(hyphens, true) };
    present(&value)?;
    let text = evaluator.str(&value)?;
    if width == 0 && !text.is_empty() {
        return Err(Fault::arguments("the width of `wordwrap` has to be greater than zero"));
    }
    // The characters of a line and their chunks are held apart from the text.
    evaluator.budget.memory(text.len().saturating_mul(8))?;
    let mut wrapped = String::new();
    for (number, line) in unicode::lines(text).enumerate() {
        let chars: Vec<char> = line.chars().collect();
        let mut parts = wrapper.wrap(&chars);
        // A line of white space wraps to none at all, but stays a line.
        if parts.is_empty() {
            parts.push(Vec::new());
        }
        for (part, line) in parts.into_iter().enumerate() {
            let separator = if number + part > 0 { wrapstring } else { "" };
            evaluator.budget.memory(separator.len().saturating_add(line.len()))?;
            wrapped.push_str(separator);
            wrapped.extend(line.into_iter().flatten());
        }
    }
    evaluator.string(wrapped)
}

struct Wrapper {
    width: usize,
    break_long_words: bool,
    break_on_hyphens: bool,
}

/// Characters that a line takes or leaves as a whole.
type Chunk<'c> = &'c [char];

impl Wrapper {
    /// `TextWrapper._wrap_chunks`
    fn wrap<'c>(&self, chars: &'c [char]) -> Vec<Vec<Chunk<'c>>> {
        let mut chunks = chunks(chars, self.break_on_hyphens);
        let mut lines = Vec::new();
        while !chunks.is_empty() {
            if !lines.is_empty() && chunks.front().is_some_and(|chunk| is_blank(chunk)) {
                chunks.pop_front();
            }
            let (mut line, mut len) = (Vec::new(), 0);
            while let Some(chunk) = chunks.front().filter(|chunk| len + chunk.len() <= self.width) {
                len += chunk.len();
                line.push(*chunk);
                chunks.pop_front();
            }
            if let Some(chunk) = chunks.front_mut().filter(|chunk| chunk.len() > self.width) {
                if self.break_long_words {
                    let (taken, rest) = self.split(chunk, self.width - len);
                    line.push(taken);
                    *chunk = rest;
                } else if line.is_empty() {
                    line.extend(chunks.pop_front());
                }
            }
            if line.last().is_some_and(|chunk| is_blank(chunk)) {
                line.pop();
            }
            if !line.is_empty() {
                lines.push(line);
            }
        }
        lines
    }

    /// As much of a long word as there is room for, if possible up to a hyphen; and the rest.
    fn split<'c>(&self, chunk: Chunk<'c>, room: usize) -> (Chunk<'c>, Chunk<'c>) {
        let (mut fitting, mut rest) = chunk.split_at_checked(room).unwrap_or((chunk, &[]));
        if self.break_on_hyphens
            && let Some(hyphen) = fitting.iter().rposition(|c| *c == '-')
            && fitting.iter().take(hyphen).any(|c| *c != '-')
        {
            (fitting, rest) = chunk.split_at_checked(hyphen + 1).unwrap_or((fitting, rest));
        }
        (fitting, rest)
    }
}

/// `chunk.strip() == ''`; a chunk that was used up is blank too.
fn is_blank(chunk: Chunk<'_>) -> bool {
    chunk.iter().all(|c| unicode::is_space(*c))
}

/// `TextWrapper._split`: runs of white space, words, parts of words up to a hyphen, dashes.
fn chunks(chars: &[char], break_on_hyphens: bool) -> VecDeque<Chunk<'_>> {
    let text = Text(chars);
    let mut chunks = VecDeque::new();
    let mut start = 0;
    while start < chars.len() {
        let end = if text.is(start, is_white) {
            text.run(start, is_white)
        } else if break_on_hyphens {
            text.word_end(start)
        } else {
            text.run(start, |c| !is_white(c))
        };
        // A chunk is never empty; if it were, this would not end.
        let end = end.max(start + 1);
        chunks.extend(chars.get(start..end));
        start = end;
    }
    chunks
}

/// A line, looked at as the regular expression `TextWrapper.wordsep_re` does.
struct Text<'c>(Chunk<'c>);

impl Text<'_> {
    fn is(&self, at: usize, class: impl Fn(char) -> bool) -> bool {
        self.0.get(at).is_some_and(|c| class(*c))
    }

    /// The same `back` characters before `at`.
    fn was(&self, at: usize, back: usize, class: impl Fn(char) -> bool) -> bool {
        at.checked_sub(back).is_some_and(|at| self.is(at, class))
    }

    /// Where a run of such characters ends.
    fn run(&self, start: usize, class: impl Fn(char) -> bool) -> usize {
        let rest = self.0.get(start..).unwrap_or_default();
        start + rest.iter().take_while(|c| class(**c)).count()
    }

    /// Where two or more hyphens end that stand between words.
    fn dash_end(&self, at: usize) -> Option<usize> {
        if !self.was(at, 1, is_word_or_punctuation) || !self.is(at, is_hyphen) {
            return None;
        }
        let end = self.run(at, is_hyphen);
        (end >= at + 2 && self.is(end, unicode::is_word)).then_some(end)
    }

    /// Where the chunk that begins at `start` ends.
    fn word_end(&self, start: usize) -> usize {
        if let Some(end) = self.dash_end(start) {
            return end;
        }
        let mut end = start + 1;
        loop {
            if self.breaks_behind_hyphen(end) {
                return end + 1;
            }
            if end >= self.0.len() || self.is(end, is_white) || self.dash_end(end).is_some() {
                return end;
            }
            end += 1;
        }
    }

    /// Whether there is a hyphen at `at` and letters around it, so that a word may break behind it.
    fn breaks_behind_hyphen(&self, at: usize) -> bool {
        let behind_letters = self.was(at, 2, is_letter) && self.was(at, 1, is_letter);
        let behind_part = self.was(at, 3, is_letter)
            && self.was(at, 2, is_hyphen)
            && self.was(at, 1, is_word_or_punctuation);
        let next = if self.is(at + 2, is_hyphen) { at + 3 } else { at + 2 };
        self.is(at, is_hyphen)
            && (behind_letters || behind_part)
            && self.is(at + 1, is_letter)
            && self.is(next, is_letter)
    }
}

fn is_hyphen(c: char) -> bool {
    c == '-'
}

fn is_white(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\x0b' | '\x0c' | '\r' | ' ')
}

fn is_letter(c: char) -> bool {
    unicode::is_word(c) && unicode::decimal(c).is_none()
}

fn is_word_or_punctuation(c: char) -> bool {
    unicode::is_word(c) || matches!(c, '!' | '"' | '\'' | '&' | '.' | ',' | '?')
}
