//! One HTTP request as the gateway would send it: no redirect is followed, no proxy of the environment
//! used, nothing unpacked, and only so much read.

use std::io::{ErrorKind, Read};
use std::time::Duration;

use promptgate_core::registry::{Request, Response};
use rustls::crypto::ring;
use ureq::http::{HeaderMap, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Error};

use super::address::Address;
use crate::failure::Failure;

/// A client of one registry.
pub(super) struct Client {
    agent: Agent,
    address: Address,
    /// What `Host` says: it may differ from where the registry is, as Envoy's cluster and authority do.
    host: String,
}

/// An answer, complete unless it is larger than was allowed.
#[derive(Default)]
pub struct Answer {
    /// HTTP's status.
    pub status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// Why there is no answer.
pub(super) struct Trouble {
    /// The status that Envoy would make of it; none where it would not hand out an answer at all.
    pub(super) status: Option<u16>,
    /// What happened, for the user. Holds nothing of an answer.
    pub(super) message: String,
}

impl Answer {
    /// An answer without headers and body.
    pub(super) fn empty(status: u16) -> Answer {
        Answer { status, ..Answer::default() }
    }

    /// Its body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Hands it to the engine.
    pub fn read<T>(&self, read: impl FnOnce(&Response<'_>) -> T) -> T {
        let headers: Vec<(&str, &[u8])> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        read(&Response { status: self.status, headers: &headers, body: &self.body })
    }
}

impl Client {
    /// A client that connects to `address` and asks for `host`.
    pub(super) fn new(address: Address, host: &str) -> Result<Client, Failure> {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            // What the gateway does not send is not sent here either.
            .accept("")
            .accept_encoding("")
            .user_agent("");
        if address.https {
            config = config.tls_config(tls()?);
        }
        Ok(Client { agent: config.build().into(), address, host: host.to_owned() })
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// Sends a request. Of the answer's body at most `limit` bytes and one more are read, so that one
    /// that is too large can be told.
    pub(super) fn get(&self, request: &Request, timeout: Duration, limit: usize) -> Result<Answer, Trouble> {
        let mut builder = self.agent.get(self.address.url(&request.path)).header(header::HOST, &self.host);
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let response = builder
            .config()
            .timeout_global(Some(timeout))
            .build()
            .call()
            .map_err(|error| trouble(&error, timeout))?;
        let (head, body) = response.into_parts();
        let mut bytes = Vec::new();
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        body.into_reader().take(limit).read_to_end(&mut bytes).map_err(|error| broken(error, timeout))?;
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body: bytes })
    }
}

/// Certificates are checked against those of the machine, so that the authority of a company counts.
fn tls() -> Result<TlsConfig, Failure> {
    // Somebody may have set it before; that one serves as well.
    let _ = ring::default_provider().install_default();
    let found = rustls_native_certs::load_native_certs();
    let roots: Vec<Certificate<'static>> =
        found.certs.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
    if roots.is_empty() {
        let failure = Failure::new("there are no certificates of authorities on this machine");
        return Err(failure.help("install them (ca-certificates), or name a file of them in SSL_CERT_FILE"));
    }
    Ok(TlsConfig::builder().root_certs(RootCerts::new_with_certs(&roots)).build())
}

/// What went wrong before there was an answer.
fn trouble(error: &Error, timeout: Duration) -> Trouble {
    let message = match error {
        Error::Timeout(_) => return late(timeout),
        Error::Io(error) if is_timeout(error) => return late(timeout),
        Error::Io(error) => with_cause(error),
        // It would quote what came.
        Error::Protocol(_) => "what answers there does not speak HTTP".to_owned(),
        Error::BadUri(_) | Error::Http(_) => "this is no valid URL or header".to_owned(),
        error => error.to_string(),
    };
    Trouble { status: Some(503), message }
}

/// What went wrong in the middle of an answer.
fn broken(error: std::io::Error, timeout: Duration) -> Trouble {
    match error.downcast::<Error>() {
        Ok(Error::Timeout(_)) => late(timeout),
        Err(error) if is_timeout(&error) => late(timeout),
        _ => Trouble { status: None, message: "the answer breaks off".to_owned() },
    }
}

fn late(timeout: Duration) -> Trouble {
    let timeout = humantime::format_duration(timeout);
    Trouble {
        status: Some(504),
        message: format!("no whole answer within {timeout}, which is the `timeout`"),
    }
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock)
}

/// The error of TLS is inside of that of the connection.
fn with_cause(error: &std::io::Error) -> String {
    match error.get_ref().and_then(|inner| inner.source()) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
