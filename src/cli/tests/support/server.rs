//! A web server on this machine, for one test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A request that was received.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Path and query.
    pub target: String,
    /// Headers; names in lower case.
    pub headers: Vec<(String, String)>,
}

/// What the server does about a request.
pub enum Reply {
    /// It sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// It says nothing, for as long as the client listens.
    Silence,
}

/// A running server. It ends with the test.
pub struct Server {
    /// `127.0.0.1:…`
    pub authority: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Asked {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

impl Server {
    /// Serves what `serve` says.
    pub fn start(serve: impl Fn(&Asked) -> Reply + Send + 'static) -> Server {
        Server::with(serve, Ok)
    }

    /// Serves over TLS, with a certificate for `localhost`. Returns it as PEM, too.
    pub fn start_tls(serve: impl Fn(&Asked) -> Reply + Send + 'static) -> (Server, String) {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let config = Arc::new(config);
        let server = Server::with(serve, move |stream| {
            let connection = ServerConnection::new(config.clone()).map_err(std::io::Error::other)?;
            Ok(StreamOwned::new(connection, stream))
        });
        (server, cert.pem())
    }

    fn with<S: Read + Write>(
        serve: impl Fn(&Asked) -> Reply + Send + 'static,
        wrap: impl Fn(TcpStream) -> std::io::Result<S> + Send + 'static,
    ) -> Server {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                // What a client breaks off is its own affair; the test looks at what it makes of it.
                let _ = stream.and_then(&wrap).and_then(|stream| answer(stream, &serve, &log));
            }
        });
        Server { authority, asked }
    }

    /// Serves these bodies by path and query; everything else is 404.
    pub fn files(files: &[(&str, &str)]) -> Server {
        let files: Vec<(String, String)> =
            files.iter().map(|(path, body)| ((*path).to_owned(), (*body).to_owned())).collect();
        Server::start(move |asked| match files.iter().find(|(path, _)| *path == asked.target) {
            Some((_, body)) => reply(200, &[], body),
            None => reply(404, &[("content-type", "text/plain")], "nothing here"),
        })
    }

    /// What `--registry-url` takes.
    pub fn url(&self) -> String {
        format!("http://{}", self.authority)
    }

    /// All requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Their paths and queries.
    pub fn targets(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.target).collect()
    }
}

/// A complete answer.
pub fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut text = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    Reply::Bytes(format!("{text}\r\n{body}").into_bytes())
}

fn answer<S: Read + Write>(
    stream: S,
    serve: &impl Fn(&Asked) -> Reply,
    log: &Mutex<Vec<Asked>>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut asked = Asked { target, headers: Vec::new() };
    loop {
        line.clear();
        if stream.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        asked.headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    log.lock().unwrap().push(asked.clone());
    match serve(&asked) {
        Reply::Bytes(bytes) => {
            stream.get_mut().write_all(&bytes)?;
            stream.get_mut().flush()
        }
        // Nothing more comes; the client closes when it has had enough.
        Reply::Silence => stream.read(&mut [0]).map(drop),
    }
}
