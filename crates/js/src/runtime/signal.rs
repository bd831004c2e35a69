//! Waking the one who waits, on the same thread.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    task::{Poll, Waker},
};

/// What tokio's `Notify` is, for one waiter of the same thread: it takes no locks, and each event of a
/// socket sets one.
#[derive(Default)]
pub(crate) struct Signal {
    is_set: Cell<bool>,
    waiter: RefCell<Option<Waker>>,
}

impl Signal {
    /// Lets the waiter go on, or whoever waits next.
    pub(crate) fn set(&self) {
        self.is_set.set(true);
        if let Some(waiter) = self.waiter.take() {
            waiter.wake();
        }
    }

    /// Waits until it is set, and resets it.
    pub(crate) async fn wait(&self) {
        poll_fn(|cx| {
            if self.is_set.take() {
                return Poll::Ready(());
            }
            *self.waiter.borrow_mut() = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

#[cfg(test)]
mod tests {
    use std::{future::Future, pin::pin, task::Context};

    use super::*;

    #[test]
    fn set_before_or_while_somebody_waits() {
        let signal = Signal::default();
        let cx = &mut Context::from_waker(Waker::noop());
        signal.set();
        signal.set();
        assert!(pin!(signal.wait()).poll(cx).is_ready());
        let mut waiting = pin!(signal.wait());
        assert!(waiting.as_mut().poll(cx).is_pending());
        signal.set();
        assert!(waiting.poll(cx).is_ready());
    }
}
