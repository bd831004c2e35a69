//! One TCP connection: TLS if it is that door, then HTTP requests, then perhaps a WebSocket. What
//! HTTP/2 does differently is in `http2`.

use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::counted::Counted;
use crate::http::{self, Scheme};
use crate::http2;
use crate::server::{Shared, Worker};
use crate::session;
use crate::upgrade::Upgrade;

/// Serves a connection to the plain door until it ends.
pub(crate) async fn serve_plain(stream: TcpStream, worker: Worker) {
    let Some(version) = spoken(&stream, &worker.shared).await else { return };
    let stream = Counted::new(stream, Arc::clone(&worker.shared));
    serve(stream, Scheme::Http, version, worker).await;
}

/// Serves a connection to the TLS door until it ends.
pub(crate) async fn serve_tls(stream: TcpStream, acceptor: TlsAcceptor, worker: Worker) {
    let stream = Counted::new(stream, Arc::clone(&worker.shared));
    let handshake = Box::pin(acceptor.accept(stream));
    let limit = worker.shared.limits.tls_handshake_timeout;
    // A client that refuses the certificate, speaks no TLS or is too slow has no claim to more.
    if let Ok(Ok(stream)) = tokio::time::timeout(limit, handshake).await {
        let version = match stream.get_ref().1.alpn_protocol() {
            Some(ALPN_HTTP2) => Version::Http2,
            _ => Version::Http1,
        };
        serve(stream, Scheme::Https, version, worker).await;
    }
}

/// What a connection speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    Http1,
    Http2,
}

/// Looks at the first bytes without taking them: HTTP/2 may be spoken at once (RFC 9113 §3.3), and
/// no method of HTTP/1.1 begins as its preface does. `None`: the client said nothing.
async fn spoken(stream: &TcpStream, shared: &Shared) -> Option<Version> {
    let mut start = [0; PREFACE.len()];
    let peek = tokio::time::timeout(shared.limits.header_timeout, stream.peek(&mut start));
    let count = tokio::select! {
        peeked = peek => peeked.ok()?.ok()?,
        () = shared.shutdown.cancelled() => return None,
    };
    let is_preface = count >= PREFACE.len() && start == *PREFACE;
    Some(if is_preface { Version::Http2 } else { Version::Http1 })
}

async fn serve<S>(stream: S, scheme: Scheme, version: Version, worker: Worker)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    // Boxed, so that a WebSocket does not carry the room of a HTTP connection with it.
    if version == Version::Http2 {
        return Box::pin(http2::serve(stream, scheme, worker)).await;
    }
    let requests = Box::pin(serve_requests(stream, scheme, Arc::clone(&worker.shared)));
    let Some(upgraded) = requests.await else { return };
    session::run(upgraded.stream, &upgraded.unread, upgraded.upgrade, worker).await;
}

/// A connection that has left HTTP behind.
struct Upgraded<S> {
    stream: S,
    /// What came after the upgrade request in the same packets.
    unread: Bytes,
    upgrade: Upgrade,
}

/// Serves HTTP requests until the connection ends or is upgraded.
async fn serve_requests<S>(stream: S, scheme: Scheme, shared: Arc<Shared>) -> Option<Upgraded<S>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let requested: Arc<Mutex<Option<Upgrade>>> = Arc::default();
    let service = {
        let (shared, requested) = (Arc::clone(&shared), Arc::clone(&requested));
        service_fn(move |request: Request<Incoming>| -> Answer {
            let (shared, requested) = (Arc::clone(&shared), Arc::clone(&requested));
            Box::pin(async move { Ok(http::answer(request, scheme, &shared, &requested).await) })
        })
    };
    let limits = &shared.limits;
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_header_size(limits.max_header_size)
        .max_headers(limits.max_headers)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service);
    let mut shutdown = pin!(shared.shutdown.cancelled());
    let mut is_stopping = false;
    // An error is the client's: bytes that are no HTTP, a reset, a time limit passed.
    std::future::poll_fn(|cx| {
        if !is_stopping && shutdown.as_mut().poll(cx).is_ready() {
            is_stopping = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        connection.poll_without_shutdown(cx)
    })
    .await
    .ok()?;
    let parts = connection.into_parts();
    let mut stream = parts.io.into_inner();
    let upgrade = requested.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(upgrade) = upgrade else {
        // Best effort: the client may be gone.
        let _ = stream.shutdown().await;
        return None;
    };
    Some(Upgraded { stream, unread: parts.read_buf, upgrade })
}

/// RFC 9113 §3.4, as far as it is a request line.
const PREFACE: &[u8; 14] = b"PRI * HTTP/2.0";
/// RFC 9113 §3.1.
pub(crate) const ALPN_HTTP2: &[u8] = b"h2";

type Answer = Pin<Box<dyn Future<Output = Result<Response<Full<Bytes>>, Infallible>> + Send>>;
