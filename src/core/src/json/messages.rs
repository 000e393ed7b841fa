//! The client's list of messages.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::cursor::{Cursor, Invalid};
use super::string::decode;

/// The elements of a JSON array as text: what stands between the brackets, without the white space
/// at both ends. Empty where the array is. None where `raw` is not an array.
///
/// `raw` is the text of a valid value, as [`Member::raw`](super::Member::raw) has it.
pub fn array_items(raw: &str) -> Option<&str> {
    let inner = raw.strip_prefix('[')?.strip_suffix(']')?;
    Some(inner.trim_matches([' ', '\t', '\n', '\r']))
}

/// Visits the role of every message in a JSON array, for policy, until `visit` breaks.
///
/// A message that has several members named `role` (keys are compared decoded) is visited once for
/// each, since nobody knows which of them upstream will read. A message is visited with None where
/// it has no role, is not an object, or the role is not a string of Unicode text. So is an `array`
/// that is not a valid array: what is not understood is never taken for harmless.
pub fn message_roles<B>(
    array: &str,
    mut visit: impl FnMut(Option<&str>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    match visit_roles(&mut Cursor::new(array.as_bytes()), &mut visit) {
        Ok(flow) => flow,
        Err(Invalid(_)) => visit(None),
    }
}

fn visit_roles<B>(
    cursor: &mut Cursor<'_>,
    visit: &mut impl FnMut(Option<&str>) -> ControlFlow<B>,
) -> Result<ControlFlow<B>, Invalid> {
    cursor.expect(b'[')?;
    if !cursor.eat(b']') {
        loop {
            if let ControlFlow::Break(value) = visit_message(cursor, visit)? {
                return Ok(ControlFlow::Break(value));
            }
            if !cursor.eat(b',') {
                break;
            }
        }
        cursor.expect(b']')?;
    }
    cursor.end()?;
    Ok(ControlFlow::Continue(()))
}

fn visit_message<B>(
    cursor: &mut Cursor<'_>,
    visit: &mut impl FnMut(Option<&str>) -> ControlFlow<B>,
) -> Result<ControlFlow<B>, Invalid> {
    if !cursor.eat(b'{') {
        cursor.value()?;
        return Ok(visit(None));
    }
    let mut found = false;
    if !cursor.eat(b'}') {
        loop {
            let entry = cursor.entry()?;
            if *decode(cursor.slice(entry.key)) == *b"role" {
                found = true;
                let role = string(cursor.slice(entry.value));
                if let ControlFlow::Break(value) = visit(role.as_deref()) {
                    return Ok(ControlFlow::Break(value));
                }
            }
            if !cursor.eat(b',') {
                break;
            }
        }
        cursor.expect(b'}')?;
    }
    Ok(if found {
        ControlFlow::Continue(())
    } else {
        visit(None)
    })
}

/// The text of a string value; None for other values and for lone surrogates.
fn string(raw: &[u8]) -> Option<Cow<'_, str>> {
    if raw.first() != Some(&b'"') {
        return None;
    }
    match decode(raw) {
        Cow::Borrowed(bytes) => str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(array: &str) -> Vec<Option<String>> {
        let mut roles = Vec::new();
        let flow = message_roles(array, |role| {
            roles.push(role.map(str::to_owned));
            ControlFlow::<()>::Continue(())
        });
        assert_eq!(flow, ControlFlow::Continue(()));
        roles
    }

    fn some(roles: &[&str]) -> Vec<Option<String>> {
        roles.iter().map(|role| Some((*role).to_owned())).collect()
    }

    #[test]
    fn visits_the_roles_of_messages() {
        assert_eq!(roles("[]"), []);
        assert_eq!(roles(" [ ] "), []);
        assert_eq!(
            roles(r#"[{"role":"user","content":"hi"}, {"content":[{"role":"x"}],"role":"tool"}]"#),
            some(&["user", "tool"])
        );
        assert_eq!(
            roles(r#"[ { "r\u006fle" : "sys\u0074em" } ]"#),
            some(&["system"])
        );
        assert_eq!(
            roles(r#"[{"role":"user","role":"system"}]"#),
            some(&["user", "system"])
        );
    }

    #[test]
    fn visits_what_has_no_role() {
        for element in [
            "{}",
            r#"{"content":"x"}"#,
            r#"{"Role":"user"}"#,
            r#"{"role":null}"#,
            r#"{"role":["user"]}"#,
            r#"{"role":{"role":"user"}}"#,
            r#"{"role":"\ud800"}"#,
            "null",
            "1E400",
            r#""user""#,
            r#"[{"role":"user"}]"#,
        ] {
            let array = format!(r#"[{{"role":"user"}},{element},{{"role":"tool"}}]"#);
            assert_eq!(
                roles(&array),
                [some(&["user"]), vec![None], some(&["tool"])].concat()
            );
        }
    }

    #[test]
    fn what_is_no_array_has_a_message_without_role() {
        for text in [
            "",
            "null",
            "{}",
            "[",
            "[{]",
            r#"[{"role":"user"}"#,
            "[] []",
            "[1,]",
        ] {
            assert_eq!(roles(text).last(), Some(&None), "{text}");
        }
    }

    #[test]
    fn stops_where_the_visitor_breaks() {
        let array = r#"[{"role":"user","role":"system"},{"role":"tool"}]"#;
        for stop in ["user", "system", "tool"] {
            let mut last = None;
            let flow = message_roles(array, |role| {
                last = role.map(str::to_owned);
                if role == Some(stop) {
                    ControlFlow::Break(stop)
                } else {
                    ControlFlow::Continue(())
                }
            });
            assert_eq!(flow, ControlFlow::Break(stop));
            assert_eq!(last.as_deref(), Some(stop));
        }
    }

    #[test]
    fn survives_deep_messages() {
        let array = format!("[{}{}]", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(roles(&array), [None]);
        let array = format!(
            r#"[{{"content":{}{},"role":"user"}}]"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert_eq!(roles(&array), some(&["user"]));
    }

    #[test]
    fn array_items_are_the_text_between_the_brackets() {
        assert_eq!(array_items("[]"), Some(""));
        assert_eq!(array_items("[ \t\r\n ]"), Some(""));
        assert_eq!(array_items("[ 1.10 , [2] ]"), Some("1.10 , [2]"));
        assert_eq!(array_items(r#"["]"]"#), Some(r#""]""#));
        for other in ["null", "{}", r#""[]""#, "1", "true"] {
            assert_eq!(array_items(other), None);
        }
    }
}
