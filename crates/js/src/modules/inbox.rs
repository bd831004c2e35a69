//! The events of one socket that wait for its script, and how many are too many.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
};

/// A queue that knows about how much memory it takes.
pub(super) struct Inbox<E> {
    /// Each with its bytes.
    events: RefCell<VecDeque<(E, usize)>>,
    bytes: Cell<usize>,
}

impl<E> Default for Inbox<E> {
    fn default() -> Self {
        Self { events: RefCell::default(), bytes: Cell::default() }
    }
}

impl<E> Inbox<E> {
    /// Adds an event that has so many bytes beside itself.
    pub(super) fn push(&self, event: E, payload_bytes: usize) {
        let bytes = size_of::<(E, usize)>() + payload_bytes;
        self.bytes.set(self.bytes.get() + bytes);
        self.events.borrow_mut().push_back((event, bytes));
    }

    /// The oldest event.
    pub(super) fn pop(&self) -> Option<E> {
        let (event, bytes) = self.events.borrow_mut().pop_front()?;
        self.bytes.set(self.bytes.get() - bytes);
        Some(event)
    }

    pub(super) fn clear(&self) {
        self.events.borrow_mut().clear();
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
