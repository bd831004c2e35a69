//! Bytes on the wire: the counter of one virtual user, and the stream wrapper that feeds it.
//! It sits below TLS, so that handshakes and record headers count as k6 counts them.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How many bytes a virtual user has sent and received since somebody last asked.
#[derive(Debug, Default)]
pub struct ByteCount {
    sent: Cell<u64>,
    received: Cell<u64>,
}

impl ByteCount {
    /// A counter at zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bytes sent since the last [`take`](Self::take).
    pub fn sent(&self) -> u64 {
        self.sent.get()
    }

    /// Bytes received since the last [`take`](Self::take).
    pub fn received(&self) -> u64 {
        self.received.get()
    }

    /// Bytes sent and received since the last call, which start again at zero.
    pub fn take(&self) -> (u64, u64) {
        (self.sent.take(), self.received.take())
    }
}

/// A stream whose bytes are counted.
#[derive(Debug)]
pub struct Counted<S> {
    inner: S,
    bytes: Rc<ByteCount>,
}

impl<S> Counted<S> {
    /// Counts what goes through `inner` in `bytes`.
    pub fn new(inner: S, bytes: Rc<ByteCount>) -> Self {
        Self { inner, bytes }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.inner).poll_read(cx, buffer);
        let read = buffer.filled().len() - before;
        self.bytes.received.set(self.bytes.received.get() + read as u64);
        result
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.inner).poll_write(cx, bytes);
        if let Poll::Ready(Ok(written)) = result {
            self.bytes.sent.set(self.bytes.sent.get() + written as u64);
        }
        result
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.inner).poll_write_vectored(cx, slices);
        if let Poll::Ready(Ok(written)) = result {
            self.bytes.sent.set(self.bytes.sent.get() + written as u64);
        }
        result
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
