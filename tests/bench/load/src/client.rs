//! One connection, HTTP/1 or HTTP/2, with one request at a time.

use std::net::Ipv4Addr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::{http1, http2};
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use crate::Error;
use crate::job::{Job, Protocol};

/// Larger than any body, so that flow control waits for nobody.
const WINDOW: u32 = 16 << 20;

enum Sender {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

/// A connection, and the request that it sends again and again.
pub(crate) struct Client {
    sender: Sender,
    request: Request<Full<Bytes>>,
}

impl Client {
    /// Connects, and makes the request.
    pub(crate) async fn connect(job: &Job, body: &Bytes) -> Result<Client, Error> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, job.port)).await?;
        stream.set_nodelay(true)?;
        let stream = TokioIo::new(stream);
        // What goes wrong with a connection is seen by the request that waits on it.
        let sender = match job.protocol {
            Protocol::Http1 => {
                let (sender, connection) = http1::handshake(stream).await?;
                tokio::spawn(connection);
                Sender::Http1(sender)
            }
            Protocol::Http2 => {
                let (sender, connection) = http2::Builder::new(TokioExecutor::new())
                    .initial_stream_window_size(WINDOW)
                    .initial_connection_window_size(WINDOW)
                    .max_send_buf_size(WINDOW as usize)
                    .handshake(stream)
                    .await?;
                tokio::spawn(connection);
                Sender::Http2(sender)
            }
        };
        let authority = format!("127.0.0.1:{}", job.port);
        let mut request = Request::builder().method(job.method.as_str());
        request = match job.protocol {
            Protocol::Http1 => request.uri(&job.path).header("host", authority),
            Protocol::Http2 => request.uri(format!("http://{authority}{}", job.path)),
        };
        for (name, value) in &job.headers {
            request = request.header(name, value);
        }
        Ok(Client { sender, request: request.body(Full::new(body.clone()))? })
    }

    /// Sends the request, and reads the whole answer.
    pub(crate) async fn send(&mut self) -> Result<StatusCode, hyper::Error> {
        let request = self.request.clone();
        let answer = match &mut self.sender {
            Sender::Http1(sender) => {
                sender.ready().await?;
                sender.send_request(request).await?
            }
            Sender::Http2(sender) => {
                sender.ready().await?;
                sender.send_request(request).await?
            }
        };
        let status = answer.status();
        let mut body = answer.into_body();
        while let Some(frame) = body.frame().await {
            frame?;
        }
        Ok(status)
    }
}
