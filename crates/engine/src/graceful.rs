//! Deadlines: until when iterations start, and until when those that run may finish.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// The two tokens that end iterations. Interrupting implies stopping.
#[derive(Clone, Debug)]
pub(crate) struct Stops {
    /// No new iteration starts.
    pub(crate) stop: CancellationToken,
    /// The one that runs is interrupted.
    pub(crate) interrupt: CancellationToken,
}

impl Stops {
    /// Tokens of their own, cancelled as well when `parent` is.
    pub(crate) fn below(parent: &CancellationToken) -> Self {
        let interrupt = parent.child_token();
        Self { stop: interrupt.child_token(), interrupt }
    }

    /// Tokens of one VU, which it can look at before each iteration without meeting another VU.
    pub(crate) fn of_one_vu(&self) -> Self {
        Self { stop: self.stop.child_token(), interrupt: self.interrupt.child_token() }
    }
}

/// When each of them is cancelled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    pub(crate) stop: Instant,
    pub(crate) interrupt: Instant,
}

impl Deadlines {
    /// For iterations that start during `duration` and then may take `graceful` to finish.
    pub(crate) fn new(start: Instant, duration: Duration, graceful: Duration) -> Self {
        Self { stop: start + duration, interrupt: start + duration + graceful }
    }

    /// Keeps both deadlines while `work` runs, and returns what it returns.
    pub(crate) async fn keep<T>(self, stops: &Stops, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = sleep_until(self.stop) => stops.stop.cancel(),
        }
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = sleep_until(self.interrupt) => stops.interrupt.cancel(),
        }
        work.await
    }
}
