//! What may be done to a run from outside: start one that waits, stop it, abort it.

use std::sync::{Arc, OnceLock};

use tokio_util::sync::CancellationToken;

use crate::AbortReason;

/// A handle to a run, for signals, thresholds, the API and scripts. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub struct ControlHandle {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    started: CancellationToken,
    stopped: CancellationToken,
    /// Written before `stopped` is cancelled, by whoever was first.
    reason: OnceLock<StopReason>,
}

/// Why a run was told to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// From outside: a signal, the API.
    Requested,
    /// From inside.
    Aborted(AbortReason),
}

impl ControlHandle {
    /// A handle for a run that has not begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets a run that was paused from its beginning go on. Does nothing a second time.
    pub fn start(&self) {
        self.shared.started.cancel();
    }

    /// Whether [`ControlHandle::start`] was called.
    pub fn is_started(&self) -> bool {
        self.shared.started.is_cancelled()
    }

    /// Ends the run as the first signal does: iterations are interrupted at once, `teardown` still
    /// runs. Does nothing if the run was told to end before.
    pub fn stop(&self) {
        self.end(StopReason::Requested);
    }

    /// Ends the run for a reason of its own, otherwise as [`ControlHandle::stop`].
    pub fn abort(&self, reason: AbortReason) {
        self.end(StopReason::Aborted(reason));
    }

    fn end(&self, reason: StopReason) {
        let _ = self.shared.reason.set(reason);
        self.shared.stopped.cancel();
    }

    /// Why the run was told to end, if it was.
    pub fn stop_reason(&self) -> Option<&StopReason> {
        self.shared.reason.get()
    }

    /// Cancelled when the run is told to end.
    pub fn stopped(&self) -> &CancellationToken {
        &self.shared.stopped
    }

    /// Cancelled when a paused run may go on.
    pub(crate) fn started(&self) -> &CancellationToken {
        &self.shared.started
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_reason_counts() {
        let control = ControlHandle::new();
        let script = AbortReason::Script("enough".to_owned());
        assert!(!control.stopped().is_cancelled());
        control.abort(script.clone());
        control.stop();
        assert_eq!(control.stop_reason(), Some(&StopReason::Aborted(script)));
        assert!(control.stopped().is_cancelled());
    }
}
