//! A registry that can be asked, and a user who wants to see what is asked.

use std::cell::Cell;
use std::time::{Duration, Instant};

use promptgate_core::registry::Request;

use super::client::{Answer, Client};
use super::trace;
use crate::output;

/// Headers that hold credentials.
const CREDENTIALS: [&str; 2] = ["authorization", "private-token"];

/// A registry that can be asked.
pub struct Connection {
    client: Client,
    verbose: bool,
    warned: Cell<bool>,
}

/// What became of a request.
pub struct Sent {
    /// The answer, or what Envoy would make of having none; none where it would hand out nothing.
    pub answer: Option<Answer>,
    /// What kept the registry from answering.
    pub trouble: Option<String>,
}

impl Connection {
    pub(super) fn new(client: Client, verbose: bool) -> Connection {
        Connection { client, verbose, warned: Cell::new(false) }
    }

    /// Sends a request. Of the answer's body at most `limit` bytes and one more are read.
    pub fn send(&self, request: &Request, timeout: Duration, limit: usize) -> Sent {
        self.warn_of_plain_text(request);
        let start = Instant::now();
        let result = self.client.get(request, timeout, limit);
        let took = start.elapsed();
        let url = self.client.address().url(&trace::path(&request.path));
        if self.verbose {
            let what = match &result {
                Ok(answer) => format!("{}, {}", answer.status, trace::size(answer.body().len(), limit)),
                Err(trouble) => trouble.message.clone(),
            };
            output::status(&format!("GET {url}: {what}, {} ms", took.as_millis()));
        }
        match result {
            Ok(answer) => Sent { answer: Some(answer), trouble: None },
            Err(trouble) => Sent {
                answer: trouble.status.map(Answer::empty),
                trouble: Some(format!("GET {url}: {}", trouble.message)),
            },
        }
    }

    /// Says so once if credentials go over a network for everybody to read.
    fn warn_of_plain_text(&self, request: &Request) {
        let address = self.client.address();
        let has_credentials = request.headers.iter().any(|(name, _)| CREDENTIALS.contains(name));
        if has_credentials && !address.https && !address.is_loopback() && !self.warned.replace(true) {
            output::warning(&format!("credentials go to {} unencrypted: use https://", address.authority));
        }
    }
}
