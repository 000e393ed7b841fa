//! Links for addresses in text.

mod address;

use std::collections::BTreeSet;

use super::super::args::Args;
use super::super::error::Fault;
use super::super::eval::Evaluator;
use super::escape::push_escaped;
use super::{given, truth, unicode};
use crate::value::Value;

/// `urlize(trim_url_limit=None, nofollow=False, target=None, rel=None, extra_schemes=None)`
pub(super) fn urlize(evaluator: &mut Evaluator<'_>, value: Value, arguments: Args) -> Result<Value, Fault> {
    let [limit, nofollow, target, rel, schemes] =
        arguments.bind(["trim_url_limit", "nofollow", "target", "rel", "extra_schemes"])?;
    let limit = given(limit).map(|limit| evaluator.count(&limit)).transpose()?;
    let links = Links {
        evaluator,
        limit,
        attributes: attributes(evaluator, truth(nofollow, false), given(rel), given(target))?,
        schemes: extra_schemes(evaluator, given(schemes))?,
    };
    let mut escaped = String::new();
    push_escaped(evaluator, &mut escaped, &evaluator.text(&value)?)?;
    let mut out = String::new();
    let mut rest = escaped.as_str();
    while !rest.is_empty() {
        let word = rest.find(|c| !unicode::is_space(c)).unwrap_or(rest.len());
        let (blank, after) = rest.split_at_checked(word).unwrap_or((rest, ""));
        links.push(&mut out, &[blank])?;
        let end = after.find(unicode::is_space).unwrap_or(after.len());
        let (word, after) = after.split_at_checked(end).unwrap_or((after, ""));
        links.word(&mut out, word)?;
        rest = after;
    }
    Ok(Value::from(out))
}

/// ` rel="…" target="…"`
fn attributes(
    evaluator: &Evaluator<'_>,
    nofollow: bool,
    rel: Option<Value>,
    target: Option<Value>,
) -> Result<String, Fault> {
    let rel = rel.as_ref().map_or(Ok(""), |rel| evaluator.str(rel))?;
    evaluator.budget.memory(rel.len().saturating_mul(4))?;
    let mut rels: BTreeSet<&str> = rel.split(unicode::is_space).filter(|rel| !rel.is_empty()).collect();
    rels.insert("noopener");
    if nofollow {
        rels.insert("nofollow");
    }
    let mut out = String::from(" rel=\"");
    push_escaped(evaluator, &mut out, &rels.into_iter().collect::<Vec<_>>().join(" "))?;
    out.push('"');
    if let Some(target) = target.filter(Value::is_true) {
        out.push_str(" target=\"");
        push_escaped(evaluator, &mut out, &evaluator.text(&target)?)?;
        out.push('"');
    }
    Ok(out)
}

fn extra_schemes(evaluator: &Evaluator<'_>, schemes: Option<Value>) -> Result<Vec<String>, Fault> {
    let Some(schemes) = schemes else { return Ok(Vec::new()) };
    let mut known = Vec::new();
    for scheme in evaluator.items(&schemes)?.iter() {
        let scheme = evaluator.str(&scheme)?;
        if !address::is_scheme(scheme) {
            return Err(Fault::arguments("an extra scheme of `urlize` looks like \"tel:\" or \"ftp://\""));
        }
        evaluator.budget.memory(scheme.len())?;
        known.push(scheme.to_owned());
    }
    Ok(known)
}

struct Links<'e, 't> {
    evaluator: &'e Evaluator<'t>,
    /// The most characters of an address to show.
    limit: Option<usize>,
    attributes: String,
    schemes: Vec<String>,
}

impl Links<'_, '_> {
    fn push(&self, out: &mut String, parts: &[&str]) -> Result<(), Fault> {
        self.evaluator.budget.memory(parts.iter().map(|part| part.len()).sum())?;
        out.extend(parts.iter().copied());
        Ok(())
    }

    /// A word, with a link around it if it is an address, but for the punctuation around that.
    fn word(&self, out: &mut String, word: &str) -> Result<(), Fault> {
        // A word is looked at in several ways, however short it is.
        self.evaluator.budget.slots(self.schemes.len().saturating_add(2))?;
        let (head, address, tail) = without_punctuation(word);
        self.push(out, &[head])?;
        let attributes = self.attributes.as_str();
        if address::is_web(address) {
            let scheme = if address.starts_with("https://") || address.starts_with("http://") {
                ""
            } else {
                "https://"
            };
            let (shown, dots) = self.trimmed(address);
            self.push(out, &["<a href=\"", scheme, address, "\"", attributes, ">", shown, dots, "</a>"])?;
        } else if let Some(mail) = address.strip_prefix("mailto:").filter(|mail| address::is_mail(mail)) {
            self.push(out, &["<a href=\"", address, "\">", mail, "</a>"])?;
        } else if !address.starts_with("www.")
            && !address.starts_with('@')
            && !address.contains(':')
            && address::is_mail(address)
        {
            self.push(out, &["<a href=\"mailto:", address, "\">", address, "</a>"])?;
        } else if self
            .schemes
            .iter()
            .any(|scheme| address.len() > scheme.len() && address.starts_with(scheme))
        {
            self.push(out, &["<a href=\"", address, "\"", attributes, ">", address, "</a>"])?;
        } else {
            self.push(out, &[address])?;
        }
        self.push(out, &[tail])
    }

    fn trimmed<'w>(&self, address: &'w str) -> (&'w str, &'static str) {
        let cut = self.limit.and_then(|limit| address.char_indices().nth(limit));
        match cut.and_then(|(offset, _)| address.get(..offset)) {
            Some(shown) => (shown, "..."),
            None => (address, ""),
        }
    }
}

/// Opening punctuation, what is between, and closing punctuation less what the address itself opened.
fn without_punctuation(word: &str) -> (&str, &str, &str) {
    const OPENING: [&str; 2] = ["(", "&lt;"];
    const CLOSING: [&str; 4] = [")", "&gt;", ".", ","];
    let mut middle = word;
    while let Some(rest) = OPENING.iter().find_map(|opening| middle.strip_prefix(opening)) {
        middle = rest;
    }
    let head = word.strip_suffix(middle).unwrap_or_default();
    let inner = middle;
    while let Some(rest) = CLOSING.iter().find_map(|closing| middle.strip_suffix(closing)) {
        middle = rest;
    }
    let mut end = middle.len();
    for (open, close) in [("(", ")"), ("&lt;", "&gt;")] {
        let (middle, tail) = inner.split_at_checked(end).unwrap_or((inner, ""));
        let opened = middle.matches(open).count();
        if opened <= middle.matches(close).count() {
            continue;
        }
        let balanced = tail.match_indices(close).take(opened).last();
        end += balanced.map_or(0, |(offset, close)| offset + close.len());
    }
    let (middle, tail) = inner.split_at_checked(end).unwrap_or((inner, ""));
    (head, middle, tail)
}
