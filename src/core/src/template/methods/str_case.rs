//! Upper and lower case, as Python's `str` has it.

use std::rc::Rc;

use crate::template::args::Args;
use crate::template::error::Fault;
use crate::template::eval::Evaluator;
use crate::value::Value;

/// `str.upper()`
pub(super) fn upper(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    evaluator.string(text.to_uppercase())
}

/// `str.lower()`
pub(super) fn lower(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    evaluator.string(text.to_lowercase())
}

/// `str.title()`
pub(super) fn title(evaluator: &mut Evaluator<'_>, text: &Rc<str>, arguments: Args) -> Result<Value, Fault> {
    arguments.none()?;
    let mut out = String::with_capacity(text.len());
    let mut inside_word = false;
    lowered(text, |c, lower| {
        if inside_word {
            out.push_str(lower);
        } else {
            push_titlecase(c, &mut out);
        }
        inside_word = is_cased(c);
    });
    evaluator.string(out)
}

/// `str.capitalize()`
pub(super) fn capitalize(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    arguments.none()?;
    evaluator.string(capitalized(text))
}

/// `str.swapcase()`
pub(super) fn swapcase(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    arguments.none()?;
    let mut out = String::with_capacity(text.len());
    lowered(text, |c, lower| {
        if c.is_uppercase() {
            out.push_str(lower);
        } else if c.is_lowercase() {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    });
    evaluator.string(out)
}

/// `str.casefold()`
pub(super) fn casefold(
    evaluator: &mut Evaluator<'_>,
    text: &Rc<str>,
    arguments: Args,
) -> Result<Value, Fault> {
    arguments.none()?;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ẞ' => out.push_str("ss"),
            // They have no other case as far as folding is concerned.
            'ı' => out.push(c),
            // Cherokee folds to its older, upper case letters.
            '\u{13a0}'..='\u{13fd}' | '\u{ab70}'..='\u{abbf}' => out.extend(c.to_uppercase()),
            c => out.extend(c.to_uppercase().flat_map(char::to_lowercase)),
        }
    }
    evaluator.string(out)
}

/// The text with its first character in title case and all others in lower case.
pub(crate) fn capitalized(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut first = true;
    lowered(text, |c, lower| {
        if std::mem::take(&mut first) {
            push_titlecase(c, &mut out);
        } else {
            out.push_str(lower);
        }
    });
    out
}

/// Calls `visit` with every character and its lower case at that place: a sigma that ends a word has
/// another one.
fn lowered(text: &str, mut visit: impl FnMut(char, &str)) {
    let lower = text.to_lowercase();
    let mut rest = lower.as_str();
    for c in text.chars() {
        let len = match c {
            'Σ' => 'σ'.len_utf8(),
            c => c.to_lowercase().map(char::len_utf8).sum(),
        };
        let (own, behind) = rest.split_at_checked(len).unwrap_or((rest, ""));
        visit(c, own);
        rest = behind;
    }
}

/// Whether a character has a case: upper, lower or title.
pub(super) fn is_cased(c: char) -> bool {
    c.is_uppercase() || c.is_lowercase() || is_titlecase(c)
}

/// Unicode's general category Lt.
pub(super) fn is_titlecase(c: char) -> bool {
    matches!(c,
        'ǅ' | 'ǈ' | 'ǋ' | 'ǲ'
        | '\u{1f88}'..='\u{1f8f}' | '\u{1f98}'..='\u{1f9f}' | '\u{1fa8}'..='\u{1faf}'
        | '\u{1fbc}' | '\u{1fcc}' | '\u{1ffc}')
}

/// Appends a character in title case, which Rust's standard library does not have.
fn push_titlecase(c: char, out: &mut String) {
    match c {
        'Ǆ' | 'ǅ' | 'ǆ' => out.push('ǅ'),
        'Ǉ' | 'ǈ' | 'ǉ' => out.push('ǈ'),
        'Ǌ' | 'ǋ' | 'ǌ' => out.push('ǋ'),
        'Ǳ' | 'ǲ' | 'ǳ' => out.push('ǲ'),
        'ŉ' => out.push_str("ʼN"),
        // Georgian has capitals, but no title case.
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => out.push(c),
        // Greek with iota below: in title case the iota stays below.
        '\u{1f80}'..='\u{1faf}' => out.extend(char::from_u32(u32::from(c) | 8)),
        '\u{1fb3}' | '\u{1fbc}' => out.push('\u{1fbc}'),
        '\u{1fc3}' | '\u{1fcc}' => out.push('\u{1fcc}'),
        '\u{1ff3}' | '\u{1ffc}' => out.push('\u{1ffc}'),
        c => {
            let mut upper = c.to_uppercase();
            out.extend(upper.next());
            for c in upper {
                match c {
                    'Ι' => out.push('\u{345}'),
                    c => out.extend(c.to_lowercase()),
                }
            }
        }
    }
}
