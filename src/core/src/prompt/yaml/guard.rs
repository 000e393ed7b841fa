use super::{Error, ErrorKind, Position};

/// How many brackets a front matter may leave open: none nests so deep (the parser stops at 128
/// levels), and few hold so many lone brackets in their texts.
pub const MAX_OPEN: usize = 200;
/// More `%` directives than this: nobody needs one.
const MAX_DIRECTIVES: usize = 16;

/// Refuses text on which the YAML parser would spend time that grows with the square of its length:
/// very many open brackets, or very many directives.
///
/// Counts bytes without knowing what is quoted, so it may refuse text that is fine, such as a
/// description with more than `max_open` lone brackets.
pub fn check(text: &str, first_line: u32, max_open: usize) -> Result<(), Error> {
    let mut open = 0usize;
    let mut directives = 0usize;
    let mut line_start = true;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            b'%' if line_start => directives += 1,
            _ => {}
        }
        line_start = byte == b'\n';
        if open > max_open || directives > MAX_DIRECTIVES {
            let position = Position::of(text, index, first_line);
            let kind = ErrorKind::TooComplex;
            return Err(Error::new(kind, position, kind.describe()));
        }
    }
    Ok(())
}

/// Finds characters that YAML forbids; its parser reports them without a place.
pub(super) fn check_characters(text: &str, first_line: u32) -> Result<(), Error> {
    match text.char_indices().find(|(_, character)| !is_allowed(*character)) {
        None => Ok(()),
        Some((index, character)) => {
            let code = u32::from(character);
            let message =
                format!("the control character U+{code:04X} is not allowed in YAML; write it as an escape");
            Err(Error::new(ErrorKind::Syntax, Position::of(text, index, first_line), message))
        }
    }
}

fn is_allowed(character: char) -> bool {
    matches!(character,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}
