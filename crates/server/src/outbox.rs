//! Bytes that wait to be written to a peer. Owns no memory while there are none.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::AsyncWrite;

/// What one socket has still to write.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    bytes: Vec<u8>,
    /// How many of them are written.
    written: usize,
}

impl Outbox {
    /// Where to append what is to be written.
    pub(crate) fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// How many bytes wait to be written.
    pub(crate) fn unwritten(&self) -> usize {
        self.bytes.len() - self.written
    }

    /// Whether all is written and flushed.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Writes and flushes all that waits.
    ///
    /// # Errors
    /// The stream's.
    pub(crate) fn poll_flush<S: AsyncWrite + Unpin>(
        &mut self,
        stream: &mut S,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        if self.is_empty() {
            return Poll::Ready(Ok(()));
        }
        while self.unwritten() > 0 {
            let waiting = &self.bytes[self.written..];
            let count = ready!(Pin::new(&mut *stream).poll_write(cx, waiting))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += count;
        }
        // TLS may still hold records of its own.
        ready!(Pin::new(stream).poll_flush(cx))?;
        *self = Self::default();
        Poll::Ready(Ok(()))
    }
}
