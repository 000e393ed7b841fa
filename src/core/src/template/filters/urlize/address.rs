//! What counts as an address. Words come without white space.

use super::unicode;

/// The top-level domains that need neither a scheme nor `www.`.
const TOP_LEVEL: [&str; 8] = ["com", "net", "int", "edu", "gov", "org", "info", "mil"];

/// An address of the web, with or without its scheme.
pub(super) fn is_web(word: &str) -> bool {
    let scheme = ["https://", "http://"].into_iter().find_map(|scheme| strip_ignoring_case(word, scheme));
    let host = scheme.unwrap_or(word).split(['/', '?', '#']).next().unwrap_or_default();
    let host = without_port(host);
    if scheme.is_some() {
        return is_host(host) || is_ipv4(host) || is_ipv6(host);
    }
    strip_ignoring_case(host, "www.").is_some_and(is_host) || is_well_known(host)
}

/// An address of mail.
pub(super) fn is_mail(word: &str) -> bool {
    let Some((local, domain)) = word.rsplit_once('@') else { return false };
    let Some((name, top)) = domain.rsplit_once('.') else { return false };
    !local.is_empty()
        && name.starts_with(unicode::is_word)
        && name.chars().all(|c| unicode::is_word(c) || matches!(c, '.' | '-'))
        && !top.is_empty()
        && top.chars().all(unicode::is_word)
}

/// A scheme as `extra_schemes` names it: `tel:`, `ftp://`.
pub(super) fn is_scheme(text: &str) -> bool {
    let Some((name, slashes)) = text.split_once(':') else { return false };
    name.chars().count() >= 2
        && name.chars().all(|c| unicode::is_word(c) || matches!(c, '.' | '+' | '-'))
        && matches!(slashes, "" | "/" | "//")
}

fn strip_ignoring_case<'w>(word: &'w str, prefix: &str) -> Option<&'w str> {
    let (start, rest) = word.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if is_number(port, 5) => name,
        _ => host,
    }
}

fn is_number(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && text.chars().all(|c| unicode::decimal(c).is_some())
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.chars().all(|c| unicode::is_word(c) || matches!(c, '%' | '-'))
}

/// Labels and a top-level domain, which alone is enough.
fn is_host(host: &str) -> bool {
    let (labels, top) = host.rsplit_once('.').map_or((None, host), |(labels, top)| (Some(labels), top));
    let is_top = (2..=63).contains(&top.len()) && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_international = strip_ignoring_case(top, "xn--").is_some_and(|top| {
        (2..=59).contains(&top.chars().count()) && top.chars().all(|c| unicode::is_word(c) || c == '%')
    });
    (is_top || is_international) && labels.is_none_or(|labels| labels.split('.').all(is_label))
}

fn is_well_known(host: &str) -> bool {
    let Some((labels, top)) = host.rsplit_once('.') else { return false };
    TOP_LEVEL.iter().any(|known| known.eq_ignore_ascii_case(top))
        && labels.split('.').all(|label| is_label(label) && (2..=63).contains(&label.chars().count()))
}

fn is_ipv4(host: &str) -> bool {
    host.split('.').count() == 4 && host.split('.').all(|number| is_number(number, 3))
}

/// `[::1]` and the like: eight groups at most, of which two have to end in a colon.
fn is_ipv6(host: &str) -> bool {
    let Some(mut rest) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) else { return false };
    let mut groups = 0;
    while groups == 0 || !rest.is_empty() {
        let digits = rest.bytes().take(4).take_while(u8::is_ascii_hexdigit).count();
        let after = rest.get(digits..).unwrap_or_default();
        let colon = after.strip_prefix(':');
        if groups == 8 || (groups < 2 && colon.is_none()) || (digits == 0 && colon.is_none()) {
            return false;
        }
        rest = colon.unwrap_or(after);
        groups += 1;
    }
    groups >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_words() {
        for word in [
            "https://localhost",
            "HTTP://a.bc/?c",
            "http://[::1]:80/x",
            "https://1.2.3.4",
            "www.de",
            "a1.example.org",
            "https://xn--80ak6aa92e.xn--p1ai",
            "https://bücher.example#x",
            "www.example.com:8080",
        ] {
            assert!(is_web(word), "{word}");
        }
        for word in [
            "example.de",
            "a.com",
            "http://",
            "https://a..bc",
            "http://[1]",
            "www.",
            "x.com:123456",
            "ftp://ab.com",
            "https://a.b",
        ] {
            assert!(!is_web(word), "{word}");
        }
    }

    #[test]
    fn mail_needs_a_domain() {
        assert!(is_mail("a.b+c@example.co.uk"));
        assert!(["a@b", "@b.c", "a@.c", "a@b.", "a@b c.d"].iter().all(|word| !is_mail(word)));
    }
}
