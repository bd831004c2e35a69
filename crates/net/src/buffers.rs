//! What all sockets of one worker thread share, so that an idle socket owns no buffer.

use std::cell::RefCell;
use std::fmt;

use sockeye_ws::Context;

use crate::websocket::{Flusher, Outbox};

/// The buffers of one worker thread: lent to whichever socket is at work, in one turn.
#[derive(Default)]
pub struct WorkerBuffers {
    /// Empty while a socket reads into it, and before the first one does.
    read: RefCell<Vec<u8>>,
    /// None while a socket uses it, and before the first one does.
    codec: RefCell<Codec>,
    /// Emptied queues that wait for a socket with something to send.
    #[expect(clippy::vec_box, reason = "the box is what moves to a socket and back")]
    outboxes: RefCell<Vec<Box<Outbox>>>,
    pub(crate) flusher: Flusher,
}

/// What a codec needs for the time of a call.
#[derive(Default)]
enum Codec {
    #[default]
    Unmade,
    Here(Box<Context>),
    Lent,
}

impl WorkerBuffers {
    /// No buffers yet; they are made when first needed.
    pub fn new() -> Self {
        Self::default()
    }

    /// The read buffer; give it back with [`return_read`](Self::return_read).
    pub(crate) fn take_read(&self) -> Vec<u8> {
        let buffer = self.read.take();
        if buffer.is_empty() { vec![0; READ_BUFFER_BYTES] } else { buffer }
    }

    pub(crate) fn return_read(&self, buffer: Vec<u8>) {
        self.read.replace(buffer);
    }

    /// The codec's context; `None` if it is lent, as it is while events are handled. Give it back
    /// with [`return_codec`](Self::return_codec).
    pub(crate) fn take_codec(&self) -> Option<Box<Context>> {
        match self.codec.replace(Codec::Lent) {
            Codec::Unmade => Some(Box::default()),
            Codec::Here(context) => Some(context),
            Codec::Lent => None,
        }
    }

    pub(crate) fn return_codec(&self, context: Box<Context>) {
        self.codec.replace(Codec::Here(context));
    }

    /// An empty queue for output.
    pub(crate) fn take_outbox(&self) -> Box<Outbox> {
        self.outboxes.borrow_mut().pop().unwrap_or_default()
    }

    /// Keeps a drained queue for the next socket, unless it has grown large or there are many.
    pub(crate) fn return_outbox(&self, mut outbox: Box<Outbox>) {
        let mut outboxes = self.outboxes.borrow_mut();
        if outbox.capacity_bytes() <= OUTBOX_MAX_BYTES && outboxes.len() < OUTBOX_MAX_COUNT {
            outbox.clear();
            outboxes.push(outbox);
        }
    }
}

impl fmt::Debug for WorkerBuffers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkerBuffers").finish_non_exhaustive()
    }
}

/// Holds several thousand small messages or a few TLS records; one per thread, so it can be large.
const READ_BUFFER_BYTES: usize = 64 * 1024;
const OUTBOX_MAX_BYTES: usize = 64 * 1024;
const OUTBOX_MAX_COUNT: usize = 64;
