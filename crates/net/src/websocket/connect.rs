//! From a URL to an open WebSocket connection: dialling and the opening handshake.

use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};

use sockeye_ws::deflate::{Agreed, Offer};
use sockeye_ws::handshake::{Accepted, HandshakeError, Request};
use sockeye_ws::{ClientHandshake, CloseCode, Config, Connection, Role};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::{Position, Url};

use super::driver::{Driver, drive};
use super::event::Handler;
use super::refusal;
use super::socket::{Shared, Socket};
use super::tap::Tap;
use crate::buffers::WorkerBuffers;
use crate::dial::Dialer;
use crate::error::{NetError, Operation};
use crate::http::CookieJar;
use crate::identity::ClientIdentity;
use crate::stream::Stream;
use crate::target::{Target, UNIX_HOST, UnixAddress, cookie_url};
use crate::timings::Timings;
use crate::trace::{Peers, Trace};

/// What to connect to, and how.
#[derive(Debug, Clone)]
pub struct ConnectRequest {
    /// A `ws` or `wss` URL, or one of a unix socket: `ws+unix:///path:/resource` (`wss+unix` with
    /// TLS). Its fragment and its user name are not sent.
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
    /// Who listens in.
    pub tap: Option<Rc<dyn Tap>>,
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
            tap: None,
        }
    }
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
    /// Its status.
    pub status: u16,
    /// Its headers, in order and with names as they came.
    pub headers: Vec<(String, String)>,
}

/// An open connection that nobody drives yet. Dropping it drops the TCP connection.
#[derive(Debug)]
pub struct Opened {
    /// The server's 101.
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
        let shared = Rc::new(Shared::new(connection, self.buffers));
        let driver = Driver::new(
            Rc::clone(&shared),
            handler,
            self.stream,
            self.peers,
            (self.first_bytes, self.timings.finished),
            self.close_timeout,
        );
        tokio::task::spawn_local(drive(driver));
        Socket::new(shared)
    }
}

