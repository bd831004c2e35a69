//! One HTTP/2 connection: made, asked whether it takes WebSockets, and shared.

use std::cell::Cell;
use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use h2::client::{self, SendRequest};
use h2::{Ping, PingPong};

use crate::dial::Dialer;
use crate::error::NetError;
use crate::stream::Stream;
use crate::target::{Alpn, Target};
use crate::trace::{Peers, Trace};

/// A connection that takes WebSockets.
pub(super) struct Link {
    requests: SendRequest<Bytes>,
    pub(super) peers: Peers,
    /// Sockets on it, those that are being opened included.
    taken: Cell<usize>,
    /// What the server has shown to allow, where that is less than what it says.
    limit: Cell<usize>,
    is_over: Rc<Cell<bool>>,
}

/// What was found at the other end.
pub(super) enum Dialled {
    /// A server that announces RFC 8441.
    Http2(Rc<Link>),
    /// One that does not; the connection, if HTTP/1.1 can be spoken over it.
    Http1(Option<(Stream, Peers)>),
}

/// Connects and finds out what the server speaks. Dropping the future closes the connection.
///
/// # Errors
/// Those of dialling.
pub(super) async fn dial(
    dialer: &Dialer,
    target: &Target,
    trace: &mut Trace,
) -> Result<Dialled, NetError> {
    let target = Target { alpn: Alpn::Http2, ..target.clone() };
    let (stream, peers) = dialer.dial_traced(&target, trace).await?;
    if target.tls && stream.alpn() != Some(b"h2") {
        return Ok(Dialled::Http1(Some((stream, peers))));
    }
    // Without TLS, HTTP/2 is spoken without asking (RFC 9113 §3.3). A server that does not know it
    // answers in its own way, or not at all: what it does is no failure before it was asked over
    // HTTP/1.1.
    let shaken = tokio::time::timeout(SETTINGS_TIMEOUT, shake_hands(stream, peers)).await;
    match shaken {
        Ok(Ok(Some(link))) => Ok(Dialled::Http2(link)),
        _ => Ok(Dialled::Http1(None)),
    }
}

/// The connection, if it takes WebSockets.
async fn shake_hands(stream: Stream, peers: Peers) -> Result<Option<Rc<Link>>, h2::Error> {
    let (requests, mut connection) = client::Builder::new()
        .enable_push(false)
        .initial_window_size(STREAM_WINDOW_BYTES)
        // Each stream is held back by its own window: one that nobody reads must not stop others.
        .initial_connection_window_size(MAX_WINDOW_BYTES)
        .max_header_list_size(sockeye_ws::handshake::MAX_RESPONSE_HEAD as u32)
        .handshake::<_, Bytes>(stream)
        .await?;
    // The server's SETTINGS come before all else (RFC 9113 §3.4), so also before its answer to a
    // ping: when that is here, they are known.
    let mut pings = connection.ping_pong();
    if let Some(pings) = &mut pings {
        pings.send_ping(Ping::opaque())?;
    }
    let announced = poll_fn(|cx| {
        if let Poll::Ready(ended) = Pin::new(&mut connection).poll(cx) {
            return Poll::Ready(ended.map(|()| false));
        }
        if requests.is_extended_connect_protocol_enabled() {
            return Poll::Ready(Ok(true));
        }
        let answered = pings.as_mut().map(|pings: &mut PingPong| pings.poll_pong(cx));
        match answered {
            Some(Poll::Ready(answer)) => Poll::Ready(answer.map(|_| false)),
            _ => Poll::Pending,
        }
    });
    if !announced.await? {
        return Ok(None);
    }
    let is_over = Rc::new(Cell::new(false));
    let link = Rc::new(Link {
        requests,
        peers,
        taken: Cell::new(0),
        limit: Cell::new(usize::MAX),
        is_over: Rc::clone(&is_over),
    });
    tokio::task::spawn_local(async move {
        // Its streams have heard of an error as well.
        let _ = connection.await;
        is_over.set(true);
    });
    Ok(Some(link))
}

impl Link {
    /// A handle to ask with.
    pub(super) fn requests(&self) -> SendRequest<Bytes> {
        self.requests.clone()
    }

    /// Whether new sockets can still be opened, now or when others are closed: it was neither lost
    /// nor has the server said GOAWAY.
    pub(super) fn is_alive(&self) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        let ready = self.requests.clone().poll_ready(&mut cx);
        !self.is_over.get() && !matches!(ready, Poll::Ready(Err(_)))
    }

    /// A place for one more socket (RFC 9113 §5.1.2), if there is one.
    pub(super) fn take_seat(self: &Rc<Self>) -> Option<Seat> {
        let limit = self.limit.get().min(self.requests.current_max_send_streams());
        if self.taken.get() >= limit {
            return None;
        }
        self.taken.set(self.taken.get() + 1);
        Some(Seat { link: Rc::clone(self) })
    }

    /// The server has refused a stream that it should have taken: no more than are there.
    pub(super) fn is_full(&self) {
        self.limit.set(self.taken.get().saturating_sub(1));
    }
}

/// A socket's place on a connection.
pub(super) struct Seat {
    link: Rc<Link>,
}

impl Seat {
    pub(super) fn link(&self) -> &Rc<Link> {
        &self.link
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.link.taken.set(self.link.taken.get() - 1);
    }
}

/// How long the server may take to say its SETTINGS.
const SETTINGS_TIMEOUT: Duration = Duration::from_secs(5);
/// What a server may send to a socket that does not read.
const STREAM_WINDOW_BYTES: u32 = 256 * 1024;
/// RFC 9113 §6.9.1.
const MAX_WINDOW_BYTES: u32 = (1 << 31) - 1;
