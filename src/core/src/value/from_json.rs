//! JSON text to values.
//!
//! Not serde_json's: integers keep 128 bits, nesting is bounded, and a key that occurs twice is an
//! error, because two readers of the same request could each see another value.

use std::rc::Rc;

use super::{Dict, Key, MAX_DEPTH, Value};

/// Why JSON text is no value of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// What is wrong.
    pub kind: JsonErrorKind,
    /// The key of the outermost object inside which it is wrong.
    pub member: Option<String>,
}

/// What can be wrong with JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonErrorKind {
    /// Not JSON, or a string with half of a surrogate pair.
    Syntax,
    /// Deeper than [`MAX_DEPTH`].
    TooDeep,
    /// An integer beyond 128 bits.
    IntegerTooLarge,
    /// A key that occurs twice in one object.
    DuplicateKey,
    /// It would take more memory than it may.
    TooLarge,
}

/// What containers cost in memory. Text of two bytes (`[]`) can become a hundred times as many.
const LIST: usize = 128;
const ITEM: usize = 64;
const DICT: usize = 256;
const ENTRY: usize = 192;
const TEXT: usize = 32;

impl Value {
    /// Reads JSON text of any size that the author or operator answers for.
    pub fn from_json(text: &str) -> Result<Value, JsonError> {
        Value::from_json_within(text, usize::MAX)
    }

    /// Reads JSON text into at most about `memory` bytes.
    pub fn from_json_within(text: &str, memory: usize) -> Result<Value, JsonError> {
        let mut parser = Parser { rest: text, member: None, memory };
        let value = parser.value(0).map_err(|kind| JsonError { kind, member: parser.member.take() })?;
        parser.space();
        if parser.rest.is_empty() {
            Ok(value)
        } else {
            Err(JsonError { kind: JsonErrorKind::Syntax, member: None })
        }
    }

    /// The same for JSON that is already a tree, such as a front matter's.
    pub fn from_tree(tree: &serde_json::Value) -> Result<Value, JsonErrorKind> {
        use serde_json::Value as Tree;
        let too_deep = |_| JsonErrorKind::TooDeep;
        Ok(match tree {
            Tree::Null => Value::None,
            Tree::Bool(value) => Value::Bool(*value),
            Tree::Number(number) => {
                if let Some(int) = number.as_i64() {
                    Value::Int(i128::from(int))
                } else if let Some(int) = number.as_u64() {
                    Value::Int(i128::from(int))
                } else {
                    Value::Float(number.as_f64().unwrap_or(f64::NAN))
                }
            }
            Tree::String(text) => Value::from(text.as_str()),
            Tree::Array(items) => {
                let items = items.iter().map(Value::from_tree).collect::<Result<Vec<_>, _>>()?;
                Value::list(items).map_err(too_deep)?
            }
            Tree::Object(members) => {
                let mut dict = Dict::new();
                for (key, member) in members {
                    dict.insert(Key::from(key.as_str()), Value::from_tree(member)?).map_err(too_deep)?;
                }
                Value::Dict(Rc::new(dict))
            }
        })
    }
}

struct Parser<'a> {
    rest: &'a str,
    member: Option<String>,
    /// What is left of the memory.
    memory: usize,
}

impl<'a> Parser<'a> {
    fn charge(&mut self, bytes: usize) -> Result<(), JsonErrorKind> {
        self.memory = self.memory.checked_sub(bytes).ok_or(JsonErrorKind::TooLarge)?;
        Ok(())
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn skip(&mut self, literal: &str) -> bool {
        match self.rest.strip_prefix(literal) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: u8) -> Result<Value, JsonErrorKind> {
        self.space();
        match self.rest.as_bytes().first() {
            Some(b'"') => Ok(Value::Str(self.string()?)),
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b't') if self.skip("true") => Ok(Value::Bool(true)),
            Some(b'f') if self.skip("false") => Ok(Value::Bool(false)),
            Some(b'n') if self.skip("null") => Ok(Value::None),
            Some(_) => self.number(),
            None => Err(JsonErrorKind::Syntax),
        }
    }

    fn object(&mut self, depth: u8) -> Result<Value, JsonErrorKind> {
        if depth > MAX_DEPTH {
            return Err(JsonErrorKind::TooDeep);
        }
        self.charge(DICT)?;
        let mut dict = Dict::new();
        self.skip("{");
        self.space();
        if self.skip("}") {
            return Ok(Value::Dict(Rc::new(dict)));
        }
        loop {
            self.space();
            self.charge(ENTRY)?;
            let key = self.string()?;
            if depth == 1 {
                self.member = Some(key.to_string());
            }
            if dict.get(&key).is_some() {
                return Err(JsonErrorKind::DuplicateKey);
            }
            self.space();
            if !self.skip(":") {
                return Err(JsonErrorKind::Syntax);
            }
            let value = self.value(depth)?;
            dict.insert(Key::from(key), value).map_err(|_| JsonErrorKind::TooDeep)?;
            self.space();
            if self.skip(",") {
                continue;
            }
            return if self.skip("}") { Ok(Value::Dict(Rc::new(dict))) } else { Err(JsonErrorKind::Syntax) };
        }
    }

