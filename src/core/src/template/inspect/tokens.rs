//! Role markers that the parser never sees: those in comments and in string literals.

use minijinja::machinery::{Token, Tokenizer};
use minijinja::syntax::SyntaxConfig;

use super::super::Role;
use super::{Inspection, Marker, Site, Standing};

/// Finds markers at the beginning of a line of comments and string literals.
pub(super) fn collect(site: &Site<'_>, inspection: &mut Inspection) {
    let mut tokenizer = Tokenizer::new(site.source, "", false, SyntaxConfig::default());
    let mut before = 0;
    while let Ok(Some((token, span))) = tokenizer.next_token() {
        let (start, end) = (span.start_offset as usize, span.end_offset as usize);
        comments(site, before, start, inspection);
        match &token {
            Token::Str(text) => string(site, start, end, text, inspection),
            Token::String(text) => string(site, start, end, text, inspection),
            _ => {}
        }
        before = end.max(before);
    }
    comments(site, before, site.source.len(), inspection);
}

/// Comments are what lies between two tokens.
fn comments(site: &Site<'_>, start: usize, end: usize, inspection: &mut Inspection) {
    let mut at = start;
    while let Some(open) = site.source.get(at..end).and_then(|gap| gap.find("{#")) {
        let begin = at + open + 2;
        let close = site.source.get(begin..end).and_then(|rest| rest.find("#}"));
        let close = close.map_or(end, |close| begin + close);
        comment(site, begin, close, inspection);
        at = close;
    }
}

/// A comment's own first line begins behind its sign.
fn comment(site: &Site<'_>, start: usize, end: usize, inspection: &mut Inspection) {
    let mut at = start;
    for line in site.source.get(start..end).unwrap_or_default().split_inclusive('\n') {
        let text = line.trim_start_matches(['-', '+', ' ', '\t']);
        if let Some(role) = Role::ALL.into_iter().find(|role| text.starts_with(role.marker())) {
            let offset = at + (line.len() - text.len());
            inspection.markers.push(marker(site, role, offset, Standing::InComment));
        }
        at += line.len();
    }
}

/// A literal that is a marker and nothing else is how one is written on purpose.
fn string(site: &Site<'_>, start: usize, end: usize, text: &str, inspection: &mut Inspection) {
    let found = text.split('\n').enumerate().find_map(|(number, line)| {
        let line = line.trim_start_matches([' ', '\t']);
        let role = Role::ALL.into_iter().find(|role| line.starts_with(role.marker()))?;
        (number > 0 || line.trim_end() != role.marker()).then_some(role)
    });
    if let Some(role) = found {
        let literal = site.source.get(start..end).unwrap_or_default();
        let offset = start + literal.find(role.marker()).unwrap_or(0);
        inspection.markers.push(marker(site, role, offset, Standing::InString));
    }
}

fn marker(site: &Site<'_>, role: Role, offset: usize, standing: Standing) -> Marker {
    Marker { role, text: role.marker().to_owned(), place: site.place(offset), standing }
}
