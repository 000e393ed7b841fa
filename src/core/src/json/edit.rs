//! A new text for an object: some members gone, changed or new, every other byte as it was.

use std::collections::BTreeMap;
use std::fmt;

use super::object::{Member, Object, Span};
use super::string::write_string;

/// A part of a new value.
#[derive(Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that was written for it.
    New(Vec<u8>),
    /// Text that exists, mostly of the old object.
    Keep(&'a str),
}

impl Piece<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Piece::New(bytes) => bytes,
            Piece::Keep(text) => text.as_bytes(),
        }
    }
}

/// Shows sizes and not text: what clients and prompts say belongs into no log.
impl fmt::Debug for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Piece::New(_) => "New",
            Piece::Keep(_) => "Keep",
        };
        write!(f, "{kind}({} bytes)", self.bytes().len())
    }
}

/// Changes of the members of an [`Object`].
///
/// Values are taken as they are given: whoever writes them sees to it that they are JSON, and that
/// an inserted key is not there already.
///
/// ```
/// use promptgate_core::json::{Edit, Object, Piece};
///
/// let object = Object::scan(br#"{"prompt_id": "hello", "seed": 1.10}"#, &["prompt_id"])?;
/// let mut edit = Edit::new(&object);
/// if let Some(member) = object.get("prompt_id") {
///     edit.remove(member);
/// }
/// edit.insert("model", vec![Piece::New(b"\"gpt-4\"".to_vec())]);
/// assert_eq!(edit.apply(), br#"{"model":"gpt-4","seed": 1.10}"#);
/// # Ok::<(), promptgate_core::json::ScanError>(())
/// ```
#[derive(Clone)]
pub struct Edit<'a> {
    text: &'a str,
    front: usize,
    len: usize,
    inserts: Vec<Insert<'a>>,
    /// By the offset of the member, so in the order of the text.
    changes: BTreeMap<usize, Change<'a>>,
}

#[derive(Clone)]
struct Insert<'a> {
    /// The key's literal and the colon.
    key: Vec<u8>,
    value: Vec<Piece<'a>>,
}

#[derive(Clone)]
struct Change<'a> {
    span: Span,
    /// None removes the member.
    value: Option<Vec<Piece<'a>>>,
}

impl<'a> Edit<'a> {
    /// An edit that changes nothing yet. Members that it is given must be of this `object`.
    pub fn new(object: &Object<'a>) -> Self {
        Edit {
            text: object.text,
            front: object.front,
            len: object.len(),
            inserts: Vec::new(),
            changes: BTreeMap::new(),
        }
    }

    /// Removes a member, its comma and the white space after that comma; of the last members that
    /// are left, the comma before them. The last call for a member counts.
    pub fn remove(&mut self, member: &Member<'a>) {
        self.change(member, None);
    }

    /// Gives a member another value, where it stands. The last call for a member counts.
    pub fn replace(&mut self, member: &Member<'a>, value: Vec<Piece<'a>>) {
        self.change(member, Some(value));
    }

    /// Puts a new member to the front of the object, after those inserted before.
    pub fn insert(&mut self, key: &str, value: Vec<Piece<'a>>) {
        let mut literal = Vec::with_capacity(key.len() + 3);
        write_string(&mut literal, key);
        literal.push(b':');
        self.inserts.push(Insert { key: literal, value });
    }

    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.inserts.is_empty() && self.changes.is_empty()
    }

    /// The new text.
    pub fn apply(&self) -> Vec<u8> {
        // `concat` allocates once, as much as it needs.
        self.spans().concat()
    }

    fn change(&mut self, member: &Member<'a>, value: Option<Vec<Piece<'a>>>) {
        let span = member.span.clone();
        self.changes.insert(span.start, Change { span, value });
    }

    /// The new text, in parts.
    fn spans(&self) -> Vec<&[u8]> {
        let mut spans = vec![self.old(0, self.front)];
        let removed = self.changes.values().filter(|change| change.value.is_none()).count();
        let mut following = self.inserts.len() + self.len.saturating_sub(removed);
        for insert in &self.inserts {
            spans.push(&insert.key);
            spans.extend(insert.value.iter().map(Piece::bytes));
            following = following.saturating_sub(1);
            if following > 0 {
                spans.push(b",");
            }
        }
        let tail = self.removed_tail();
        let mut at = self.front;
        for Change { span, value } in self.changes.values() {
            match value {
                Some(pieces) => {
                    spans.push(self.old(at, span.value.start));
                    spans.extend(pieces.iter().map(Piece::bytes));
                    at = span.value.end;
                }
                None => {
                    let from = if tail == Some(span.start) { span.comma } else { span.start };
                    spans.push(self.old(at, from));
                    at = span.next;
                }
            }
        }
        spans.push(self.old(at, self.text.len()));
        spans
    }

    /// The member from which on everything is removed: the comma before it goes as well.
    fn removed_tail(&self) -> Option<usize> {
        let mut tail = None;
        for Change { span, value } in self.changes.values().rev() {
            let reaches = tail.map_or(span.last, |start| span.next == start);
            if value.is_some() || !reaches {
                break;
            }
            tail = Some(span.start);
        }
        tail
    }

    fn old(&self, from: usize, to: usize) -> &'a [u8] {
        self.text.as_bytes().get(from..to).unwrap_or_default()
    }
}
