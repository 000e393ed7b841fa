//! Wrapping of long lines, as Python's `textwrap` does it.

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
    // The characters of a line are held apart from the text, and each is looked at several times.
    evaluator.budget.memory(text.len().saturating_mul(10))?;
    let mut wrapped = String::new();
    let mut push = |separator: &str, line: Chunk<'_>| {
        let bytes = line.iter().map(|c| c.len_utf8()).sum::<usize>();
        evaluator.budget.memory(separator.len().saturating_add(bytes))?;
        wrapped.push_str(separator);
        wrapped.extend(line);
        Ok::<_, Fault>(())
    };
    let mut separator = "";
    for line in unicode::lines(text) {
        // A line of white space wraps to none at all, but stays a line.
        push(separator, &[])?;
        separator = "";
        let chars: Vec<char> = line.chars().collect();
        wrapper.wrap(&chars, |line| push(std::mem::replace(&mut separator, wrapstring), line))?;
        separator = wrapstring;
    }
    Ok(Value::from(wrapped))
}

struct Wrapper {
    width: usize,
    break_long_words: bool,
    break_on_hyphens: bool,
}

/// Characters that a line takes or leaves as a whole.
type Chunk<'c> = &'c [char];

impl Wrapper {
    /// `TextWrapper._wrap_chunks`. Lines lose white space at both ends only, so that each is one piece of
    /// the text.
    fn wrap<'c>(
        &self,
        chars: &'c [char],
        mut emit: impl FnMut(Chunk<'c>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut chunks = Chunks { text: Text(chars), start: 0, end: 0, hyphens: self.break_on_hyphens };
        let mut first = true;
        while let Some(chunk) = chunks.peek() {
            if !first && is_blank(chunk) {
                chunks.take(chunk.len());
            }
            let begin = chunks.start;
            let mut last = begin;
            while let Some(chunk) =
                chunks.peek().filter(|chunk| chunks.start - begin + chunk.len() <= self.width)
            {
                last = chunks.start;
                chunks.take(chunk.len());
            }
            if let Some(chunk) = chunks.peek().filter(|chunk| chunk.len() > self.width) {
                let len = chunks.start - begin;
                if self.break_long_words {
                    last = chunks.start;
                    chunks.take(self.fitting(chunk, self.width - len));
                } else if len == 0 {
                    last = chunks.start;
                    chunks.take(chunk.len());
                }
            }
            let tail = chars.get(last..chunks.start).unwrap_or_default();
            let end = if is_blank(tail) { last } else { chunks.start };
            if end > begin {
                first = false;
                emit(chars.get(begin..end).unwrap_or_default())?;
            }
        }
        Ok(())
    }

    /// How much of a long word to take: what there is room for, if possible up to a hyphen.
    fn fitting(&self, chunk: Chunk<'_>, room: usize) -> usize {
        let fitting = chunk.get(..room).unwrap_or(chunk);
        match fitting.iter().rposition(|c| *c == '-') {
            Some(hyphen) if self.break_on_hyphens && fitting.iter().take(hyphen).any(|c| *c != '-') => {
                hyphen + 1
            }
            _ => fitting.len(),
        }
    }
}

/// `chunk.strip() == ''`; a chunk that was used up is blank too.
fn is_blank(chunk: Chunk<'_>) -> bool {
    chunk.iter().all(|c| unicode::is_space(*c))
}

/// `TextWrapper._split`: runs of white space, words, parts of words up to a hyphen, dashes.
struct Chunks<'c> {
    text: Text<'c>,
    /// Where the next chunk begins and, once it was looked for, ends.
    start: usize,
    end: usize,
    hyphens: bool,
}

impl<'c> Chunks<'c> {
    fn peek(&mut self) -> Option<Chunk<'c>> {
        if self.start >= self.text.0.len() {
            return None;
        }
        if self.end <= self.start {
            self.end = if self.text.is(self.start, is_white) {
                self.text.run(self.start, is_white)
            } else if self.hyphens {
                self.text.word_end(self.start)
            } else {
                self.text.run(self.start, |c| !is_white(c))
            };
        }
        self.text.0.get(self.start..self.end)
    }

    /// Moves on by a whole chunk or a part of one.
    fn take(&mut self, len: usize) {
        self.start += len;
    }
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
        let behind_letter =
            self.was(at, 3, is_letter) && self.was(at, 2, is_hyphen) && self.was(at, 1, is_letter);
        let next = if self.is(at + 2, is_hyphen) { at + 3 } else { at + 2 };
        self.is(at, is_hyphen)
            && (behind_letters || behind_letter)
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
