//! The opening handshake over HTTP/2 (RFC 8441 §5): an extended CONNECT and its answer.

use std::fmt::Write as _;
use std::rc::Rc;
use std::time::Instant;

use h2::Reason;
use h2::ext::Protocol;
use http::{HeaderValue, Method, Request, Uri, Version};
use sockeye_ws::ExtendedConnect;
use sockeye_ws::handshake::{self, HandshakeError};

use super::channel::Channel;
use super::error::into_io;
use super::link::Seat;
use super::pool::{Http2Pool, Way};
use crate::dial::Dialer;
use crate::error::{NetError, Operation};
use crate::stream::Stream;
use crate::target::Target;
use crate::trace::{Peers, Step};
use crate::websocket::connect::{
    Asked, Attempt, ConnectRequest, HttpVersion, Response, Shaken, keep_cookies, say_why,
};
use crate::websocket::refusal;
use crate::websocket::tap::Direction;
use crate::websocket::upgrade::handshake_error;

/// How far HTTP/2 led.
pub(in crate::websocket) enum Reached {
    /// To an open connection.
    Open(Box<Shaken>),
    /// Nowhere: the server does not announce it. The connection, if HTTP/1.1 can go on with it.
    Http1(Option<(Stream, Peers)>),
}

/// Opens a socket on one of the pool's connections, or on a new one.
///
/// # Errors
/// Those of dialling, and of the handshake.
pub(in crate::websocket) async fn open(
    pool: &Http2Pool,
    dialer: &Dialer,
    request: &ConnectRequest,
    asked: &Asked<'_>,
    target: &Target,
    attempt: &mut Attempt,
) -> Result<Reached, NetError> {
    let handshake = ExtendedConnect::new(asked.request())
        .map_err(|error| NetError::InvalidRequest(error.to_string()))?;
    let head = head(&handshake, asked, target)?;
    for attempts_left in (0..ATTEMPTS).rev() {
        let seat = match pool.way(dialer, target, &mut attempt.trace).await? {
            Way::Http2(seat) => seat,
            Way::Http1(dialled) => return Ok(Reached::Http1(dialled)),
        };
        let peers = seat.link().peers;
        attempt.trace.peers = Some(peers);
        attempt.trace.step = Step::Exchange(peers);
        let began = Instant::now();
        if let Some(tap) = &request.tap {
            tap.head(Direction::Sent, &describe_request(&head));
        }
        match ask(seat, head.clone()).await {
            Ok(answer) => {
                attempt.trace.timings.upgrade = began.elapsed();
                let shaken = answer.check(dialer, request, &handshake, attempt).await?;
                return Ok(Reached::Open(Box::new(shaken)));
            }
            Err(Unanswered::Unprocessed(_)) if attempts_left > 0 => {}
            Err(Unanswered::Unprocessed(error) | Unanswered::Failed(error)) => {
                return Err(peers.error(Operation::Read, &into_io(error)));
            }
        }
    }
    // The last attempt has returned.
    Err(NetError::UnexpectedEof)
}

/// Why there is no answer.
enum Unanswered {
    /// The server has not looked at the request, so that it may be made again (RFC 9113 §8.7).
    Unprocessed(h2::Error),
    Failed(h2::Error),
}

async fn ask(seat: Seat, request: Request<()>) -> Result<Answer, Unanswered> {
    let asked = match seat.link().requests().ready().await {
        Ok(mut requests) => requests.send_request(request, false),
        Err(error) => Err(error),
    };
    // Nothing was sent.
    let (answer, send) = asked.map_err(Unanswered::Unprocessed)?;
    match answer.await {
        Ok(response) => {
            let (head, receive) = response.into_parts();
            let head = response_of(&head);
            Ok(Answer {
                head,
                peers: seat.link().peers,
                channel: Channel::new(send, receive, seat),
            })
        }
        Err(error) if error.is_reset() && error.reason() == Some(Reason::REFUSED_STREAM) => {
            seat.link().is_full();
            Err(Unanswered::Unprocessed(error))
        }
        // Streams hear of it that came after the last one that the server looks at.
        Err(error) if error.is_go_away() && error.is_remote() => {
            Err(Unanswered::Unprocessed(error))
        }
        Err(error) => Err(Unanswered::Failed(error)),
    }
}

