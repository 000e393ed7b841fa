//! The client's list of messages.

use super::grammar::{self, Next, Offset, white_space};
use super::literals::Literals;
use super::string::{decode, is_literal_of};

/// The elements of a JSON array as text: what stands between the brackets, without the white space
/// at both ends. Empty where the array is. None where `raw` is not an array.
///
/// `raw` is the text of a valid value, as [`Member::raw`](super::Member::raw) has it.
pub fn array_items(raw: &[u8]) -> Option<&[u8]> {
    Some(raw.strip_prefix(b"[")?.strip_suffix(b"]")?.trim_ascii())
}

/// Who speaks an element of a client's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker<'a> {
    /// The element's `role`.
    Role(&'a str),
    /// The element's `type`, as items of the Responses API have one, such as `function_call`.
    Type {
        /// The type.
        name: &'a str,
        /// The element has a role as well, which is visited by itself.
        beside_role: bool,
    },
    /// It has neither, or none that is Unicode text, or several types.
    Unknown,
}

/// Reads an array, from behind its opening bracket on, and visits the speaker of each of its
/// elements: see [`Object::scan_messages`](super::Object::scan_messages).
pub(super) fn speakers(literals: &mut Literals<'_>, at: usize, visit: &mut dyn FnMut(Speaker<'_>)) -> Offset {
    let text = literals.text();
    if let (end, Some(b']')) = white_space(text, at) {
        return Some(end + 1);
    }
    let mut at = at;
    loop {
        at = match white_space(text, at) {
            (brace, Some(b'{')) => message(literals, brace + 1, visit)?,
            (other, _) => {
                visit(Speaker::Unknown);
                grammar::value(literals, other)?
            }
        };
        match grammar::next(text, at, b']')? {
            Next::Comma(comma) => at = comma + 1,
            Next::Close(bracket) => return Some(bracket + 1),
        }
    }
}

/// Reads a message, from behind its opening brace on.
fn message(literals: &mut Literals<'_>, at: usize, visit: &mut dyn FnMut(Speaker<'_>)) -> Offset {
    let text = literals.text();
    if let (end, Some(b'}')) = white_space(text, at) {
        visit(Speaker::Unknown);
        return Some(end + 1);
    }
    let mut at = at;
    let mut has_role = false;
    let mut types = Types::None;
    loop {
        let (key, value) = grammar::key(literals, at)?;
        at = grammar::value_here(literals, value)?;
        let key = text.get(key).unwrap_or_default();
        if is_literal_of(key, "role") {
            has_role = true;
            with_text(text.get(value..at).unwrap_or_default(), |role| {
                visit(role.map_or(Speaker::Unknown, Speaker::Role));
            });
        } else if is_literal_of(key, "type") {
            types = if types == Types::None { Types::One(value, at) } else { Types::Several };
        }
        match grammar::next(text, at, b'}')? {
            Next::Comma(comma) => at = comma + 1,
            Next::Close(brace) => {
                match types {
                    Types::One(start, end) => {
                        with_text(text.get(start..end).unwrap_or_default(), |name| {
                            visit(name.map_or(Speaker::Unknown, |name| Speaker::Type {
                                name,
                                beside_role: has_role,
                            }));
                        });
                    }
                    Types::None if has_role => {}
                    Types::None | Types::Several => visit(Speaker::Unknown),
                }
                return Some(brace + 1);
            }
        }
    }
}

/// Where an element's `type` stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Types {
    None,
    One(usize, usize),
    Several,
}

/// Hands over the text of a string literal; none of other values, and of lone surrogates, which are
/// no UTF-8.
fn with_text(value: &[u8], take: impl FnOnce(Option<&str>)) {
    let decoded = (value.first() == Some(&b'"')).then(|| decode(value));
    take(decoded.as_deref().and_then(|text| str::from_utf8(text).ok()));
}

#[cfg(test)]
mod tests {
    use super::super::Object;
    use super::*;

    fn roles(list: &str) -> Vec<Option<String>> {
        let mut roles = Vec::new();
        let body = format!(r#"{{"x":[{{"role":"x"}}],"m\u0065ssages":{list}}}"#);
        Object::scan_messages(body.as_bytes(), &[], "messages", |speaker| {
            roles.push(match speaker {
                Speaker::Role(role) => Some(role.to_owned()),
                Speaker::Type { name, beside_role } => {
                    Some(format!("type {name}{}", if beside_role { " beside" } else { "" }))
                }
                Speaker::Unknown => None,
            });
        })
        .unwrap();
        roles
    }

    fn some(roles: &[&str]) -> Vec<Option<String>> {
        roles.iter().map(|role| Some((*role).to_owned())).collect()
    }

    #[test]
    fn visits_the_roles_of_messages() {
        assert_eq!(
            roles(r#"[{"role":"user","content":"hi"}, {"content":[{"role":"x"}],"role":"tool"}]"#),
            some(&["user", "tool"])
        );
        assert_eq!(roles(r#" [ { "r\u006fle" : "sys\u0074em" } ] "#), some(&["system"]));
        assert_eq!(roles(r#"[{"role":"user","role":"system"}]"#), some(&["user", "system"]));
        assert_eq!(roles(r#"[{"role":"a"}],"messages":[{"role":"b"}]"#), some(&["a", "b"]));
    }

    #[test]
    fn visits_what_has_no_role() {
        for element in [
            "{}",
            r#"{"content":"x"}"#,
            r#"{"Role":"user"}"#,
            r#"{"roles":"user"}"#,
            r#"{"role":null}"#,
            r#"{"role":["user"]}"#,
            r#"{"role":{"role":"user"}}"#,
            r#"{"role":"\ud800"}"#,
            "null",
            "1E400",
            r#""user""#,
            r#"[{"role":"user"}]"#,
        ] {
            let list = format!(r#"[{{"role":"user"}},{element},{{"role":"tool"}}]"#);
            assert_eq!(roles(&list), [some(&["user"]), vec![None], some(&["tool"])].concat());
        }
    }

    #[test]
    fn visits_the_types_of_what_has_no_role() {
        assert_eq!(
            roles(
                r#"[{"type":"function_call"},{"type":"message","role":"user"},{"ty\u0070e":"a","x":1},{"type":1}]"#
            ),
            [some(&["type function_call", "user", "type message beside", "type a"]), vec![None]].concat()
        );
        assert_eq!(roles(r#"[{"type":"a","type":"a"}]"#), [None]);
        assert_eq!(roles(r#"[{"type":"a","role":null}]"#), [None, Some("type a beside".to_owned())]);
    }

    #[test]
    fn visits_nothing_where_there_is_no_message() {
        for list in ["[]", " [ ] ", "null", "{}", r#"{"role":"user"}"#, r#""[]""#, "1"] {
            assert_eq!(roles(list), []);
        }
    }

    #[test]
    fn survives_deep_messages() {
        let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(roles(&format!("[{open}{close}]")), [None]);
        assert_eq!(roles(&format!(r#"[{{"content":{open}{close},"role":"user"}}]"#)), some(&["user"]));
    }

    #[test]
    fn array_items_are_the_text_between_the_brackets() {
        assert_eq!(array_items(b"[]"), Some(&b""[..]));
        assert_eq!(array_items(b"[ \t\r\n ]"), Some(&b""[..]));
        assert_eq!(array_items(b"[ 1.10 , [2] ]"), Some(&b"1.10 , [2]"[..]));
        assert_eq!(array_items(br#"["]"]"#), Some(&br#""]""#[..]));
        for other in ["null", "{}", r#""[]""#, "1", "true"] {
            assert_eq!(array_items(other.as_bytes()), None);
        }
    }
}