    fn array(&mut self, depth: u8) -> Result<Value, JsonErrorKind> {
        if depth > MAX_DEPTH {
            return Err(JsonErrorKind::TooDeep);
        }
        self.charge(LIST)?;
        let mut items = Vec::new();
        self.skip("[");
        self.space();
        if !self.skip("]") {
            loop {
                self.charge(ITEM)?;
                items.push(self.value(depth)?);
                self.space();
                if self.skip(",") {
                    continue;
                }
                if self.skip("]") {
                    break;
                }
                return Err(JsonErrorKind::Syntax);
            }
        }
        Value::list(items).map_err(|_| JsonErrorKind::TooDeep)
    }

    fn string(&mut self) -> Result<Rc<str>, JsonErrorKind> {
        let text = self.rest.strip_prefix('"').ok_or(JsonErrorKind::Syntax)?;
        let bytes = text.as_bytes();
        let mut end = 0;
        let mut escaped = false;
        loop {
            let rest = bytes.get(end..).unwrap_or_default();
            end += memchr::memchr2(b'"', b'\\', rest).ok_or(JsonErrorKind::Syntax)?;
            if bytes.get(end) == Some(&b'"') {
                break;
            }
            escaped = true;
            end += 2;
        }
        let (inner, rest) = text.split_at_checked(end).ok_or(JsonErrorKind::Syntax)?;
        self.charge(inner.len().saturating_add(TEXT))?;
        let value = if escaped {
            let quoted = self.rest.get(..end + 2).ok_or(JsonErrorKind::Syntax)?;
            serde_json::from_str::<String>(quoted).map_err(|_| JsonErrorKind::Syntax)?.into()
        } else {
            Rc::from(inner)
        };
        self.rest = rest.get(1..).unwrap_or_default();
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, JsonErrorKind> {
        let end = self
            .rest
            .find(|c: char| !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'))
            .unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at_checked(end).ok_or(JsonErrorKind::Syntax)?;
        if !number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return Err(JsonErrorKind::Syntax);
        }
        self.rest = rest;
        if number.contains(['.', 'e', 'E']) {
            number.parse().map(Value::Float).map_err(|_| JsonErrorKind::Syntax)
        } else {
            number.parse().map(Value::Int).map_err(|_| JsonErrorKind::IntegerTooLarge)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_type() {
        let value = Value::from_json(r#" {"a": [1, -2.5, "x\n", true, null], "b": {}} "#).unwrap();
        assert_eq!(value.repr(), r"{'a': [1, -2.5, 'x\n', True, None], 'b': {}}");
    }

    #[test]
    fn integers_keep_128_bits() {
        let text = "170141183460469231731687303715884105727";
        assert_eq!(Value::from_json(text).unwrap().print(), text);
        let error = Value::from_json(r#"{"n": 170141183460469231731687303715884105728}"#).unwrap_err();
        assert_eq!(error, JsonError { kind: JsonErrorKind::IntegerTooLarge, member: Some("n".into()) });
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(Value::from_json(&nested(64)).is_ok());
        assert_eq!(Value::from_json(&nested(65)).unwrap_err().kind, JsonErrorKind::TooDeep);
        assert_eq!(Value::from_json(&"[".repeat(100_000)).unwrap_err().kind, JsonErrorKind::TooDeep);
    }

    #[test]
    fn a_key_may_not_occur_twice() {
        let error = Value::from_json(r#"{"a": 1, "\u0061": 2}"#).unwrap_err();
        assert_eq!(error, JsonError { kind: JsonErrorKind::DuplicateKey, member: Some("a".into()) });
    }

    #[test]
    fn memory_is_bounded() {
        let many = format!(r#"{{"a": 1, "l": [{}1]}}"#, "[],".repeat(10_000));
        assert!(Value::from_json_within(&many, 4 << 20).is_ok());
        let error = Value::from_json_within(&many, 1 << 20).unwrap_err();
        assert_eq!(error, JsonError { kind: JsonErrorKind::TooLarge, member: Some("l".into()) });
        let long = format!(r#""{}""#, "x".repeat(1 << 20));
        assert!(Value::from_json_within(&long, 2 << 20).is_ok());
        assert!(Value::from_json_within(&long, 1 << 20).is_err());
    }

    #[test]
    fn half_a_surrogate_pair_is_refused() {
        assert_eq!(Value::from_json(r#""\ud83d""#).unwrap_err().kind, JsonErrorKind::Syntax);
    }
}
