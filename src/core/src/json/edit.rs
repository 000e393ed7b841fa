//! A new text for an object: some members gone, changed or new, every other byte as it was.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use super::object::{Member, Object, Span};
use super::string::write_string;

/// A part of a new value.
#[derive(Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that was written for it.
    New(Vec<u8>),
    /// Text that exists, mostly of the old object.
    Keep(&'a [u8]),
}

impl Piece<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Piece::New(bytes) => bytes,
            Piece::Keep(text) => text,
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
    text: &'a [u8],
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

    /// The new text, around the longest part of the old one that stays. One of less than `least` bytes is
    /// copied like the rest.
    pub fn splice(&self, least: usize) -> Splice {
        let spans = self.spans();
        let run = longest_run(self.text, &spans);
        if run.kept.len() < least {
            return Splice { front: spans.concat(), kept: 0..0, back: Vec::new() };
        }
        let (front, rest) = spans.split_at_checked(run.spans.start).unwrap_or_default();
        let back = rest.get(run.spans.len()..).unwrap_or_default();
        Splice { front: front.concat(), kept: run.kept, back: back.concat() }
    }

    fn change(&mut self, member: &Member<'a>, value: Option<Vec<Piece<'a>>>) {
        let span = member.span.clone();
        self.changes.insert(span.start, Change { span, value });
    }

    /// The new text, in parts.
    fn spans(&self) -> Vec<&[u8]> {
        let inserted: usize = self.inserts.iter().map(|insert| 2 + insert.value.len()).sum();
        let pieces = |change: &Change<'_>| 1 + change.value.as_ref().map_or(0, Vec::len);
        let changed: usize = self.changes.values().map(pieces).sum();
        let mut spans = Vec::with_capacity(2 + inserted + changed);
        spans.push(self.old(0, self.front));
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
        self.text.get(from..to).unwrap_or_default()
    }
}

/// A new text that holds a part of an old one: a request of a megabyte changes at its beginning, and the rest
/// need not be copied.
#[derive(Clone, PartialEq, Eq)]
pub struct Splice {
    /// What comes before that part; the whole new text if there is none.
    pub front: Vec<u8>,
    /// Where that part stands in the old text.
    pub kept: Range<usize>,
    /// What comes behind it.
    pub back: Vec<u8>,
}

impl Splice {
    /// How many bytes the new text has.
    pub fn len(&self) -> usize {
        self.front.len() + self.kept.len() + self.back.len()
    }

    /// Whether the new text is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The new text; `old` is the one that was edited.
    pub fn apply(&self, old: &[u8]) -> Vec<u8> {
        [&self.front, old.get(self.kept.clone()).unwrap_or_default(), &self.back].concat()
    }
}

/// Shows sizes only: what a client sends belongs into no log.
impl fmt::Debug for Splice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Splice").field("len", &self.len()).field("kept", &self.kept).finish_non_exhaustive()
    }
}

/// Parts of a new text that follow each other in the old one, too.
#[derive(Clone, Default)]
struct Run {
    /// Which of the parts.
    spans: Range<usize>,
    /// Where they stand in the old text.
    kept: Range<usize>,
}

fn longest_run(text: &[u8], spans: &[&[u8]]) -> Run {
    let (mut longest, mut run) = (Run::default(), Run::default());
    for (index, span) in spans.iter().enumerate() {
        let follows = match offset(text, span) {
            _ if span.is_empty() => true,
            Some(at) if at == run.kept.end => true,
            Some(at) => {
                run = Run { spans: index..index, kept: at..at };
                true
            }
            // What is new may be what was there, such as the bracket behind a list.
            None => text.get(run.kept.end..).is_some_and(|rest| rest.starts_with(span)),
        };
        if follows {
            run.kept.end += span.len();
            run.spans.end = index + 1;
        } else {
            run = Run { spans: index + 1..index + 1, kept: text.len()..text.len() };
        }
        if run.kept.len() > longest.kept.len() {
            longest = run.clone();
        }
    }
    longest
}

/// Where a part of a text stands in it, if it is one.
fn offset(text: &[u8], part: &[u8]) -> Option<usize> {
    let at = part.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    (at + part.len() <= text.len()).then_some(at)
}
