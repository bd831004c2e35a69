//! What all sockets of one worker thread share, so that an idle socket owns no buffer.

use std::cell::RefCell;

/// The buffers of one worker thread: lent to whichever socket is at work, in one turn.
#[derive(Debug, Default)]
pub struct WorkerBuffers {
    /// Empty while a socket reads into it, and before the first one does.
    read: RefCell<Vec<u8>>,
    /// Emptied buffers that wait for a socket with something to send.
    spare: RefCell<Vec<Vec<u8>>>,
}

impl WorkerBuffers {
    /// No buffers yet; they are made when first needed.
    pub fn new() -> Self {
        Self::default()
    }

    /// The read buffer, [`READ_BUFFER_BYTES`] long; give it back with
    /// [`return_read`](Self::return_read).
    pub(crate) fn take_read(&self) -> Vec<u8> {
        let buffer = self.read.take();
        if buffer.is_empty() { vec![0; READ_BUFFER_BYTES] } else { buffer }
    }

    pub(crate) fn return_read(&self, buffer: Vec<u8>) {
        self.read.replace(buffer);
    }

    /// An empty buffer to queue output in.
    pub(crate) fn take_spare(&self) -> Vec<u8> {
        self.spare.borrow_mut().pop().unwrap_or_default()
    }

    /// Keeps a drained buffer for the next socket, unless it has grown large or there are many.
    pub(crate) fn return_spare(&self, mut buffer: Vec<u8>) {
        let mut spare = self.spare.borrow_mut();
        if buffer.capacity() <= SPARE_MAX_BYTES && spare.len() < SPARE_MAX_COUNT {
            buffer.clear();
            spare.push(buffer);
        }
    }
}

/// Holds several thousand small messages or a few TLS records; one per thread, so it can be large.
const READ_BUFFER_BYTES: usize = 64 * 1024;
const SPARE_MAX_BYTES: usize = 64 * 1024;
const SPARE_MAX_COUNT: usize = 64;
