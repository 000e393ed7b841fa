//! String literals as Python reads them. MiniJinja's lexer knows the escapes of JSON, which are nearly
//! but not quite the same.

use std::iter::Peekable;
use std::str::Chars;

/// Reads `source`, one string literal or several side by side. None if it has nothing that needs
/// reading again; an error for an escape that is wrong.
pub(super) fn string(source: &str) -> Option<Result<String, &'static str>> {
    if !source.contains('\\') {
        return None;
    }
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars().peekable();
    while let Some(quote) = chars.next() {
        match quote {
            '\'' | '"' => match text(quote, &mut chars, &mut out) {
                Some(Ok(())) => {}
                Some(Err(error)) => return Some(Err(error)),
                None => return None,
            },
            blank if blank.is_whitespace() => {}
            _ => return None,
        }
    }
    Some(Ok(out))
}

/// Reads up to the closing quote; none if there is none.
fn text(quote: char, chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<Result<(), &'static str>> {
    while let Some(c) = chars.next() {
        if c == quote {
            return Some(Ok(()));
        }
        if c != '\\' {
            out.push(c);
        } else if let Err(error) = escape(chars.next()?, chars, out) {
            return Some(Err(error));
        }
    }
    None
}

fn escape(c: char, chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Result<(), &'static str> {
    let plain = match c {
        '\n' => return Ok(()),
        '\\' | '\'' | '"' => c,
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '0'..='7' => {
            let mut code = c.to_digit(8).unwrap_or(0);
            for _ in 0..2 {
                let Some(digit) = chars.peek().and_then(|c| c.to_digit(8)) else { break };
                chars.next();
                code = code * 8 + digit;
            }
            character(code)?
        }
        'x' => character(hex(2, chars)?)?,
        'U' => character(hex(8, chars)?)?,
        'u' => {
            let mut code = hex(4, chars)?;
            if (0xd800..0xdc00).contains(&code) && chars.next_if_eq(&'\\').is_some() {
                chars.next_if_eq(&'u').ok_or(SURROGATE)?;
                code = match hex(4, chars)? {
                    low @ 0xdc00..0xe000 => 0x10000 + (code - 0xd800) * 0x400 + (low - 0xdc00),
                    _ => return Err(SURROGATE),
                };
            }
            character(code)?
        }
        'N' => return Err("`\\N{…}` is not supported: write the character itself, or `\\u…`"),
        other => {
            out.push('\\');
            other
        }
    };
    out.push(plain);
    Ok(())
}

const SURROGATE: &str = "half of a surrogate pair is no character";

fn character(code: u32) -> Result<char, &'static str> {
    char::from_u32(code).ok_or("an escape names no character")
}

fn hex(digits: usize, chars: &mut Peekable<Chars<'_>>) -> Result<u32, &'static str> {
    let mut code = 0u32;
    for _ in 0..digits {
        let digit = chars.next().and_then(|c| c.to_digit(16)).ok_or("an escape has too few digits")?;
        code = code
            .checked_mul(16)
            .and_then(|code| code.checked_add(digit))
            .ok_or("an escape names no character")?;
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::string;

    #[test]
    fn escapes_are_pythons() {
        for (source, expected) in [
            (r"'a\tb' '\x41\u00e9'", "a\tbAé"),
            (r#""\U0001F600\ud83d\ude00""#, "😀😀"),
            (r"'\a\v\0\101\d\/'", "\x07\x0b\0A\\d\\/"),
            ("'a\\\nb'", "ab"),
            (r#"'\'\"\\'"#, "'\"\\"),
        ] {
            assert_eq!(string(source), Some(Ok(expected.to_owned())), "{source}");
        }
    }

    #[test]
    fn bad_escapes_are_errors() {
        for source in [r"'\N{BULLET}'", r"'\U00110000'", r"'\x4'", r"'\ud800'", r"'\ud800\n'"] {
            assert!(matches!(string(source), Some(Err(_))), "{source}");
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        for source in ["'plain'", r"x ~ '\a'", r"'open\a"] {
            assert_eq!(string(source), None, "{source}");
        }
    }
}
