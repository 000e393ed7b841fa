//! What is shown of requests and answers.

/// Parameters of queries whose values the engine writes: they say what is asked for.
const SHOWN: [&str; 7] =
    ["environment", "label", "prompt_id", "prompt_label", "prompt_version", "ref", "version"];

/// A path and its query, less the values of parameters that the user added: these may be secrets.
pub(super) fn path(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else {
        return path.to_owned();
    };
    let parameters: Vec<String> = query
        .split('&')
        .map(|parameter| match parameter.split_once('=') {
            Some((name, _)) if !SHOWN.contains(&name) => format!("{name}=…"),
            _ => parameter.to_owned(),
        })
        .collect();
    format!("{path}?{}", parameters.join("&"))
}

/// The size of a body of which no more than `limit` bytes and one were read.
pub(super) fn size(bytes: usize, limit: usize) -> String {
    if bytes > limit { format!("more than {limit} bytes") } else { format!("{bytes} bytes") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        for (text, expected) in [
            ("/a/b.prompt", "/a/b.prompt"),
            ("/a?ref=main", "/a?ref=main"),
            ("/a?key=s&prompt_id=a%2Fb&x", "/a?key=…&prompt_id=a%2Fb&x"),
        ] {
            assert_eq!(path(text), expected);
        }
    }

    #[test]
    fn sizes() {
        assert_eq!((size(3, 3), size(4, 3)), ("3 bytes".to_owned(), "more than 3 bytes".to_owned()));
    }
}
