//! From a URL to an open WebSocket connection: dialling and the opening handshake.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sockeye_ws::deflate::{Agreed, Offer};
use sockeye_ws::handshake::{Accepted, Request};
use sockeye_ws::{CloseCode, Config, Connection, Role};
use tokio::io::AsyncWriteExt as _;
use url::Url;

use super::driver::{Driver, drive};
use super::event::Handler;
use super::flusher::Flusher;
use super::http2::{self, Http2Pool, Reached};
use super::shared::Shared;
use super::socket::Socket;
use super::tap::Tap;
use super::upgrade;
use super::url::{host_and_resource, is_bad_port};
use crate::buffers::WorkerBuffers;
use crate::dial::Dialer;
use crate::error::NetError;
use crate::http::CookieJar;
use crate::identity::ClientIdentity;
use crate::stream::Stream;
use crate::target::{Target, cookie_url, percent_decode};
use crate::timings::Timings;
use crate::trace::{Peers, Trace};

/// What to connect to, and how.
#[derive(Debug, Clone)]
pub struct ConnectRequest {
    /// A `ws` or `wss` URL, or one of a unix socket: `ws+unix:///path:/resource` (`wss+unix` with
    /// TLS). Its fragment is not sent; its user name and password are, as `Authorization: Basic`.
    pub url: Url,
    /// Subprotocols in order of preference.
    pub protocols: Vec<String>,
    /// Further headers of the upgrade request; a `Host` here replaces the URL's.
    pub headers: Vec<(String, String)>,
    /// What compression to offer.
    pub compression: Compression,
    /// For lookup, TCP, TLS and the upgrade together.
    pub handshake_timeout: Duration,
    /// How long to wait for the peer's close frame after ours.
    pub close_timeout: Duration,
    /// The longest message to accept, in bytes.
    pub max_message_size: usize,
    /// Cookies to send, and where to keep those that are set.
    pub jar: Option<Rc<CookieJar>>,
    /// What to show a server that asks for a certificate, instead of what the options say.
    pub tls_auth: Option<ClientIdentity>,
    /// The address to connect from, instead of what the options say.
    pub local_ip: Option<IpAddr>,
    /// Whether to refuse the ports that browsers refuse.
    pub ports: Ports,
    /// Who listens in.
    pub tap: Option<Rc<dyn Tap>>,
    /// Asks for a WebSocket over HTTP/2 (RFC 8441), on one of these connections. A server that
    /// does not announce it is asked over HTTP/1.1.
    pub http2: Option<Rc<Http2Pool>>,
}

impl ConnectRequest {
    /// A request for `url` with nothing special and the default limits.
    pub fn new(url: Url) -> Self {
        Self {
            url,
            protocols: Vec::new(),
            headers: Vec::new(),
            compression: Compression::None,
            // k6: fixed.
            handshake_timeout: Duration::from_mins(1),
            close_timeout: Duration::from_secs(10),
            max_message_size: DEFAULT_MAX_MESSAGE_BYTES,
            jar: None,
            tls_auth: None,
            local_ip: None,
            ports: Ports::All,
            tap: None,
            http2: None,
        }
    }
}

/// Which ports may be connected to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ports {
    /// All: load tests use odd ones.
    #[default]
    All,
    /// All but those that the Fetch standard calls bad.
    AsBrowsers,
}

/// Compression to offer to the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Compression {
    /// None.
    #[default]
    None,
    /// permessage-deflate as browsers offer it: with context takeover (RFC 7692).
    Deflate,
    /// permessage-deflate, offered like this.
    Narrowed(Offer),
}

/// The head of the server's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The protocol that it came by.
    pub version: HttpVersion,
    /// Its status.
    pub status: u16,
    /// Its headers, in order and with names as they came.
    pub headers: Vec<(String, String)>,
}

/// The protocols that a WebSocket is opened by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpVersion {
    /// HTTP/1.1: the upgrade of RFC 6455.
    Http11,
    /// HTTP/2: the extended CONNECT of RFC 8441.
    Http2,
}

impl HttpVersion {
    /// As Go, and so k6, names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http11 => "HTTP/1.1",
            Self::Http2 => "HTTP/2.0",
        }
    }
}

/// An open connection that nobody drives yet. Dropping it drops the TCP connection.
#[derive(Debug)]
pub struct Opened {
    /// The server's answer: 101, or over HTTP/2 any 2xx.
    pub response: Response,
    /// The address that was dialled; none of a unix socket.
    pub remote: Option<SocketAddr>,
    /// The subprotocol; empty if the server chose none.
    pub protocol: String,
    /// The text of `Sec-WebSocket-Extensions`; empty if there are none.
    pub extensions: String,
    /// How long the steps took.
    pub timings: Timings,
    stream: Stream,
    peers: Peers,
    deflate: Option<Agreed>,
    /// What came after the response's head in the same packets.
    first_bytes: Vec<u8>,
    close_timeout: Duration,
    max_message_size: usize,
    buffers: Rc<WorkerBuffers>,
}

