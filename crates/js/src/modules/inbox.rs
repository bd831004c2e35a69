//! The events of one socket that wait for its script, and how many are too many.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
};

/// A queue that knows about how much memory it takes. The oldest event has a place of its own: most
/// sockets never have two, and so no room for more.
pub(super) struct Inbox<E> {
    /// With its bytes, as the others.
    oldest: Cell<Option<(E, usize)>>,
    /// None if there is no oldest.
    others: RefCell<VecDeque<(E, usize)>>,
    bytes: Cell<usize>,
}

impl<E> Default for Inbox<E> {
    fn default() -> Self {
        Self { oldest: Cell::new(None), others: RefCell::default(), bytes: Cell::default() }
    }
}

impl<E> Inbox<E> {
    /// Adds an event that has so many bytes beside itself.
    pub(super) fn push(&self, event: E, payload_bytes: usize) {
        let bytes = size_of::<(E, usize)>() + payload_bytes;
        self.bytes.set(self.bytes.get() + bytes);
        match self.oldest.take() {
            None => self.oldest.set(Some((event, bytes))),
            oldest => {
                self.oldest.set(oldest);
                self.others.borrow_mut().push_back((event, bytes));
            }
        }
    }

    /// The oldest event.
    pub(super) fn pop(&self) -> Option<E> {
        let (event, bytes) = self.oldest.take()?;
        self.bytes.set(self.bytes.get() - bytes);
        let mut others = self.others.borrow_mut();
        if !others.is_empty() {
            self.oldest.set(others.pop_front());
        } else if others.capacity() > KEPT {
            *others = VecDeque::new();
        }
        Some(event)
    }

    pub(super) fn clear(&self) {
        self.oldest.take();
        self.others.take();
        self.bytes.set(0);
    }

    /// A script that sleeps while its peer talks must not fill the memory: now its socket should not
    /// be read.
    pub(super) fn is_full(&self) -> bool {
        self.bytes.get() > MOST
    }

    /// Now it may be read again.
    pub(super) fn has_room(&self) -> bool {
        self.bytes.get() <= MOST / 2
    }
}

/// Enough for a script that does its work, little enough for thousands of sockets.
const MOST: usize = 1 << 20;
/// For how many events an empty queue keeps room.
const KEPT: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_out_in_order_and_their_bytes_are_counted() {
        let inbox = Inbox::default();
        let mut expected = 0;
        for next in 0..100 {
            inbox.push(next, MOST / 100);
            if next % 3 == 2 {
                assert_eq!(inbox.pop(), Some(expected));
                expected += 1;
            }
        }
        assert!(!inbox.is_full(), "a third was taken out");
        assert!(!inbox.has_room(), "two thirds are left");
        for next in expected..100 {
            assert_eq!(inbox.pop(), Some(next));
        }
        assert_eq!(inbox.pop(), None);
        assert!(inbox.has_room());
        assert_eq!(inbox.bytes.get(), 0);
        assert!(inbox.others.borrow().capacity() <= KEPT);
    }
}
