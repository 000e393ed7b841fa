//! Percent-encoding, for everything that becomes part of a path or query.

/// Encodes one segment of a path, or a name or value in a query: all but RFC 3986's unreserved
/// characters.
pub(super) fn segment(text: &str) -> String {
    encode(text, false)
}

/// Encodes a path of several segments: as [`segment`], but `/` stays.
pub(super) fn path(text: &str) -> String {
    encode(text, true)
}

fn encode(text: &str, keep_slashes: bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            b'/' if keep_slashes => encoded.push('/'),
            _ => {
                encoded.push('%');
                for nibble in [byte >> 4, byte & 15] {
                    encoded
                        .extend(char::from_digit(nibble.into(), 16).map(|digit| digit.to_ascii_uppercase()));
                }
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_the_unreserved() {
        assert_eq!(segment("AZaz09-._~"), "AZaz09-._~");
        assert_eq!(segment("a/b c%2e?#&=+"), "a%2Fb%20c%252e%3F%23%26%3D%2B");
        assert_eq!(path("a/b c"), "a/b%20c");
        assert_eq!(path("é\n{}"), "%C3%A9%0A%7B%7D");
    }
}
