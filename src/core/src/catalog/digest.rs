//! The digest that a bundle carries as its revision.

use std::io;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// `sha256:` and the hexadecimal SHA-256 of the value's compact JSON, keys sorted by code point at
/// every level.
pub fn digest(value: &Value) -> String {
    let mut hasher = Hasher::default();
    hasher.value(value);
    hasher.finish()
}

/// What a digest is made of: JSON, written piece by piece.
#[derive(Default)]
pub(crate) struct Hasher(Writer);

impl Hasher {
    /// A value. Nesting is as deep as the parser of the value allowed.
    pub(crate) fn value(&mut self, value: &Value) {
        match value {
            Value::Object(map) => self.object(map.iter().collect(), Hasher::value),
            Value::Array(items) => {
                self.0.push(b"[");
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.0.push(b",");
                    }
                    self.value(item);
                }
                self.0.push(b"]");
            }
            scalar => self.scalar(scalar),
        }
    }

    /// An object, its members in any order; `write` writes the value of one.
    pub(crate) fn object<T>(&mut self, mut members: Vec<(&String, &T)>, write: impl Fn(&mut Hasher, &T)) {
        members.sort_unstable_by_key(|(key, _)| *key);
        self.0.push(b"{");
        for (at, (key, value)) in members.into_iter().enumerate() {
            if at > 0 {
                self.0.push(b",");
            }
            self.string(key);
            self.0.push(b":");
            write(self, value);
        }
        self.0.push(b"}");
    }

    /// A string.
    pub(crate) fn string(&mut self, text: &str) {
        self.scalar(text);
    }

    fn scalar(&mut self, scalar: &(impl Serialize + ?Sized)) {
        // Hashing cannot fail, and a parsed value is always representable as JSON.
        let written = serde_json::to_writer(&mut self.0, scalar);
        debug_assert!(written.is_ok());
    }

    /// `sha256:` and the digits.
    pub(crate) fn finish(self) -> String {
        let mut text = String::from("sha256:");
        for byte in self.0.0.finalize() {
            for nibble in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(nibble.into(), 16));
            }
        }
        text
    }
}

#[derive(Default)]
struct Writer(Sha256);

impl Writer {
    fn push(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sorted_by_code_point_at_every_level() {
        // UTF-16 would put the emoji before U+FF5E.
        let value = json!({"\u{1F600}": 1, "\u{FF5E}": [{"b": null, "a": true}], "B": "x\n\"é", "a": 1.5});
        let written =
            "{\"B\":\"x\\n\\\"é\",\"a\":1.5,\"\u{FF5E}\":[{\"a\":true,\"b\":null}],\"\u{1F600}\":1}";
        let mut hasher = Hasher::default();
        hasher.0.push(written.as_bytes());
        assert_eq!(digest(&value), hasher.finish());
    }

    #[test]
    fn known_digests() {
        // printf '{}' | sha256sum, and of {"hello":"User: {{ user_message }}"}.
        assert_eq!(
            digest(&json!({})),
            "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        );
        assert_eq!(
            digest(&json!({"hello": "User: {{ user_message }}"})),
            "sha256:885278fe9a588109bd925f4878a1ae50d9fca6009447c1f96f843145b487b291"
        );
    }

    #[test]
    fn the_order_in_the_file_does_not_matter() {
        let one: Value = serde_json::from_str(r#"{"a": "1", "b": {"x": 1, "y": 2}}"#).unwrap();
        let two: Value = serde_json::from_str(r#"{"b": {"y": 2, "x": 1}, "a": "1"}"#).unwrap();
        assert_eq!(digest(&one), digest(&two));
        assert_ne!(digest(&one), digest(&json!({"a": "1"})));
    }
}
