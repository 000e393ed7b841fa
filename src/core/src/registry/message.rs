//! Requests to a registry and its responses.

use std::fmt;

/// A GET request, less its authority, which is the configuration's.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Path and query, percent-encoded: HTTP's `:path`.
    pub path: String,
    /// Its headers; names are in lower case.
    pub headers: Vec<(&'static str, String)>,
}

/// A response, complete.
#[derive(Clone, Copy)]
pub struct Response<'a> {
    /// HTTP's status.
    pub status: u16,
    /// Its headers, pseudo-headers or not.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// Its body.
    pub body: &'a [u8],
}

impl<'a> Response<'a> {
    /// The first header of that name, if it is text; `name` is in lower case.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let (_, value) = self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(value).ok().map(str::trim)
    }

    /// The media type of the body, without parameters.
    pub(super) fn media_type(&self) -> &'a str {
        let value = self.header("content-type").unwrap_or_default();
        value.split_once(';').map_or(value, |(media_type, _)| media_type).trim_end()
    }

    /// Whether the body is a page for people: of a login, a proxy, a server that knows no such path.
    pub(super) fn is_html(&self) -> bool {
        const TYPES: [&str; 2] = ["text/html", "application/xhtml+xml"];
        const STARTS: [&[u8]; 2] = [b"<!doctype html", b"<html"];
        let body = self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.body).trim_ascii_start();
        TYPES.iter().any(|media_type| self.media_type().eq_ignore_ascii_case(media_type))
            || STARTS
                .iter()
                .any(|start| body.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start)))
    }
}

/// Shows names of headers only: some of their values are secrets.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        f.debug_struct("Request").field("path", &self.path).field("headers", &names).finish()
    }
}

/// Shows status and size only.
impl fmt::Debug for Response<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
