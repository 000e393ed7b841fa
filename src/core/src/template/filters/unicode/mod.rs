//! What Python's string methods know about characters, where Rust's library draws another line.

mod marks;

/// `str.isspace` of one character, and `\s` of a regular expression.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

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
        '\u{1fb2}' | '\u{1fb4}' | '\u{1fb7}' | '\u{1fc2}' | '\u{1fc4}' | '\u{1fc7}' | '\u{1ff2}' | '\u{1ff4}'
        | '\u{1ff7}' => out.extend(c.to_uppercase().map(|upper| if upper == 'Ι' { '\u{345}' } else { upper })),
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
    let code = u32::from(c);
    let zero = ZEROS.get(ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?)?;
    Some(code - zero).filter(|value| *value < 10)
}

/// The zero of each script; the other digits follow it.
#[rustfmt::skip]
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0,
    0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30,
    0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0,
    0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec,
    0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// `str.splitlines()`
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let current = rest?;
        match current.find(is_line_end) {
            None => {
                rest = None;
                Some(current)
            }
            Some(end) => {
                let (line, tail) = current.split_at(end);
                let after = match tail.strip_prefix("\r\n") {
                    Some(after) => after,
                    None => {
                        let mut chars = tail.chars();
                        chars.next();
                        chars.as_str()
                    }
                };
                rest = Some(after).filter(|after| !after.is_empty());
                Some(line)
            }
        }
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
        for (c, expected) in
            [('a', "A"), ('ß', "Ss"), ('ǆ', "ǅ"), ('ŉ', "ʼN"), ('ﬁ', "Fi"), ('ა', "ა"), ('ᾳ', "ᾼ"), ('ᾲ', "Ὰ\u{345}")]
        {
            assert_eq!(title(c), expected);
        }
    }

    #[test]
    fn digits_of_all_scripts_count() {
        assert_eq!(['7', '٣', '९', '𝟙', '²', 'x'].map(decimal), [Some(7), Some(3), Some(9), Some(1), None, None]);
    }

    #[test]
    fn vowel_signs_are_no_letters() {
        assert_eq!(['é', '字', '五', 'ि', '\u{301}', 'Ⓐ', '½'].map(is_alphanumeric), [
            true, true, true, false, false, false, true
        ]);
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
