//! What Python's string methods know about characters, where Rust's library draws another line.

mod digits;
mod marks;

use digits::{DIGITS, NUMERALS, ZEROS};

/// `str.isspace` of one character, and `\s` of a regular expression.
pub(crate) use super::messages::is_space;

/// `str.isalnum` of one character.
pub(crate) fn is_alphanumeric(c: char) -> bool {
    c.is_ascii_alphanumeric() || (!c.is_ascii() && c.is_alphanumeric() && !marks::is_mark(c))
}

/// `str.isalpha` of one character.
pub(crate) fn is_alphabetic(c: char) -> bool {
    // Letters that are numbers as well, such as Roman numerals, are not letters in Python.
    is_alphanumeric(c) && c.is_alphabetic() && !c.is_numeric()
}

/// `\w` of a regular expression.
pub(crate) fn is_word(c: char) -> bool {
    c == '_' || is_alphanumeric(c)
}

/// Whether `c` is a letter in title case: neither upper nor lower.
pub(crate) fn is_titlecase(c: char) -> bool {
    matches!(
        c,
        'ǅ' | 'ǈ' | 'ǋ' | 'ǲ' | '\u{1f88}'..='\u{1f8f}' | '\u{1f98}'..='\u{1f9f}' | '\u{1fa8}'..='\u{1faf}'
            | '\u{1fbc}' | '\u{1fcc}' | '\u{1ffc}'
    )
}

/// Appends `c` as it begins a capitalised word: for most characters their upper case, for `ß` "Ss".
pub(crate) fn push_titlecase(out: &mut String, c: char) {
    match c {
        '\0'..='\x7f' => out.push(c.to_ascii_uppercase()),
        'ŉ' => out.push_str("ʼN"),
        'Ǆ'..='ǆ' => out.push('ǅ'),
        'Ǉ'..='ǉ' => out.push('ǈ'),
        'Ǌ'..='ǌ' => out.push('ǋ'),
        'Ǳ'..='ǳ' => out.push('ǲ'),
        '\u{10d0}'..='\u{10ff}' => out.push(c),
        '\u{1f80}'..='\u{1faf}' => out.push(char::from_u32(u32::from(c) | 8).unwrap_or(c)),
        '\u{1fb3}' | '\u{1fbc}' => out.push('\u{1fbc}'),
        '\u{1fc3}' | '\u{1fcc}' => out.push('\u{1fcc}'),
        '\u{1ff3}' | '\u{1ffc}' => out.push('\u{1ffc}'),
        // A small iota stays below its letter.
        '\u{1fb2}' | '\u{1fb4}' | '\u{1fb7}' | '\u{1fc2}' | '\u{1fc4}' | '\u{1fc7}' | '\u{1ff2}'
        | '\u{1ff4}' | '\u{1ff7}' => {
            out.extend(c.to_uppercase().map(|upper| if upper == 'Ι' { '\u{345}' } else { upper }))
        }
        _ => {
            let mut upper = c.to_uppercase();
            out.extend(upper.next());
            out.extend(upper.flat_map(char::to_lowercase));
        }
    }
}

/// `str.islower`
pub(crate) fn is_lower(text: &str) -> bool {
    text.chars().any(char::is_lowercase) && !text.chars().any(|c| c.is_uppercase() || is_titlecase(c))
}

/// `str.isupper`
pub(crate) fn is_upper(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(|c| c.is_lowercase() || is_titlecase(c))
}

/// The digit's value, in whatever script it is written.
pub(crate) fn decimal(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let behind = ZEROS.partition_point(|zero| *zero <= c);
    let zero = ZEROS.get(behind.checked_sub(1)?)?;
    u32::from(c).checked_sub(u32::from(*zero)).filter(|digit| *digit < 10)
}

/// `str.isdigit` of one character: decimal digits and others, such as superscripts.
pub(crate) fn is_digit(c: char) -> bool {
    decimal(c).is_some() || within(DIGITS, c)
}

/// `str.isnumeric` of one character: digits, fractions, and letters that stand for numbers.
pub(crate) fn is_numeric(c: char) -> bool {
    c.is_numeric() || within(NUMERALS, c)
}

/// Whether a character can begin an identifier.
pub(crate) fn begins_identifier(c: char) -> bool {
    // What is alphabetic and a number as well is Unicode's category Nl.
    c == '_' || is_alphabetic(c) || (c.is_alphabetic() && c.is_numeric())
}

/// Whether a character can stand inside an identifier.
pub(crate) fn continues_identifier(c: char) -> bool {
    begins_identifier(c)
        || decimal(c).is_some()
        // Letters in circles have a case.
        || (marks::is_mark(c) && !c.is_uppercase() && !c.is_lowercase())
        || is_mark_without_width(c)
        || matches!(c, '\u{b7}' | '\u{387}' | '\u{203f}' | '\u{2040}' | '\u{2054}')
}

/// Printable characters are only escaped when they stand alone if they are marks.
fn is_mark_without_width(c: char) -> bool {
    !c.is_ascii() && c.escape_debug().len() > 1 && crate::value::is_printable(c)
}

fn within(ranges: &[(char, char)], c: char) -> bool {
    let behind = ranges.partition_point(|(first, _)| *first <= c);
    behind.checked_sub(1).and_then(|at| ranges.get(at)).is_some_and(|(_, last)| c <= *last)
}

/// The lines of a text as `str.splitlines` finds them.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    lines_with_ends(text).map(|(line, _)| line)
}

/// The lines of a text, without and with what ends them.
pub(crate) fn lines_with_ends(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some((end, c)) = rest.char_indices().find(|(_, c)| is_line_end(*c)) else {
            let last = std::mem::take(&mut rest);
            return Some((last, last));
        };
        let (line, behind) = rest.split_at_checked(end)?;
        let len = if behind.starts_with("\r\n") { 2 } else { c.len_utf8() };
        let (whole, next) = rest.split_at_checked(end + len)?;
        rest = next;
        Some((line, whole))
    })
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c' | '\x1d' | '\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(c: char) -> String {
        let mut out = String::new();
        push_titlecase(&mut out, c);
        out
    }

    #[test]
    fn titles_are_pythons() {
        for (c, expected) in [
            ('a', "A"),
            ('ß', "Ss"),
            ('ǆ', "ǅ"),
            ('ŉ', "ʼN"),
            ('ﬁ', "Fi"),
            ('ა', "ა"),
            ('ᾳ', "ᾼ"),
            ('ᾲ', "Ὰ\u{345}"),
        ] {
            assert_eq!(title(c), expected);
        }
    }

    #[test]
    fn digits_of_all_scripts_count() {
        assert_eq!(
            ['7', '٣', '९', '𝟙', '²', 'x'].map(decimal),
            [Some(7), Some(3), Some(9), Some(1), None, None]
        );
    }

    #[test]
    fn vowel_signs_are_no_letters() {
        assert_eq!(
            ['é', '字', '五', 'ि', '\u{301}', 'Ⓐ', '½'].map(is_alphanumeric),
            [true, true, true, false, false, false, true]
        );
        assert_eq!(['é', '五', 'Ⅷ', '½', '7'].map(is_alphabetic), [true, true, false, false, false]);
    }

    #[test]
    fn lines_end_where_python_ends_them() {
        let split = |text| lines(text).collect::<Vec<_>>();
        assert_eq!(split("a\r\nb\rc\n\nd\x0be\u{2028}f\n"), ["a", "b", "c", "", "d", "e", "f"]);
        assert!(split("").is_empty());
        assert_eq!(split("\n"), [""]);
    }
}