/// Why there is no connection, and how far it came.
#[derive(Debug, Clone)]
pub struct ConnectFailure {
    /// What went wrong.
    pub error: NetError,
    /// The server's answer, if it came to that.
    pub response: Option<Response>,
    /// The first 64 KiB of the answer's body, without transfer coding.
    pub body: Vec<u8>,
    /// The address that was dialled, if one was found.
    pub remote: Option<SocketAddr>,
    /// How long the steps took.
    pub timings: Timings,
}

/// Opens a WebSocket connection. Dropping the future closes what was opened so far.
///
/// # Errors
/// [`ConnectFailure`] with any of the errors of dialling, or of the handshake:
/// [`NetError::HandshakeRefused`], [`NetError::BadHandshake`], [`NetError::BadExtensions`],
/// [`NetError::InvalidRequest`], [`NetError::MalformedResponse`], [`NetError::HeadersTooLarge`],
/// [`NetError::ReadTimeout`], [`NetError::UnexpectedEof`] and [`NetError::Io`].
pub async fn connect(dialer: &Dialer, request: ConnectRequest) -> Result<Opened, ConnectFailure> {
    let mut attempt = Attempt { trace: Trace::start(), response: None, body: Vec::new() };
    let target = match target(&request) {
        Ok(target) => target,
        Err(error) => return Err(attempt.failure(error)),
    };
    let shaking = shake_hands(dialer, &request, &target, &mut attempt);
    let result = tokio::time::timeout(request.handshake_timeout, shaking).await;
    let result = result.unwrap_or_else(|_| match &attempt.response {
        // Only the body of a refusal was missing.
        Some(Response { status, .. }) => Err(NetError::HandshakeRefused { status: *status }),
        None => Err(attempt.trace.timeout(&target)),
    });
    let shaken = match result {
        Ok(shaken) => shaken,
        Err(error) => return Err(attempt.failure(error)),
    };
    attempt.trace.timings.finished = Instant::now();
    Ok(Opened {
        response: shaken.response,
        remote: shaken.peers.remote(),
        protocol: shaken.accepted.protocol.unwrap_or_default(),
        extensions: shaken.accepted.extensions,
        timings: attempt.trace.timings,
        stream: shaken.stream,
        peers: shaken.peers,
        deflate: shaken.accepted.deflate,
        first_bytes: shaken.first_bytes,
        close_timeout: request.close_timeout,
        max_message_size: request.max_message_size,
        buffers: Rc::clone(dialer.buffers()),
    })
}

impl Opened {
    /// Hands the connection to a task of its own, which tells `handler` what happens. Needs to
    /// run within a `LocalSet` or `LocalRuntime`.
    ///
    /// The handler is dropped after [`Closed`](super::SocketEvent::Closed); if the runtime is
    /// shut down first, it is dropped without.
    pub fn start(self, handler: Box<dyn Handler>) -> Socket {
        let connection = Connection::new(Config {
            role: Role::Client,
            max_message_size: self.max_message_size,
            deflate: self.deflate,
        });
        Flusher::start(&self.buffers);
        let shared = Rc::new(Shared::new(connection, self.stream, self.buffers));
        let driver = Driver::new(
            Rc::clone(&shared),
            handler,
            self.peers,
            (self.first_bytes, self.timings.finished),
            self.close_timeout,
        );
        tokio::task::spawn_local(drive(driver));
        Socket::new(shared)
    }
}

/// What is known of an attempt, whether it succeeds, fails or is cut short.
pub(super) struct Attempt {
    pub(super) trace: Trace,
    pub(super) response: Option<Response>,
    pub(super) body: Vec<u8>,
}

impl Attempt {
    fn failure(mut self, error: NetError) -> ConnectFailure {
        self.trace.timings.finished = Instant::now();
        ConnectFailure {
            error,
            response: self.response,
            body: self.body,
            remote: self.trace.remote(),
            timings: self.trace.timings,
        }
    }
}

/// An open connection, by whichever way.
pub(super) struct Shaken {
    pub(super) stream: Stream,
    pub(super) peers: Peers,
    pub(super) response: Response,
    pub(super) accepted: Accepted,
    /// What came after the head in the same packets.
    pub(super) first_bytes: Vec<u8>,
}

