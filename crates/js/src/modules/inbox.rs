//! The events of one socket that wait for its script, and how many are too many.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
};

use tokio::time::Instant;

use super::socket::Event;

/// A queue that knows about how much memory it takes.
#[derive(Default)]
pub(super) struct Inbox {
    events: RefCell<VecDeque<(Instant, Event)>>,
    bytes: Cell<usize>,
}

impl Inbox {
    pub(super) fn push(&self, at: Instant, event: Event) {
        self.bytes.set(self.bytes.get() + bytes(&event));
        self.events.borrow_mut().push_back((at, event));
    }

    /// The oldest event.
    pub(super) fn pop(&self) -> Option<(Instant, Event)> {
        let (at, event) = self.events.borrow_mut().pop_front()?;
        self.bytes.set(self.bytes.get() - bytes(&event));
        Some((at, event))
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

fn bytes(event: &Event) -> usize {
    let payload = match event {
        Event::Text(text) => text.len(),
        Event::Binary(bytes) => bytes.len(),
        _ => 0,
    };
    size_of::<(Instant, Event)>() + payload
}

/// Enough for a script that does its work, little enough for thousands of sockets.
const MOST: usize = 1 << 20;
