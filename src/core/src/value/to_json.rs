//! Writing values as compact JSON.

use super::{Value, float};
use crate::json::write_string;

impl Value {
    /// The value as JSON without white space, members in their order. What JSON has no form for is
    /// null: undefined values and objects with behaviour.
    pub fn to_json(&self) -> String {
        let mut out = Vec::new();
        self.write_json(&mut out);
        // Only text and ASCII were written.
        String::from_utf8(out).unwrap_or_default()
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        match self {
            Value::Undefined(_) | Value::None | Value::Object(_) => out.extend_from_slice(b"null"),
            Value::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Value::Int(value) => out.extend_from_slice(value.to_string().as_bytes()),
            Value::Float(value) if value.is_finite() => {
                out.extend_from_slice(float::repr(*value).as_bytes());
            }
            // A number that every reader takes for the same infinity.
            Value::Float(value) if value.is_nan() => out.extend_from_slice(b"null"),
            Value::Float(value) => {
                out.extend_from_slice(if *value > 0.0 { b"1e999" } else { b"-1e999" });
            }
            Value::Str(text) => write_string(out, text),
            Value::List(list) | Value::Tuple(list) => {
                sequence(out, b'[', b']', list.items(), |out, item| item.write_json(out));
            }
            Value::Range(range) => sequence(out, b'[', b']', range.iter(), |out, number| {
                out.extend_from_slice(number.to_string().as_bytes());
            }),
            Value::Dict(dict) => sequence(out, b'{', b'}', dict.iter(), |out, (key, value)| {
                match key {
                    Value::Str(text) => write_string(out, text),
                    other => write_string(out, &other.print()),
                }
                out.push(b':');
                value.write_json(out);
            }),
        }
    }
}

fn sequence<T>(
    out: &mut Vec<u8>,
    open: u8,
    close: u8,
    items: impl IntoIterator<Item = T>,
    write: impl Fn(&mut Vec<u8>, T),
) {
    out.push(open);
    for (position, item) in items.into_iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::super::{Dict, Key};
    use super::*;

    #[test]
    fn json_stays_json() {
        for text in [
            r#"{"type":"input_image","detail":"auto","n":[1,-2.5,true,null,{}],"é\n":"\"x\\"}"#,
            "[]",
            r#"{"a":123456789012345678901234567890}"#,
            "1e+22",
        ] {
            assert_eq!(Value::from_json(text).unwrap().to_json(), text);
        }
    }

    #[test]
    fn what_json_lacks() {
        let mut dict = Dict::new();
        dict.insert(Key::new(Value::Int(1)).unwrap(), Value::Float(f64::NEG_INFINITY)).unwrap();
        assert_eq!(Value::Dict(dict.into()).to_json(), r#"{"1":-1e999}"#);
        assert_eq!(Value::Float(f64::NAN).to_json(), "null");
        assert_eq!(Value::missing("x").to_json(), "null");
    }
}
