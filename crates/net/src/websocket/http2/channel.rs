//! One stream of an HTTP/2 connection as a stream of bytes, both ways under flow control.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::{Buf as _, Bytes};
use h2::{Reason, RecvStream, SendStream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::error::into_io;
use super::link::Seat;

/// The stream of one socket. Closing is END_STREAM, dropping it before both sides have closed is
/// RST_STREAM with CANCEL (RFC 8441 §5).
pub(crate) struct Channel {
    send: SendStream<Bytes>,
    receive: RecvStream,
    /// What was received and not yet read.
    unread: Bytes,
    under_way: Arc<UnderWay>,
    sent_end: bool,
    received_end: bool,
    /// The stream's place on its connection.
    _seat: Seat,
}

impl Channel {
    pub(super) fn new(send: SendStream<Bytes>, receive: RecvStream, seat: Seat) -> Self {
        Self {
            send,
            receive,
            unread: Bytes::new(),
            under_way: Arc::default(),
            sent_end: false,
            received_end: false,
            _seat: seat,
        }
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let chunk = Chunk { bytes: bytes.into(), under_way: Arc::clone(&self.under_way) };
        self.under_way.begin();
        self.send.send_data(Bytes::from_owner(chunk), false).map_err(into_io)
    }
}

impl AsyncRead for Channel {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        while this.unread.is_empty() {
            match ready!(this.receive.poll_data(cx)) {
                Some(Ok(data)) => this.unread = data,
                Some(Err(error)) => return Poll::Ready(Err(into_io(error))),
                None => {
                    this.received_end = true;
                    return Poll::Ready(Ok(()));
                }
            }
        }
        let count = this.unread.len().min(buffer.remaining());
        buffer.put_slice(&this.unread[..count]);
        this.unread.advance(count);
        // What is read makes room for more (RFC 9113 §5.2). It fails for more than was received,
        // which this is not.
        let _ = this.receive.flow_control().release_capacity(count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Channel {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        self.send.reserve_capacity(bytes.len().min(MAX_CHUNK_BYTES));
        while self.send.capacity() == 0 {
            match ready!(self.send.poll_capacity(cx)) {
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Err(into_io(error))),
                None => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            }
        }
        let count = bytes.len().min(self.send.capacity());
        self.send(&bytes[..count])?;
        Poll::Ready(Ok(count))
    }

    /// Ready when the connection has taken all that was written.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.under_way.poll_none(cx).map(Ok)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.sent_end {
            self.sent_end = true;
            self.send.send_data(Bytes::new(), true).map_err(into_io)?;
        }
        Poll::Ready(Ok(()))
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        if !self.received_end {
            self.send.send_reset(Reason::CANCEL);
        } else if !self.sent_end {
            // The peer was first; if the stream is gone, so is whom to tell.
            let _ = self.send.send_data(Bytes::new(), true);
        }
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel").field("stream", &self.send.stream_id()).finish_non_exhaustive()
    }
}

/// Bytes on their way, that tell when they have left.
struct Chunk {
    bytes: Box<[u8]>,
    under_way: Arc<UnderWay>,
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        self.under_way.end();
    }
}

/// How many chunks wait within the HTTP/2 connection. All of it happens on one thread, but what
/// [`Bytes`] owns must be fit for several.
#[derive(Debug, Default)]
struct UnderWay {
    state: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    chunks: usize,
    waker: Option<Waker>,
}

impl UnderWay {
    fn begin(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).chunks += 1;
    }

    fn end(&self) {
        let waker = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.chunks -= 1;
            if state.chunks > 0 {
                return;
            }
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn poll_none(&self, cx: &Context<'_>) -> Poll<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.chunks == 0 {
            return Poll::Ready(());
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

/// How much is copied at once; more than a stream is usually allowed.
const MAX_CHUNK_BYTES: usize = 256 * 1024;
