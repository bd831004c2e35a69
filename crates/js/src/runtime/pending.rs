//! Operations that keep an iteration alive until they complete.

use std::rc::Rc;

use super::event_loop::{EventLoop, Task};

/// One operation that the script waits for: a dial, a native promise. While it exists, the
/// iteration does not end. It ends exactly once: by [`complete`](Self::complete), or by its drop,
/// which completes it with nothing, so that an iteration can't hang on a lost operation.
#[must_use]
pub(crate) struct PendingOp {
    event_loop: Option<Rc<EventLoop>>,
}

impl PendingOp {
    pub(super) fn new(event_loop: Rc<EventLoop>) -> Self {
        event_loop.begin_operation();
        Self { event_loop: Some(event_loop) }
    }

    /// Ends the operation with a task for the event loop.
    pub(crate) fn complete(mut self, task: Task) {
        if let Some(event_loop) = self.event_loop.take() {
            event_loop.push(task);
            event_loop.end_operation();
        }
    }
}

impl Drop for PendingOp {
    fn drop(&mut self) {
        if let Some(event_loop) = self.event_loop.take() {
            event_loop.end_operation();
        }
    }
}