fn target(request: &ConnectRequest) -> Result<Target, NetError> {
    let url = &request.url;
    if !matches!(url.scheme(), "ws" | "wss" | "ws+unix" | "wss+unix") {
        let reason = "the scheme is neither ws nor wss".to_owned();
        return Err(NetError::InvalidUrl { url: url.to_string(), reason });
    }
    let mut target = Target::from_url(url)?;
    if request.ports == Ports::AsBrowsers
        && target.unix_socket.is_none()
        && is_bad_port(target.port)
    {
        return Err(NetError::BlockedPort { port: target.port });
    }
    target.local_ip = request.local_ip;
    target.identity.clone_from(&request.tls_auth);
    Ok(target)
}

/// Opens the connection: over HTTP/2 if that was asked for and the server takes it, else over
/// HTTP/1.1.
async fn shake_hands(
    dialer: &Dialer,
    request: &ConnectRequest,
    target: &Target,
    attempt: &mut Attempt,
) -> Result<Shaken, NetError> {
    let asked = Asked::new(request)?;
    let dialled = match &request.http2 {
        // Boxed, so that sockets that do not want it have no room for it.
        Some(pool) => {
            let opening = http2::open(pool, dialer, request, &asked, target, attempt);
            match Box::pin(opening).await? {
                Reached::Open(shaken) => return Ok(*shaken),
                Reached::Http1(dialled) => dialled,
            }
        }
        None => None,
    };
    let handshake = upgrade::begin(dialer, &asked)?;
    let (stream, peers) = match dialled {
        Some(dialled) => dialled,
        None => dialer.dial_traced(target, &mut attempt.trace).await?,
    };
    upgrade::shake_hands(dialer, request, handshake, (stream, peers), attempt).await
}

/// What is asked of the server, whatever the version of HTTP.
pub(super) struct Asked<'a> {
    host: Cow<'a, str>,
    pub(super) resource: Cow<'a, str>,
    protocols: &'a [String],
    deflate: Option<Offer>,
    headers: Vec<(String, String)>,
}

impl<'a> Asked<'a> {
    fn new(request: &'a ConnectRequest) -> Result<Self, NetError> {
        let url = &request.url;
        let mut headers = request.headers.clone();
        let cookies = request.jar.as_ref().and_then(|jar| jar.header_for(&cookie_url(url)));
        if let Some(cookies) = cookies {
            match headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("cookie")) {
                // RFC 6265 §5.4: there is one Cookie header at most.
                Some((_, value)) => *value = format!("{value}; {cookies}"),
                None => headers.push(("Cookie".to_owned(), cookies)),
            }
        }
        let is_authorized =
            headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        if !is_authorized && let Some(credentials) = credentials(url) {
            headers.push(("Authorization".to_owned(), credentials));
        }
        let deflate = match request.compression {
            Compression::None => None,
            Compression::Deflate => Some(Offer::default()),
            Compression::Narrowed(offer) => Some(offer),
        };
        let (host, resource) = host_and_resource(url)?;
        Ok(Self { host, resource, protocols: &request.protocols, deflate, headers })
    }

    pub(super) fn request(&self) -> Request<'_> {
        Request {
            host: &self.host,
            resource: &self.resource,
            protocols: self.protocols,
            deflate: self.deflate,
            headers: &self.headers,
        }
    }
}

/// Keeps the cookies that came with an answer.
pub(super) fn keep_cookies(request: &ConnectRequest, headers: &[(String, String)]) {
    let Some(jar) = &request.jar else { return };
    for (_, value) in headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")) {
        jar.store_response(&cookie_url(&request.url), value);
    }
}

/// A close frame for a server that believes the connection is open (RFC 6455 §7.1.7).
pub(super) async fn say_why(stream: &mut Stream, buffers: &WorkerBuffers, code: CloseCode) {
    let config = Config { role: Role::Client, max_message_size: 0, deflate: None };
    let mut out = Vec::new();
    let mut codec = buffers.take_codec().unwrap_or_default();
    let said = Connection::new(config).close(&mut codec, Some(code), "", &mut out);
    buffers.return_codec(codec);
    // A courtesy: the connection has failed whether it arrives or not.
    if said.is_ok() && stream.write_all(&out).await.is_ok() {
        let _ = stream.flush().await;
    }
}

/// RFC 7617, of the user name and password in a URL. Sent without being asked for, since the answer
/// to a WebSocket handshake can't ask.
fn credentials(url: &Url) -> Option<String> {
    let (name, password) = (url.username(), url.password().unwrap_or_default());
    if name.is_empty() && password.is_empty() {
        return None;
    }
    let pair = format!("{}:{}", percent_decode(name), percent_decode(password));
    Some(format!("Basic {}", STANDARD.encode(pair)))
}

/// As large as QuickJS strings may sensibly get; a message beyond it fails the connection (1009).
const DEFAULT_MAX_MESSAGE_BYTES: usize = 128 * 1024 * 1024;
