//! The top level of a JSON object: where its members stand.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::grammar::{self, Next, Offset, white_space};
use super::literals::Literals;
use super::messages::{self, Speaker};
use super::string::{decode, is_literal_of};

/// How many members of an object are remembered whatever their names are.
pub const MAX_MEMBERS: usize = 1_000;

/// How many members there is room for from the beginning: few requests have more.
const ROOM: usize = 16;

/// Beyond [`MAX_MEMBERS`], how many members of each name that the caller asked for are remembered.
/// Two are enough to tell that a key is a duplicate.
const MAX_OCCURRENCES: u8 = 2;

/// Why a text is not a JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanError {
    /// Not JSON: RFC 8259 in UTF-8, one value, without a byte order mark.
    NotJson,
    /// JSON, but another value than an object.
    NotAnObject,
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScanError::NotJson => f.write_str("not valid JSON"),
            ScanError::NotAnObject => f.write_str("not a JSON object"),
        }
    }
}

impl std::error::Error for ScanError {}

/// A member of an [`Object`].
#[derive(Clone, PartialEq, Eq)]
pub struct Member<'a> {
    key: Cow<'a, [u8]>,
    value: &'a [u8],
    pub(super) span: Span,
}

/// Where a member stands in the text, and what goes with it when it is removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// The comma before the member; the member itself where it is the first.
    pub(super) comma: usize,
    /// The opening quote of the key.
    pub(super) start: usize,
    pub(super) value: Range<usize>,
    /// The opening quote of the next member's key; the end of the value where there is none.
    pub(super) next: usize,
    /// Whether no member follows.
    pub(super) last: bool,
}

impl<'a> Member<'a> {
    /// The key, decoded. UTF-8, but for lone surrogates, which stand as WTF-8 writes them.
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// Whether the decoded key is `name`.
    pub fn is(&self, name: &str) -> bool {
        *self.key == *name.as_bytes()
    }

    /// The value's text, without white space around it.
    pub fn raw(&self) -> &'a [u8] {
        self.value
    }

    /// Where the value stands in the text.
    pub fn range(&self) -> Range<usize> {
        self.span.value.clone()
    }

    /// Where the key's opening quote stands in the text.
    pub fn offset(&self) -> usize {
        self.span.start
    }
}

/// Shows where it stands and not what: a client's texts belong into no log.
impl fmt::Debug for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").field("span", &self.span).finish_non_exhaustive()
    }
}

/// Who wants to see the speakers of the messages in a member.
struct Visitor<'v> {
    list: &'v str,
    visit: &'v mut dyn FnMut(Speaker<'_>),
}

/// A text that is a valid JSON object, and where its members stand.
///
/// ```
/// use promptgate_core::json::Object;
///
/// let object = Object::scan(br#"{"model": "gpt-4", "seed": 1.10}"#, &["model"])?;
/// assert_eq!(object.get("seed").map(|member| member.raw()), Some(&b"1.10"[..]));
/// # Ok::<(), promptgate_core::json::ScanError>(())
/// ```
#[derive(Clone)]
pub struct Object<'a> {
    pub(super) text: &'a [u8],
    /// Just after the opening brace.
    pub(super) front: usize,
    members: Vec<Member<'a>>,
    len: usize,
}

impl<'a> Object<'a> {
    /// Validates the whole text and finds the members of the object that it is.
    ///
    /// Valid is what RFC 8259 calls so: UTF-8 without a byte order mark, one value with nothing but
    /// white space around it, no raw control characters in strings. Numbers may be of any size,
    /// nesting of any depth, and escapes may write NUL and lone surrogates.
    ///
    /// Takes time linear in the text. Remembers the first [`MAX_MEMBERS`] members; after those only
    /// members named in `keep`, two of each name.
    pub fn scan(text: &'a [u8], keep: &[&str]) -> Result<Self, ScanError> {
        Self::scan_with(text, keep, None)
    }

