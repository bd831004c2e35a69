//! One request and its answer, over a connection of their own. Not the client that scripts use.

use std::error::Error as _;
use std::future::{self, Future};
use std::io;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::{HOST, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper_util::rt::TokioIo;
use url::{Position, Url};

use crate::dial::Dialer;
use crate::error::{NetError, Operation};
use crate::target::Target;
use crate::trace::Peers;

/// What is asked of a server.
#[derive(Debug, Clone)]
pub struct Request {
    url: Url,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
}

impl Request {
    /// A request without a body, with a `User-Agent` and no other header that says anything.
    ///
    /// # Errors
    /// [`NetError::InvalidUrl`] for a URL that is not of `http` or `https`.
    pub fn new(method: RequestMethod, url: Url) -> Result<Self, NetError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid(&url, "only http and https documents can be fetched"));
        }
        let agent = HeaderValue::from_static(concat!("sockeye/", env!("CARGO_PKG_VERSION")));
        let headers = HeaderMap::from_iter([(USER_AGENT, agent)]);
        Ok(Self { url, method: method.0, headers, body: Bytes::new() })
    }

    /// The same, with a header that replaces those of its name.
    #[must_use]
    pub fn header(mut self, header: RequestHeader) -> Self {
        self.headers.insert(header.name, header.value);
        self
    }

    /// The same, with a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    fn into_http(self) -> Result<http::Request<Full<Bytes>>, NetError> {
        let mut request = http::Request::new(Full::new(self.body));
        let path = &self.url[Position::BeforePath..Position::AfterQuery];
        let unfit = |reason: String| invalid(&self.url, &reason);
        *request.uri_mut() = path.parse().map_err(|error| unfit(format!("{error}")))?;
        *request.method_mut() = self.method;
        *request.headers_mut() = self.headers;
        let host = HeaderValue::from_str(&self.url[Position::BeforeHost..Position::AfterPort]);
        let host = host.map_err(|error| unfit(error.to_string()))?;
        request.headers_mut().entry(HOST).or_insert(host);
        Ok(request)
    }
}

/// A method of HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestMethod(Method);

impl RequestMethod {
    /// `GET`.
    pub const GET: Self = Self(Method::GET);
    /// `POST`.
    pub const POST: Self = Self(Method::POST);

    /// The method of this name; `None` if no method can be called so.
    pub fn parse(name: &str) -> Option<Self> {
        Method::from_bytes(name.as_bytes()).ok().map(Self)
    }
}

/// A header with a name and a value that may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHeader {
    name: HeaderName,
    value: HeaderValue,
}

impl RequestHeader {
    /// A header of this name and value; `None` if they can't be those of a header.
    pub fn parse(name: &str, value: &str) -> Option<Self> {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some(Self { name, value: HeaderValue::from_str(value).ok()? })
    }
}

/// What a server says.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Whether it did what it was asked for, and how.
    pub status: u16,
    /// Everything after the head.
    pub body: Vec<u8>,
    pub(super) headers: HeaderMap,
}

impl Answer {
    /// Whether the status is a 2xx.
    pub fn is_success(&self) -> bool {
        StatusCode::from_u16(self.status).is_ok_and(|status| status.is_success())
    }
}

/// What an exchange may cost.
#[derive(Debug, Clone, Copy)]
pub struct ExchangeLimits {
    /// For everything together.
    pub timeout: Duration,
    /// How large the answer's body may be.
    pub max_body_bytes: usize,
}

/// Sends `request` over a connection that is made for it, and waits for the whole answer, whatever
/// its status; redirects are answers. Dropping the future closes the connection.
///
/// # Errors
/// Those of dialling, [`NetError::RequestTimeout`], [`NetError::BodyTooLarge`], and those of a peer
/// that does not speak HTTP.
pub async fn exchange(
    dialer: &Dialer,
    request: Request,
    limits: ExchangeLimits,
) -> Result<Answer, NetError> {
    let whole = exchange_untimed(dialer, request, limits.max_body_bytes);
    tokio::time::timeout(limits.timeout, whole).await.unwrap_or(Err(NetError::RequestTimeout))
}

pub(super) async fn exchange_untimed(
    dialer: &Dialer,
    request: Request,
    max_body_bytes: usize,
) -> Result<Answer, NetError> {
    let target = Target::from_url(&request.url)?;
    let request = request.into_http()?;
    let opened = dialer.dial(&target).await?;
    let peers = opened.peers;
    let io = TokioIo::new(opened.stream);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io)
        .await
        .map_err(|error| http_error(&error, peers))?;
    let exchange = async {
        let response =
            sender.send_request(request).await.map_err(|error| http_error(&error, peers))?;
        answer(response, max_body_bytes, peers).await
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
    response: Response<Incoming>,
    max_body_bytes: usize,
    peers: Peers,
) -> Result<Answer, NetError> {
    let (head, mut incoming) = response.into_parts();
    let too_large = NetError::BodyTooLarge { limit_bytes: max_body_bytes };
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
    Ok(Answer { status: head.status.as_u16(), body, headers: head.headers })
}

pub(super) fn invalid(url: &Url, reason: &str) -> NetError {
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
