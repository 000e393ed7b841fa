//! The digest that a bundle carries as its revision.

use std::io;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// `sha256:` and the hexadecimal SHA-256 of the value's compact JSON, keys sorted by code point at
/// every level.
pub fn digest(value: &Value) -> String {
    let mut hasher = Hasher(Sha256::new());
    // Hashing cannot fail, and a parsed value is always representable as JSON.
    let written = write_sorted(&mut hasher, value);
    debug_assert!(written.is_ok());
    let mut text = String::from("sha256:");
    for byte in hasher.0.finalize() {
        for nibble in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(nibble.into(), 16));
        }
    }
    text
}

struct Hasher(Sha256);

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Nesting is as deep as the parser of the value allowed.
fn write_sorted(out: &mut impl io::Write, value: &Value) -> io::Result<()> {
    match value {
        Value::Object(map) => {
            let mut members: Vec<(&String, &Value)> = map.iter().collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            out.write_all(b"{")?;
            for (at, (key, value)) in members.into_iter().enumerate() {
                if at > 0 {
                    out.write_all(b",")?;
                }
                serde_json::to_writer(&mut *out, key)?;
                out.write_all(b":")?;
                write_sorted(out, value)?;
            }
            out.write_all(b"}")
        }
        Value::Array(items) => {
            out.write_all(b"[")?;
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.write_all(b",")?;
                }
                write_sorted(out, item)?;
            }
            out.write_all(b"]")
        }
        scalar => Ok(serde_json::to_writer(out, scalar)?),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(value: &Value) -> String {
        let mut out = Vec::new();
        write_sorted(&mut out, value).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn sorted_by_code_point_at_every_level() {
        // UTF-16 would put the emoji before U+FF5E.
        let value = json!({"\u{1F600}": 1, "\u{FF5E}": [{"b": null, "a": true}], "B": "x\n\"é", "a": 1.5});
        assert_eq!(
            written(&value),
            "{\"B\":\"x\\n\\\"é\",\"a\":1.5,\"\u{FF5E}\":[{\"a\":true,\"b\":null}],\"\u{1F600}\":1}"
        );
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
