//! Request paths.

use std::borrow::Cow;

/// A request path as rules and policy see it: the query removed, slashes merged, a trailing one
/// dropped.
///
/// Dot segments and percent-encoding are left alone. They are Envoy's to resolve
/// (`normalize_path`), because only then do its routes and we see the same path.
pub fn normalize(path: &str) -> Cow<'_, str> {
    let path = path.split_once(['?', '#']).map_or(path, |(path, _)| path);
    let mut normal = if path.contains("//") {
        let mut merged = String::with_capacity(path.len());
        for char in path.chars() {
            if char != '/' || !merged.ends_with('/') {
                merged.push(char);
            }
        }
        Cow::Owned(merged)
    } else {
        Cow::Borrowed(path)
    };
    if normal.len() > 1 && normal.ends_with('/') {
        match &mut normal {
            Cow::Borrowed(path) => *path = path.strip_suffix('/').unwrap_or(path),
            Cow::Owned(path) => {
                path.pop();
            }
        }
    }
    normal
}

/// Whether a normalized path is the prefix or lies below it: `/a` holds `/a` and `/a/b`, not `/ab`.
pub(super) fn is_below(path: &str, prefix: &str) -> bool {
    match path.strip_prefix(prefix) {
        Some(rest) => rest.is_empty() || rest.starts_with('/') || prefix.ends_with('/'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalized() {
        for (path, expected) in [
            ("/v1/chat/completions", "/v1/chat/completions"),
            ("/v1/chat/completions/", "/v1/chat/completions"),
            ("/v1/chat/completions?a=/b//", "/v1/chat/completions"),
            ("//v1///chat/completions//?x", "/v1/chat/completions"),
            ("/", "/"),
            ("//", "/"),
            ("", ""),
            ("?a", ""),
            ("/a#b", "/a"),
        ] {
            assert_eq!(normalize(path), expected, "{path}");
        }
        assert!(matches!(normalize("/v1/chat/completions/?q"), Cow::Borrowed(_)));
    }

    #[test]
    fn below() {
        for (path, prefix, expected) in [
            ("/team-a", "/team-a", true),
            ("/team-a/v1", "/team-a", true),
            ("/team-ab", "/team-a", false),
            ("/x/team-a", "/team-a", false),
            ("/anything", "/", true),
            ("/", "/", true),
        ] {
            assert_eq!(is_below(path, prefix), expected, "{path} {prefix}");
        }
    }
}
