//! Requests as text: find the few members of a JSON object that matter, and write a new body
//! around them.
//!
//! A large request is not parsed into a tree. [`Object::scan`] validates the whole text and
//! remembers where the top level's members stand; an [`Edit`] names the members that go, change or
//! are new; [`Edit::apply`] copies everything else as it was. What is not ours therefore keeps its
//! bytes: white space, the order of keys, `1.10`, `1E400`, 20-digit integers, lone surrogates.

mod block;
mod cursor;
mod edit;
mod grammar;
mod literals;
mod messages;
mod nesting;
mod object;
mod string;

pub(crate) use cursor::Cursor;
pub use edit::{Edit, Piece, Splice};
pub use messages::{Speaker, array_items};
pub use object::{MAX_MEMBERS, Member, Object, ScanError};
pub use string::write_string;
