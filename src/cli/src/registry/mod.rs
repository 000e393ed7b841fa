//! Asking a registry as the gateway does.

mod address;
mod choice;
mod client;
mod connection;
mod trace;

pub use choice::{Choice, Chosen};
pub use client::Answer;
pub use connection::{Connection, Sent};
