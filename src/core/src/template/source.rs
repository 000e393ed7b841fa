//! The bounds that a source must keep before it is parsed.
//!
//! The parser builds its tree by recursion and by loops that nest to the left, so a long chain in one
//! tag makes a tree that is as deep as the tag is long; dropping or walking it would exhaust the
//! stack.

use minijinja::machinery::{Token, Tokenizer};
use minijinja::syntax::SyntaxConfig;

use super::error::{ErrorKind, Limit};

/// The largest source, in bytes.
pub const MAX_SOURCE: usize = 256 * 1024;
/// The most tokens between `{{` and `}}` or `{%` and `%}`.
pub const MAX_TOKENS_PER_TAG: usize = 1_000;
/// The most `elif` of one `if`.
pub const MAX_ELIF: usize = 250;
/// The most `not` and `-` in a row, and the most `else` in one tag: the parser recurses on each.
const MAX_NESTED: usize = 50;

/// A fault in the source and the byte offset where it stands.
pub(super) type SourceError = (ErrorKind, usize);

/// Checks the bounds; also finds what the lexer can't read.
pub(super) fn check(source: &str) -> Result<(), SourceError> {
    if source.len() > MAX_SOURCE {
        return Err((ErrorKind::Limit(Limit::Source), 0));
    }
    let mut tokenizer = Tokenizer::new(source, "", false, SyntaxConfig::default());
    let (mut tokens, mut prefixes, mut elses) = (0, 0, 0);
    let mut opens_block = false;
    let mut elifs = Vec::new();
    while let Some((token, span)) = tokenizer.next_token().map_err(|error| syntax(&error))? {
        tokens += 1;
        let offset = span.start_offset as usize;
        if tokens > MAX_TOKENS_PER_TAG {
            return Err((ErrorKind::Limit(Limit::Tokens), offset));
        }
        prefixes = if matches!(token, Token::Minus | Token::Ident("not")) { prefixes + 1 } else { 0 };
        elses += usize::from(matches!(token, Token::Ident("else")));
        if prefixes > MAX_NESTED || elses > MAX_NESTED {
            return Err((ErrorKind::Limit(Limit::Recursion), offset));
        }
        match &token {
            Token::TemplateData(_) | Token::VariableStart | Token::BlockStart => (tokens, elses) = (0, 0),
            Token::Ident("if") if opens_block => elifs.push(0),
            Token::Ident("endif") if opens_block => {
                elifs.pop();
            }
            Token::Ident("elif") if opens_block => {
                if let Some(count) = elifs.last_mut() {
                    *count += 1;
                    if *count > MAX_ELIF {
                        return Err((ErrorKind::Limit(Limit::Elif), offset));
                    }
                }
            }
            _ => {}
        }
        opens_block = matches!(token, Token::BlockStart);
    }
    Ok(())
}

/// The parser's own description of a syntax error. It names token kinds, and keywords at most.
pub(super) fn syntax(error: &minijinja::Error) -> SourceError {
    let detail = error.detail().unwrap_or("syntax error").to_owned();
    (ErrorKind::Syntax(detail), error.range().map_or(0, |range| range.start))
}
