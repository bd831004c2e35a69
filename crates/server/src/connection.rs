//! One TCP connection: TLS if it is that door, then HTTP requests, then perhaps a WebSocket.

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
use crate::server::{Shared, Worker};
use crate::session;
use crate::upgrade::Upgrade;

/// Serves a connection to the plain door until it ends.
pub(crate) async fn serve_plain(stream: TcpStream, worker: Worker) {
    let stream = Counted::new(stream, Arc::clone(&worker.shared));
    serve(stream, Scheme::Http, worker).await;
}

/// Serves a connection to the TLS door until it ends.
pub(crate) async fn serve_tls(stream: TcpStream, acceptor: TlsAcceptor, worker: Worker) {
    let stream = Counted::new(stream, Arc::clone(&worker.shared));
    let handshake = Box::pin(acceptor.accept(stream));
    let limit = worker.shared.limits.tls_handshake_timeout;
    // A client that refuses the certificate, speaks no TLS or is too slow has no claim to more.
    if let Ok(Ok(stream)) = tokio::time::timeout(limit, handshake).await {
        serve(stream, Scheme::Https, worker).await;
    }
}

async fn serve<S>(stream: S, scheme: Scheme, worker: Worker)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    // Boxed, so that a WebSocket does not carry the room of a HTTP connection with it.
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

type Answer = Pin<Box<dyn Future<Output = Result<Response<Full<Bytes>>, Infallible>> + Send>>;
