//! The upstream: reads the whole body and answers with the same small chat completion.
//!
//! `PUT /record` has it keep the next body, which `GET /record` then returns, with the length that the
//! request had announced in `x-announced`. That is how a variant's work is checked, and costs nothing
//! while it is measured.

use std::cell::RefCell;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::rc::Rc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt, stdin, stdout};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{LocalSet, spawn_local};

use crate::Error;

const COMPLETION: &str = r#"{"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"gpt-4","choices":[{"index":0,"message":{"role":"assistant","content":"Understood."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}"#;

/// What is kept of requests.
#[derive(Default)]
enum Record {
    #[default]
    Off,
    /// The next body is kept.
    Wanted,
    Kept {
        body: Vec<u8>,
        announced: String,
    },
}

type Shared = Rc<RefCell<Record>>;

/// Serves until the standard input ends.
pub(crate) async fn serve() -> Result<(), Error> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let mut out = stdout();
    out.write_all(format!("{}\n", listener.local_addr()?.port()).as_bytes()).await?;
    out.flush().await?;
    LocalSet::new()
        .run_until(async {
            let mut byte = [0];
            let mut input = stdin();
            let record = Shared::default();
            tokio::select! {
                end = input.read(&mut byte) => { end?; }
                end = accept(&listener, &record) => end?,
            }
            Ok(())
        })
        .await
}

async fn accept(listener: &TcpListener, record: &Shared) -> Result<(), Error> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        spawn_local(connection(stream, record.clone()));
    }
}

async fn connection(stream: TcpStream, record: Shared) {
    let service = service_fn(|request| answer(request, &record));
    // A connection that breaks is seen, and counted, on the other side of the gateway.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(request: Request<Incoming>, record: &Shared) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.uri().path() == "/record" {
        return Ok(recorded(request.method(), record));
    }
    let announced = request.headers().get("content-length").map(|value| value.as_bytes().to_vec());
    let wanted = matches!(*record.borrow(), Record::Wanted);
    let mut kept = Vec::new();
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return Ok(status(StatusCode::BAD_REQUEST));
        };
        if let (true, Some(data)) = (wanted, frame.data_ref()) {
            kept.extend_from_slice(data);
        }
    }
    if wanted {
        let announced = announced.map(|value| String::from_utf8_lossy(&value).into_owned());
        *record.borrow_mut() = Record::Kept { body: kept, announced: announced.unwrap_or_default() };
    }
    let mut answer = Response::new(Full::new(Bytes::from_static(COMPLETION.as_bytes())));
    answer.headers_mut().insert("content-type", hyper::header::HeaderValue::from_static("application/json"));
    Ok(answer)
}

fn recorded(method: &Method, record: &Shared) -> Response<Full<Bytes>> {
    if method == Method::PUT {
        *record.borrow_mut() = Record::Wanted;
        return status(StatusCode::OK);
    }
    match record.take() {
        Record::Kept { body, announced } => Response::builder()
            .header("x-announced", announced)
            .body(Full::new(Bytes::from(body)))
            .unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR)),
        Record::Off | Record::Wanted => status(StatusCode::NOT_FOUND),
    }
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}