/// What the server said, and the stream that it said it on.
struct Answer {
    head: Response,
    peers: Peers,
    channel: Channel,
}

impl Answer {
    async fn check(
        self,
        dialer: &Dialer,
        request: &ConnectRequest,
        handshake: &ExtendedConnect,
        attempt: &mut Attempt,
    ) -> Result<Shaken, NetError> {
        let Self { head, peers, channel } = self;
        keep_cookies(request, &head.headers);
        let mut stream = Stream::from(channel);
        if let Some(tap) = &request.tap {
            tap.head(Direction::Received, &describe_response(&head));
        }
        let checked = handshake.check(&handshake::Response {
            status: head.status,
            reason: String::new(),
            headers: head.headers.clone(),
        });
        let error = match checked {
            Ok(accepted) => {
                if let Some(tap) = &request.tap {
                    stream = stream.tapped_after_heads(Rc::clone(tap));
                }
                let first_bytes = Vec::new();
                return Ok(Shaken { stream, peers, response: head, accepted, first_bytes });
            }
            Err(error) => error,
        };
        if let Some(code) = error.close_code() {
            say_why(&mut stream, dialer.buffers(), code).await;
        }
        attempt.response = Some(head);
        if let HandshakeError::Status(_) = error {
            attempt.body = refusal::read_to_end(&mut stream).await;
        }
        Err(handshake_error(error, &[]))
    }
}

/// RFC 8441 §4: the request, with `:protocol` as h2 has it.
fn head(
    handshake: &ExtendedConnect,
    asked: &Asked<'_>,
    target: &Target,
) -> Result<Request<()>, NetError> {
    let invalid = |error: http::Error| NetError::InvalidRequest(error.to_string());
    let uri = Uri::builder()
        .scheme(if target.tls { "https" } else { "http" })
        .authority(handshake.authority())
        .path_and_query(&*asked.resource)
        .build()
        .map_err(invalid)?;
    let mut head = Request::builder()
        .method(Method::CONNECT)
        .version(Version::HTTP_2)
        .uri(uri)
        .extension(Protocol::from_static("websocket"));
    for (name, value) in handshake.fields() {
        let value =
            HeaderValue::from_bytes(value.as_bytes()).map_err(|error| invalid(error.into()))?;
        head = head.header(name, value);
    }
    head.body(()).map_err(invalid)
}

fn response_of(head: &http::response::Parts) -> Response {
    let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value)));
    Response {
        version: HttpVersion::Http2,
        status: head.status.as_u16(),
        headers: headers.collect(),
    }
}

/// As UTF-8 if it is that, else as Latin-1.
fn text(value: &HeaderValue) -> String {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().map(|&byte| char::from(byte)).collect(),
    }
}

fn describe_request(head: &Request<()>) -> String {
    let uri = head.uri();
    let mut lines = format!(
        ":method: CONNECT\r\n:protocol: websocket\r\n:scheme: {}\r\n:path: {}\r\n:authority: {}",
        uri.scheme_str().unwrap_or_default(),
        uri.path_and_query().map_or("/", |path| path.as_str()),
        uri.authority().map_or("", |authority| authority.as_str()),
    );
    for (name, value) in head.headers() {
        // Writing to a string cannot fail.
        let _ = write!(lines, "\r\n{name}: {}", text(value));
    }
    lines
}

fn describe_response(head: &Response) -> String {
    let mut lines = format!(":status: {}", head.status);
    for (name, value) in &head.headers {
        let _ = write!(lines, "\r\n{name}: {value}");
    }
    lines
}

/// How often a request is made that the server does not look at.
const ATTEMPTS: usize = 3;