    /// [`scan`](Self::scan) that visits the speakers of a list of messages on its way, for policy: a
    /// second reading of the list would nearly double the time.
    ///
    /// The list is the array in the member named `list`. Each of its elements is visited with the
    /// decoded texts of its `role` and its `type`; see [`Speaker`]. An element with several
    /// members named `role` (keys are compared decoded) is visited once for each, since nobody knows
    /// which of them upstream will read. If there are several lists, all are visited; what is no array
    /// is not.
    ///
    /// What was visited counts only if the scan succeeds.
    ///
    /// ```
    /// use promptgate_core::json::{Object, Speaker};
    ///
    /// let body = br#"{"messages": [{"role": "user", "content": "hi"}, {"content": "?"}]}"#;
    /// let mut users = 0;
    /// let mut others = 0;
    /// Object::scan_messages(body, &[], "messages", |speaker| match speaker {
    ///     Speaker::Role("user") => users += 1,
    ///     _ => others += 1,
    /// })?;
    /// assert_eq!((users, others), (1, 1));
    /// # Ok::<(), promptgate_core::json::ScanError>(())
    /// ```
    pub fn scan_messages(
        text: &'a [u8],
        keep: &[&str],
        list: &str,
        mut visit: impl FnMut(Speaker<'_>),
    ) -> Result<Self, ScanError> {
        Self::scan_with(text, keep, Some(Visitor { list, visit: &mut visit }))
    }

    fn scan_with(text: &'a [u8], keep: &[&str], visitor: Option<Visitor<'_>>) -> Result<Self, ScanError> {
        let mut literals = Literals::new(text);
        let (brace, first) = white_space(text, 0);
        let mut object = Object { text, front: brace + 1, members: Vec::with_capacity(ROOM), len: 0 };
        let end = match first {
            Some(b'{') => object.read(&mut literals, keep, visitor),
            _ => grammar::value(&mut literals, brace),
        };
        match end {
            Some(end) if grammar::is_end(text, end) && literals.are_valid() => {}
            _ => return Err(ScanError::NotJson),
        }
        if first == Some(b'{') { Ok(object) } else { Err(ScanError::NotAnObject) }
    }

    /// Reads from behind the opening brace on, the closing one included.
    fn read(&mut self, literals: &mut Literals<'a>, keep: &[&str], visitor: Option<Visitor<'_>>) -> Offset {
        match white_space(self.text, self.front) {
            (end, Some(b'}')) => Some(end + 1),
            _ => self.read_members(literals, keep, visitor),
        }
    }

    /// Reads the members, of which there are some, and the closing brace.
    fn read_members(
        &mut self,
        literals: &mut Literals<'a>,
        keep: &[&str],
        mut visitor: Option<Visitor<'_>>,
    ) -> Offset {
        let text = self.text;
        let mut late = vec![0; keep.len()];
        let mut comma = None;
        let mut at = self.front;
        loop {
            let (key, value) = grammar::key(literals, at)?;
            let literal = text.get(key.clone()).unwrap_or_default();
            let end = match &mut visitor {
                Some(Visitor { list, visit })
                    if text.get(value) == Some(&b'[') && is_literal_of(literal, list) =>
                {
                    messages::speakers(literals, value + 1, *visit)?
                }
                _ => grammar::value_here(literals, value)?,
            };
            let next = grammar::next(text, end, b'}')?;
            let span = Span {
                comma: comma.unwrap_or(key.start),
                start: key.start,
                value: value..end,
                next: match next {
                    Next::Comma(comma) => white_space(text, comma + 1).0,
                    Next::Close(_) => end,
                },
                last: matches!(next, Next::Close(_)),
            };
            self.remember(decode(literal), span, keep, &mut late);
            match next {
                Next::Comma(found) => (comma, at) = (Some(found), found + 1),
                Next::Close(brace) => return Some(brace + 1),
            }
        }
    }

    /// Counts a member, and keeps it within the bounds. `late` counts those that were kept for their
    /// names.
    fn remember(&mut self, key: Cow<'a, [u8]>, span: Span, keep: &[&str], late: &mut [u8]) {
        self.len += 1;
        if self.len > MAX_MEMBERS {
            let mut asked = keep.iter().zip(late).filter(|(name, _)| name.as_bytes() == &*key);
            match asked.next() {
                Some((_, count)) if *count < MAX_OCCURRENCES => *count += 1,
                _ => return,
            }
        }
        let value = self.text.get(span.value.clone()).unwrap_or_default();
        self.members.push(Member { key, value, span });
    }

    /// The whole text.
    pub fn text(&self) -> &'a [u8] {
        self.text
    }

    /// The members that were remembered, in the order of the text.
    pub fn members(&self) -> &[Member<'a>] {
        &self.members
    }

    /// How many members the object has, remembered or not.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the object has no members.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The first member whose decoded key is `key`.
    pub fn get(&self, key: &str) -> Option<&Member<'a>> {
        self.occurrences(key).next()
    }

    /// The value's text of the first member whose decoded key is `key`, unless it is null.
    pub fn given(&self, key: &str) -> Option<&'a [u8]> {
        self.get(key).map(Member::raw).filter(|raw| *raw != b"null")
    }

    /// The members whose decoded key is `key`, in the order of the text.
    pub fn occurrences(&self, key: &str) -> impl Iterator<Item = &Member<'a>> {
        self.members.iter().filter(move |member| member.is(key))
    }

    /// Whether the decoded key `key` occurs more than once.
    pub fn is_duplicate(&self, key: &str) -> bool {
        self.occurrences(key).nth(1).is_some()
    }
}

/// Shows no text: what a client sends belongs into no log.
impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object")
            .field("len", &self.len)
            .field("members", &self.members)
            .finish_non_exhaustive()
    }
}
