//! What a socket tells its owner.

use std::time::Instant;

use crate::error::NetError;

/// Hears what happens on one socket.
pub trait Handler {
    /// Called from the socket's task, in the order of things on the wire. `at` is when the bytes
    /// were read, or for an end without bytes, when it was known.
    ///
    /// It must not block. It may use any [`Socket`](super::Socket); what it sends goes out when
    /// the events that came together have been handled.
    fn on_event(&mut self, event: SocketEvent<'_>, at: Instant);
}

/// Something that happened on a socket. Payloads are borrowed from the worker's buffer.
#[derive(Debug)]
pub enum SocketEvent<'a> {
    /// A text message.
    Text(&'a str),
    /// A binary message.
    Binary(&'a [u8]),
    /// A ping, which was answered.
    Ping(&'a [u8]),
    /// A pong, asked for or not.
    Pong(&'a [u8]),
    /// The peer's close frame came, or the connection is being failed: no more messages.
    Closing,
    /// The TCP connection is gone. Exactly once, and last.
    Closed(Closed),
}

/// How a socket ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The code of the peer's close frame; `None` if that had no code (1005 to the WebSocket API),
    /// 1006 if there was no close frame.
    pub code: Option<u16>,
    /// The reason in the peer's close frame.
    pub reason: String,
    /// Whether both close frames were exchanged.
    pub was_clean: bool,
    /// Why the connection failed, if it did. Ending it ourselves, by closing or aborting, is no
    /// failure even if the peer does not play along.
    pub error: Option<NetError>,
}

impl Closed {
    /// An end without the peer's close frame.
    pub(super) fn abnormal(error: Option<NetError>) -> Self {
        Self { code: Some(ABNORMAL_CLOSURE), reason: String::new(), was_clean: false, error }
    }
}

/// RFC 6455 §7.4.1.
const ABNORMAL_CLOSURE: u16 = 1006;
