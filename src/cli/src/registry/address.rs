//! Where a registry is: the beginning of a URL.

use std::net::IpAddr;

use ureq::http::Uri;

/// Scheme, host and port of a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whether connections are encrypted.
    pub https: bool,
    /// Host and port.
    pub authority: String,
}

/// An [`Address`] and what precedes every path there, as a user gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// Where to connect.
    pub address: Address,
    /// What the URL names behind it, without a `/` at the end; none if nothing.
    pub path: Option<String>,
}

impl Address {
    /// Where a registry is if nothing else is said.
    pub fn https(authority: &str) -> Address {
        Address { https: true, authority: authority.to_owned() }
    }

    /// The URL of a path there.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", if self.https { "https" } else { "http" }, self.authority)
    }

    /// Whether what is sent there stays on this machine.
    pub fn is_loopback(&self) -> bool {
        let Some(uri) = self.uri() else { return false };
        let host = uri.host().unwrap_or_default();
        let is_loopback = |address: IpAddr| address.is_loopback();
        host.eq_ignore_ascii_case("localhost") || host.trim_matches(['[', ']']).parse().is_ok_and(is_loopback)
    }

    fn uri(&self) -> Option<Uri> {
        self.url("/").parse().ok()
    }
}

impl Base {
    /// Reads a URL. It may not hold what does not belong there, credentials above all: a command line
    /// stands in the shell's history and in the list of processes.
    pub fn parse(text: &str) -> Result<Base, String> {
        const EXPECTED: &str = "expected a URL such as https://litellm.internal or http://127.0.0.1:4000";
        let uri: Uri = text.parse().map_err(|_| EXPECTED)?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(EXPECTED.to_owned()),
        };
        let authority = uri.authority().filter(|authority| !authority.host().is_empty()).ok_or(EXPECTED)?;
        if authority.as_str().contains('@') {
            return Err("credentials don't belong in a URL: --token-env names the variable that holds \
                        them"
                .to_owned());
        }
        if text.contains(['?', '#']) {
            return Err("the URL of a registry has no query and no fragment".to_owned());
        }
        let path = uri.path().trim_end_matches('/');
        Ok(Base {
            address: Address { https, authority: authority.as_str().to_owned() },
            path: (!path.is_empty()).then(|| path.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        for (text, url, path) in [
            ("https://a.example", "https://a.example", None),
            ("http://127.0.0.1:4000/", "http://127.0.0.1:4000", None),
            ("http://[::1]:80/a/b/", "http://[::1]:80", Some("/a/b")),
            ("HTTPS://A.example/api/v3", "https://A.example", Some("/api/v3")),
        ] {
            let base = Base::parse(text).unwrap();
            assert_eq!((base.address.url("").as_str(), base.path.as_deref()), (url, path), "{text}");
        }
        for text in
            ["", "a.example", "a.example:4000", "/a", "ftp://a", "https://", "https:///a", "http://a b"]
        {
            assert!(Base::parse(text).unwrap_err().starts_with("expected a URL"), "{text}");
        }
        for (text, why) in [
            ("https://u:p@a.example", "credentials"),
            ("https://a.example?token=x", "no query"),
            ("https://a.example/#x", "no fragment"),
        ] {
            assert!(Base::parse(text).unwrap_err().contains(why), "{text}");
        }
    }

    #[test]
    fn this_machine() {
        for (authority, expected) in [
            ("localhost:1", true),
            ("LOCALHOST", true),
            ("127.1.2.3:80", true),
            ("[::1]", true),
            ("10.0.0.1", false),
            ("localhost.example", false),
            ("[::2]:1", false),
        ] {
            assert_eq!(Address::https(authority).is_loopback(), expected, "{authority}");
        }
    }
}
