//! The pings of one socket whose pongs are awaited, for both socket modules.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use tokio::time::Instant;

/// Pings by their payload. k6: a counter, from 1.
#[derive(Default)]
pub(super) struct Pings {
    awaited: RefCell<BTreeMap<u64, Instant>>,
    last: Cell<u64>,
}

impl Pings {
    /// Hands the next payload to `send`, and measures from then on.
    pub(super) fn send(&self, send: impl FnOnce(&[u8])) {
        let number = self.last.get() + 1;
        send(number.to_string().as_bytes());
        self.last.set(number);
        self.awaited.borrow_mut().insert(number, Instant::now());
    }

    /// When the ping of this pong was sent; `None` for a pong that nobody awaits.
    pub(super) fn answered(&self, payload: &[u8]) -> Option<Instant> {
        let number: u64 = std::str::from_utf8(payload).ok()?.parse().ok()?;
        self.awaited.borrow_mut().remove(&number)
    }
}
