//! Bytes that wait to be written, and which messages they belong to.

use std::collections::VecDeque;

/// A socket's queue of encoded frames. A socket has one only while something is queued.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    /// Encoded frames; the first `written` bytes are with the kernel or with TLS.
    bytes: Vec<u8>,
    written: usize,
    /// Bytes taken out of `bytes` at the front since the outbox was empty.
    dropped: u64,
    /// Messages that are not wholly with the kernel, in order.
    messages: VecDeque<Queued>,
}

#[derive(Debug)]
struct Queued {
    /// Where its last frame ends, counted from when the outbox was empty.
    end: u64,
    payload_bytes: u64,
}

impl Outbox {
    /// For the codec to append frames to.
    pub(super) fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Says that the frames appended last are a message with so much payload.
    pub(super) fn mark_message(&mut self, payload_bytes: u64) {
        let end = self.dropped + self.bytes.len() as u64;
        self.messages.push_back(Queued { end, payload_bytes });
    }

    /// What is left to write.
    pub(super) fn unwritten(&self) -> &[u8] {
        &self.bytes[self.written..]
    }

    /// Says that so many bytes of [`unwritten`](Self::unwritten) were written.
    pub(super) fn advance(&mut self, written: usize) {
        self.written += written;
    }

    /// Forgets the messages that are wholly written; gives the sum of their payloads.
    pub(super) fn release(&mut self) -> u64 {
        let position = self.dropped + self.written as u64;
        let mut released = 0;
        while let Some(message) = self.messages.front()
            && message.end <= position
        {
            released += message.payload_bytes;
            self.messages.pop_front();
        }
        // A queue that never runs empty must not keep all that it ever held; moving the rest pays
        // only when it is the smaller part.
        if self.written > COMPACT_BYTES && self.written > self.bytes.len() / 2 {
            self.bytes.drain(..self.written);
            self.dropped += self.written as u64;
            self.written = 0;
        }
        released
    }

    pub(crate) fn capacity_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.messages.clear();
        self.written = 0;
        self.dropped = 0;
    }
}

const COMPACT_BYTES: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::{COMPACT_BYTES, Outbox};

    fn push(outbox: &mut Outbox, bytes: usize, payload_bytes: u64) {
        let len = outbox.bytes_mut().len();
        outbox.bytes_mut().resize(len + bytes, 7);
        outbox.mark_message(payload_bytes);
    }

    #[test]
    fn messages_are_released_when_wholly_written() {
        let mut outbox = Outbox::default();
        push(&mut outbox, 10, 4);
        push(&mut outbox, 20, 14);
        outbox.advance(9);
        assert_eq!(outbox.release(), 0);
        outbox.advance(1);
        assert_eq!(outbox.release(), 4);
        outbox.advance(20);
        assert_eq!(outbox.release(), 14);
        assert!(outbox.unwritten().is_empty());
    }

    #[test]
    fn a_queue_that_never_empties_stays_small() {
        let mut outbox = Outbox::default();
        push(&mut outbox, 1000, 1);
        let mut released = 0;
        for _ in 0..10 {
            push(&mut outbox, COMPACT_BYTES, 2);
            outbox.advance(COMPACT_BYTES);
            released += outbox.release();
        }
        assert_eq!(released, 1 + 9 * 2);
        assert_eq!(outbox.unwritten().len(), 1000);
        assert!(outbox.capacity_bytes() < 4 * COMPACT_BYTES);
    }
}
