//! The owner's end of a socket: what it sends is encoded at once, and written by the worker's flusher or
//! the socket's own task.

use std::fmt;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use sockeye_ws::CloseCode;

use super::shared::{Command, Shared};

/// A handle to an open socket; clones are the same socket. Dropping all handles leaves the socket
/// open: it ends by [`close`](Self::close), [`abort`](Self::abort) or the peer.
#[derive(Clone)]
pub struct Socket {
    shared: Rc<Shared>,
}

impl Socket {
    pub(super) fn new(shared: Rc<Shared>) -> Self {
        Self { shared }
    }

    /// Queues a text message. All that is queued before the other tasks of the thread had their turn
    /// goes out in one write. On a socket that is closing or closed it only grows
    /// [`buffered_amount`](Self::buffered_amount) (WHATWG websockets, "send").
    pub fn send_text(&self, text: &str) {
        self.shared.grow_buffered(text.len());
        self.shared.submit(Command::Text(text));
    }

    /// Queues a binary message, like [`send_text`](Self::send_text).
    pub fn send_binary(&self, data: &[u8]) {
        self.shared.grow_buffered(data.len());
        self.shared.submit(Command::Binary(data));
    }

    /// Queues a ping. A control frame carries 125 bytes (RFC 6455 §5.5); a longer payload is cut.
    pub fn ping(&self, payload: &[u8]) {
        self.shared.submit(Command::Ping(&payload[..payload.len().min(MAX_CONTROL_BYTES)]));
    }

    /// Begins the closing handshake; does nothing if it has begun. A code that may not be sent
    /// (RFC 6455 §7.4) makes an empty close frame, a reason beyond 123 bytes is cut. If the peer
    /// has not answered within the close timeout, the TCP connection is dropped.
    pub fn close(&self, code: Option<u16>, reason: &str) {
        let code = code.and_then(|code| CloseCode::try_from(code).ok());
        let longest = if code.is_some() { MAX_CONTROL_BYTES - 2 } else { 0 };
        let reason = &reason[..reason.floor_char_boundary(longest)];
        self.shared.submit(Command::Close(code, reason));
    }

    /// Drops the TCP connection without a word; unsent messages are lost. [`Closed`] says 1006
    /// and comes from the socket's task.
    ///
    /// [`Closed`]: super::SocketEvent::Closed
    pub fn abort(&self) {
        self.shared.abort();
    }

    /// Stops reading, for an owner who can't keep up: the peer is held back by TCP's flow control
    /// once the system's buffers are full, and its pings and its close frame wait as well. What
    /// was read already is still told.
    pub fn pause(&self) {
        self.shared.pause();
    }

    /// Reads on after [`pause`](Self::pause).
    pub fn resume(&self) {
        self.shared.resume();
    }

    /// Payload bytes of the messages that are not wholly handed to the kernel. Never shrinks
    /// again by what was sent after closing began (WHATWG websockets, `bufferedAmount`).
    pub fn buffered_amount(&self) -> u64 {
        self.shared.buffered()
    }

    /// Waits until no more than `bytes` are left of [`buffered_amount`](Self::buffered_amount), or
    /// the socket is gone. One waits at a time: who began earlier is forgotten.
    pub async fn drained_to(&self, bytes: u64) {
        poll_fn(|cx| {
            if self.shared.is_finished() || self.buffered_amount() <= bytes {
                return Poll::Ready(());
            }
            self.shared.wake_when_drained(cx.waker());
            Poll::Pending
        })
        .await;
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket")
            .field("buffered_amount", &self.buffered_amount())
            .finish_non_exhaustive()
    }
}

/// RFC 6455 §5.5.
const MAX_CONTROL_BYTES: usize = 125;