/// What is known of an attempt, whether it succeeds, fails or is cut short.
struct Attempt {
    trace: Trace,
    response: Option<Response>,
    body: Vec<u8>,
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

struct Shaken {
    stream: Stream,
    peers: Peers,
    response: Response,
    accepted: Accepted,
    first_bytes: Vec<u8>,
}

fn target(request: &ConnectRequest) -> Result<Target, NetError> {
    let url = &request.url;
    if !matches!(url.scheme(), "ws" | "wss" | "ws+unix" | "wss+unix") {
        let reason = "the scheme is neither ws nor wss".to_owned();
        return Err(NetError::InvalidUrl { url: url.to_string(), reason });
    }
    let mut target = Target::from_url(url)?;
    target.local_ip = request.local_ip;
    target.identity.clone_from(&request.tls_auth);
    Ok(target)
}

async fn shake_hands(
    dialer: &Dialer,
    request: &ConnectRequest,
    target: &Target,
    attempt: &mut Attempt,
) -> Result<Shaken, NetError> {
    let mut handshake = build(dialer, request)?;
    let (mut stream, peers) = dialer.dial_traced(target, &mut attempt.trace).await?;
    if let Some(tap) = &request.tap {
        stream = stream.tapped(Rc::clone(tap));
    }
    let began = Instant::now();
    stream
        .write_all(handshake.request())
        .await
        .map_err(|error| peers.error(Operation::Write, &error))?;
    stream.flush().await.map_err(|error| peers.error(Operation::Write, &error))?;

    let mut buffer = vec![0; HANDSHAKE_BUFFER_BYTES];
    // For the text of an error only.
    let mut first_line = Vec::new();
    let (response, rest) = loop {
        let read = stream.read(&mut buffer).await;
        let read = read.map_err(|error| peers.error(Operation::Read, &error))?;
        if read == 0 {
            return Err(NetError::UnexpectedEof);
        }
        if first_line.len() < FIRST_LINE_BYTES {
            let wanted = read.min(FIRST_LINE_BYTES - first_line.len());
            first_line.extend_from_slice(&buffer[..wanted]);
        }
        match handshake.receive(&buffer[..read]) {
            Ok(None) => {}
            Ok(Some((response, used))) => break (response, buffer[used..read].to_vec()),
            Err(error) => return Err(handshake_error(error, &first_line)),
        }
    };
    attempt.trace.timings.upgrade = began.elapsed();
    if let Some(jar) = &request.jar {
        for (name, value) in &response.headers {
            if name.eq_ignore_ascii_case("set-cookie") {
                jar.store_response(&cookie_url(&request.url), value);
            }
        }
    }
    let head = Response { status: response.status, headers: response.headers.clone() };
    match handshake.check(&response) {
        Ok(accepted) => Ok(Shaken { stream, peers, response: head, accepted, first_bytes: rest }),
        Err(error) => {
            if let Some(code) = error.close_code() {
                say_why(&mut stream, dialer.buffers(), code).await;
            }
            attempt.response = Some(head);
            attempt.body = refusal::read_body(&mut stream, &response, &rest, &mut buffer).await;
            Err(handshake_error(error, &first_line))
        }
    }
}

/// A close frame for a server that believes the connection is open (RFC 6455 §7.1.7).
async fn say_why(stream: &mut Stream, buffers: &WorkerBuffers, code: CloseCode) {
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

fn build(dialer: &Dialer, request: &ConnectRequest) -> Result<ClientHandshake, NetError> {
    let url = &request.url;
    let mut headers = request.headers.clone();
    if let Some(cookies) = request.jar.as_ref().and_then(|jar| jar.header_for(&cookie_url(url))) {
        match headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("cookie")) {
            // RFC 6265 §5.4: there is one Cookie header at most.
            Some((_, value)) => *value = format!("{value}; {cookies}"),
            None => headers.push(("Cookie".to_owned(), cookies)),
        }
    }
    let deflate = match request.compression {
        Compression::None => None,
        Compression::Deflate => Some(Offer::default()),
        Compression::Narrowed(offer) => Some(offer),
    };
    let unix = match url.scheme() {
        "ws+unix" | "wss+unix" => Some(UnixAddress::from_url(url)?),
        _ => None,
    };
    let (host, resource) = match &unix {
        Some(address) => (UNIX_HOST, address.resource.as_str()),
        None => (
            &url[Position::BeforeHost..Position::AfterPort],
            &url[Position::BeforePath..Position::AfterQuery],
        ),
    };
    let parts =
        Request { host, resource, protocols: &request.protocols, deflate, headers: &headers };
    let mut codec = dialer.buffers().take_codec().unwrap_or_default();
    let handshake = ClientHandshake::new(parts, codec.mask_source());
    dialer.buffers().return_codec(codec);
    handshake.map_err(|error| NetError::InvalidRequest(error.to_string()))
}

fn handshake_error(error: HandshakeError, first_bytes: &[u8]) -> NetError {
    match error {
        HandshakeError::NotHttp => {
            let line = first_bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
            NetError::MalformedResponse(String::from_utf8_lossy(line).trim_end().to_owned())
        }
        HandshakeError::HeadTooBig => {
            NetError::HeadersTooLarge { limit_bytes: sockeye_ws::handshake::MAX_RESPONSE_HEAD }
        }
        HandshakeError::Status(status) => NetError::HandshakeRefused { status },
        HandshakeError::Extensions(error) => NetError::BadExtensions { reason: error.to_string() },
        other => NetError::BadHandshake { reason: other.to_string() },
    }
}

/// As large as QuickJS strings may sensibly get; a message beyond it fails the connection (1009).
const DEFAULT_MAX_MESSAGE_BYTES: usize = 128 * 1024 * 1024;
const HANDSHAKE_BUFFER_BYTES: usize = 8 * 1024;
/// How much of an answer that is not HTTP an error shows.
const FIRST_LINE_BYTES: usize = 200;
