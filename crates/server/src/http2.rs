//! A connection that speaks HTTP/2: requests as over HTTP/1.1, and WebSockets each on a stream of
//! its own (RFC 8441).

use std::convert::Infallible;
use std::future::Future as _;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::http::{self, Scheme};
use crate::server::Worker;
use crate::session;

/// Serves the connection until it ends.
pub(crate) async fn serve<S>(stream: S, scheme: Scheme, worker: Worker)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let limits = &worker.shared.limits;
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .enable_connect_protocol()
        .max_concurrent_streams(limits.max_streams)
        .max_header_list_size(u32::try_from(limits.max_header_size).unwrap_or(u32::MAX))
        // Each WebSocket is held back by its own window, and not by those of the others.
        .initial_connection_window_size(MAX_WINDOW_BYTES)
        // A client that is gone without a word is found out by a ping.
        .keep_alive_interval(limits.header_timeout)
        .keep_alive_timeout(limits.close_timeout);
    let service = {
        let worker = worker.clone();
        service_fn(move |request| answer(request, scheme, worker.clone()))
    };
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let mut shutdown = pin!(worker.shared.shutdown.cancelled());
    let mut is_stopping = false;
    // An error is the client's: what is no HTTP/2, or a reset.
    let _ = std::future::poll_fn(|cx| {
        if !is_stopping && shutdown.as_mut().poll(cx).is_ready() {
            is_stopping = true;
            connection.as_mut().graceful_shutdown();
        }
        connection.as_mut().poll(cx)
    })
    .await;
}

async fn answer(
    mut request: Request<Incoming>,
    scheme: Scheme,
    worker: Worker,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let upgraded = hyper::upgrade::on(&mut request);
    let requested = Mutex::default();
    let reply = http::answer(request, scheme, &worker.shared, &requested).await;
    let requested = requested.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(upgrade) = requested {
        // It ends with its stream, and that with the connection.
        tokio::spawn(async move {
            let Ok(stream) = upgraded.await else { return };
            session::run(TokioIo::new(stream), &[], upgrade, worker).await;
        });
    }
    Ok(reply)
}

/// RFC 9113 §6.9.1.
const MAX_WINDOW_BYTES: u32 = (1 << 31) - 1;
