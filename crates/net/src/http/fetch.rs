//! One document by GET, for the script loader. Not the client that scripts use.

use std::error::Error as _;
use std::future::{self, Future};
use std::io;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::{HOST, LOCATION, USER_AGENT};
use http::{Request, Response};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Body as _, Incoming};
use hyper_util::rt::TokioIo;
use url::{Position, Url};

use crate::dial::Dialer;
use crate::error::{NetError, Operation};
use crate::target::Target;
use crate::trace::Peers;

/// A document, and where it was in the end.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The URL after redirects.
    pub url: Url,
    /// The document.
    pub body: Vec<u8>,
}

/// What a fetch may cost.
#[derive(Debug, Clone, Copy)]
pub struct FetchLimits {
    /// For everything together, redirects included.
    pub timeout: Duration,
    /// How many redirects are followed.
    pub max_redirects: usize,
    /// How large the document may be.
    pub max_body_bytes: usize,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_mins(1),
            max_redirects: 10,
            max_body_bytes: 64 * 1024 * 1024,
        }
    }
}

/// Gets a document from an `http` or `https` URL, following redirects. Dropping the future closes
/// the connection.
///
/// # Errors
/// Those of dialling, [`NetError::RequestTimeout`], [`NetError::UnexpectedStatus`] for anything
/// but a 2xx in the end, [`NetError::TooManyRedirects`], [`NetError::BodyTooLarge`], and those of
/// a peer that does not speak HTTP.
pub async fn fetch(dialer: &Dialer, url: &Url, limits: FetchLimits) -> Result<Fetched, NetError> {
    let whole = follow(dialer, url.clone(), limits);
    tokio::time::timeout(limits.timeout, whole).await.unwrap_or(Err(NetError::RequestTimeout))
}

async fn follow(dialer: &Dialer, mut url: Url, limits: FetchLimits) -> Result<Fetched, NetError> {
    for _ in 0..=limits.max_redirects {
        match get(dialer, &url, limits.max_body_bytes).await? {
            Answer::Document(body) => return Ok(Fetched { url, body }),
            Answer::Redirect(next) => url = next,
        }
    }
    Err(NetError::TooManyRedirects { limit: limits.max_redirects })
}

enum Answer {
    Document(Vec<u8>),
    Redirect(Url),
}

async fn get(dialer: &Dialer, url: &Url, max_body_bytes: usize) -> Result<Answer, NetError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid(url, "only http and https documents can be fetched"));
    }
    let opened = dialer.dial(&Target::from_url(url)?).await?;
    let peers = opened.peers;
    let io = TokioIo::new(opened.stream);
    let (mut sender, connection) = hyper::client::conn::http1::handshake::<_, Empty<Bytes>>(io)
        .await
        .map_err(|error| http_error(&error, peers))?;
    let request = Request::get(&url[Position::BeforePath..Position::AfterQuery])
        .header(HOST, &url[Position::BeforeHost..Position::AfterPort])
        .header(USER_AGENT, concat!("sockeye/", env!("CARGO_PKG_VERSION")))
        .body(Empty::new())
        .map_err(|error| invalid(url, &error.to_string()))?;
    let exchange = async {
        let response =
            sender.send_request(request).await.map_err(|error| http_error(&error, peers))?;
        answer(url, response, max_body_bytes, peers).await
    };
    // The connection must be polled for the exchange to make progress; when it has ended, what it
    // read may still wait to be taken.
    let drive = async {
        let _ = connection.await;
        future::pending::<()>().await;
    };
    first(exchange, drive).await
}

async fn first<T>(exchange: impl Future<Output = T>, drive: impl Future<Output = ()>) -> T {
    let (mut exchange, mut drive) = (pin!(exchange), pin!(drive));
    future::poll_fn(|cx| {
        let polled = exchange.as_mut().poll(cx);
        if polled.is_pending() {
            let _ = drive.as_mut().poll(cx);
            // What the connection has just read wakes the exchange by itself.
        }
        polled
    })
    .await
}

async fn answer(
    url: &Url,
    response: Response<Incoming>,
    max_body_bytes: usize,
    peers: Peers,
) -> Result<Answer, NetError> {
    let status = response.status();
    if let (301 | 302 | 303 | 307 | 308, Some(location)) =
        (status.as_u16(), response.headers().get(LOCATION))
    {
        let next = location.to_str().ok().and_then(|location| url.join(location).ok());
        let next = next.ok_or_else(|| invalid(url, "redirects to an invalid location"))?;
        return Ok(Answer::Redirect(next));
    }
    if !status.is_success() {
        return Err(NetError::UnexpectedStatus { status: status.as_u16() });
    }
    let too_large = NetError::BodyTooLarge { limit_bytes: max_body_bytes };
    let mut incoming = response.into_body();
    if incoming.size_hint().lower() > max_body_bytes as u64 {
        return Err(too_large);
    }
    let mut body = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| http_error(&error, peers))?;
        let Ok(data) = frame.into_data() else { continue };
        if body.len() + data.len() > max_body_bytes {
            return Err(too_large);
        }
        body.extend_from_slice(&data);
    }
    Ok(Answer::Document(body))
}

fn invalid(url: &Url, reason: &str) -> NetError {
    NetError::InvalidUrl { url: url.to_string(), reason: reason.to_owned() }
}

fn http_error(error: &hyper::Error, peers: Peers) -> NetError {
    if error.is_parse() {
        return NetError::MalformedResponse(error.to_string());
    }
    if error.is_incomplete_message() {
        return NetError::UnexpectedEof;
    }
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return peers.error(Operation::Read, error);
        }
        source = error.source();
    }
    NetError::Http(error.to_string())
}
