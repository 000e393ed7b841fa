//! What a request's headers decide.

use std::borrow::Cow;
use std::rc::Rc;

use super::dialect::{self, Dialect};
use super::replies;
use crate::config::{CompressedBodies, Config, Settings, normalize_path};
use crate::reply::{Envelope, LocalReply};

/// The headers that matter. Values are bytes until they are understood.
#[derive(Clone, Copy, Debug, Default)]
pub struct Head<'a> {
    /// `:method`
    pub method: &'a [u8],
    /// `:path`, query included.
    pub path: &'a [u8],
    /// `:authority`
    pub authority: &'a [u8],
    /// `content-encoding`, all values joined by commas.
    pub content_encoding: &'a [u8],
    /// `content-length`
    pub content_length: Option<&'a [u8]>,
    /// The name of the route that Envoy has chosen so far.
    pub route: Option<&'a [u8]>,
    /// The client sent a header of ours ([`is_our_header`](super::is_our_header)), by which the route may
    /// have been chosen.
    pub forged: bool,
}

/// What becomes of a request after its headers.
pub(super) enum Decision {
    /// It is none of ours.
    Pass,
    /// Its body has to be read.
    Read { settings: Rc<Settings>, dialect: &'static Dialect, required: bool },
    /// It is answered at once.
    Reply(LocalReply, Envelope),
}

pub(super) fn decide(config: &Config, head: &Head<'_>, end_of_stream: bool) -> Decision {
    // Methods are case-sensitive, but some servers behind us don't know.
    if !head.method.eq_ignore_ascii_case(b"POST") {
        return Decision::Pass;
    }
    if head.forged && config.needs_route() {
        // Which rule holds is not known: Envoy goes on telling the route that the header chose.
        return Decision::Reply(replies::forged_header(), Envelope::default());
    }
    let (path, authority) = (String::from_utf8_lossy(head.path), String::from_utf8_lossy(head.authority));
    let path = decode_unreserved(&path);
    let route = head.route.map(String::from_utf8_lossy);
    let settings = config.settings(route.as_deref(), &authority, &path);
    let policy = &settings.policy;
    let required = policy.require_prompt && !policy.passes(&path);
    let Some(dialect) = dialect::of(&normalize_path(&path)) else {
        let reply = || Decision::Reply(replies::prompt_required(), Envelope::default());
        return if required { reply() } else { Decision::Pass };
    };
    let reply = |reply| Decision::Reply(reply, dialect.envelope);
    if end_of_stream {
        return if required { reply(replies::not_an_object()) } else { Decision::Pass };
    }
    if is_compressed(head.content_encoding) {
        return if config.compressed_bodies == CompressedBodies::Forward && !required {
            Decision::Pass
        } else {
            reply(replies::compressed())
        };
    }
    let length =
        head.content_length.and_then(|length| std::str::from_utf8(length).ok()?.trim().parse::<u64>().ok());
    if length.is_some_and(|length| length > config.limits.body as u64) {
        return reply(replies::too_large(config));
    }
    Decision::Read { settings: settings.clone(), dialect, required }
}

/// Letters, digits, `-`, `.`, `_` and `~` mean the same percent-encoded (RFC 3986, 2.3), and upstream
/// may decode them.
fn decode_unreserved(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut parts = path.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).map(char::from);
        match code.filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~')) {
            Some(c) => {
                decoded.push(c);
                decoded.push_str(part.get(2..).unwrap_or_default());
            }
            None => {
                decoded.push('%');
                decoded.push_str(part);
            }
        }
    }
    Cow::Owned(decoded)
}

/// Any coding but `identity`.
fn is_compressed(content_encoding: &[u8]) -> bool {
    content_encoding.split(|byte| *byte == b',').any(|coding| {
        let coding = coding.trim_ascii();
        !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unreserved_characters_are_decoded() {
        for (path, expected) in [
            ("/chat/completions", "/chat/completions"),
            ("/%63hat/complet%69on%73", "/chat/completions"),
            ("/a%2Fb%", "/a%2Fb%"),
            ("/%zz%é%4", "/%zz%é%4"),
        ] {
            assert_eq!(decode_unreserved(path), expected);
        }
    }

    #[test]
    fn identity_is_no_compression() {
        for (value, expected) in
            [("", false), ("identity", false), ("gzip", true), ("Identity, ", false), ("identity, br", true)]
        {
            assert_eq!(is_compressed(value.as_bytes()), expected, "{value}");
        }
    }
}
