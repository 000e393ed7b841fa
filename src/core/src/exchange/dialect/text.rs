//! System text: what prompt and client say as the system, in one string.

use super::NotText;
use crate::json::{Piece, write_string};
use crate::template::{Content, Message};

/// What stands between two texts.
const BETWEEN: &str = "\n\n";

/// The text of a message; an error for a content part that is more than a text.
pub(super) fn of(message: &Message) -> Result<&str, NotText> {
    match &message.content {
        Content::Text(text) => Ok(text),
        Content::Part(part) => {
            let variable = part.variable.as_deref().map(str::to_owned);
            part.text.as_deref().ok_or(NotText(variable))
        }
    }
}

/// The prompt's texts and then the client's as one string literal, blank lines between them. The
/// client's is a string literal, whose bytes are kept.
pub(super) fn joined<'a>(texts: &[&str], client: Option<&'a [u8]>) -> Vec<Piece<'a>> {
    let mut text = texts.join(BETWEEN);
    // Without its opening quote; an empty one says nothing.
    let client = client.and_then(|literal| literal.get(1..)).filter(|rest| *rest != b"\"");
    if client.is_some() {
        text.push_str(BETWEEN);
    }
    let mut literal = Vec::with_capacity(text.len() + 16);
    write_string(&mut literal, &text);
    match client {
        Some(rest) => {
            // The closing quote is the client's.
            literal.pop();
            vec![Piece::New(literal), Piece::Keep(rest)]
        }
        None => vec![Piece::New(literal)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_joined_by_blank_lines() {
        for (texts, client, expected) in [
            (&["a"][..], None, r#""a""#),
            (&["a", "b\"\n"], None, r#""a\n\nb\"\n""#),
            (&["a"], Some(r#""\u0062 \ud800""#), r#""a\n\n\u0062 \ud800""#),
            (&["a"], Some(r#""""#), r#""a""#),
            (&["", "x"], None, r#""\n\nx""#),
        ] {
            let written: Vec<u8> = joined(texts, client.map(str::as_bytes))
                .iter()
                .flat_map(|piece| match piece {
                    Piece::New(bytes) => bytes.clone(),
                    Piece::Keep(text) => text.to_vec(),
                })
                .collect();
            assert_eq!(String::from_utf8(written).unwrap(), expected);
        }
    }
}
