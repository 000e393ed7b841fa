//! Locating and splicing, with serde_json as the oracle.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test says what it expects by panicking"
)]

mod edits;
mod oracle;
mod properties;
mod texts;
