//! The stream of what happens in a run: for progress lines, the API and logs. Numbers that change
//! all the time are not events; they are polled from [`Progress`](crate::progress::Progress).

use tokio::sync::mpsc;

use crate::vu::VuError;

/// Something happened. In a run that comes to its end they occur in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunEvent {
    /// VUs are being made.
    InitStarted {
        /// How many.
        vus: u64,
    },
    /// All VUs are made.
    InitFinished,
    /// The run waits for [`ControlHandle::start`](crate::ControlHandle::start).
    Paused,
    /// `setup` begins.
    SetupStarted,
    /// `setup` has returned.
    SetupFinished,
    /// A scenario begins.
    ScenarioStarted {
        /// Its index among the options' scenarios.
        scenario: usize,
    },
    /// A scenario has as many VUs as it may have, and drops iterations that none is free for. Told
    /// once for each scenario.
    InsufficientVus {
        /// Its index among the options' scenarios.
        scenario: usize,
        /// How many VUs it has.
        vus: u64,
    },
    /// A VU that a scenario missed could not be made. It goes on with those that it has.
    UnplannedVuFailed {
        /// Its index among the options' scenarios.
        scenario: usize,
        /// Why.
        error: VuError,
    },
    /// A scenario is over, its last iteration too.
    ScenarioFinished {
        /// Its index among the options' scenarios.
        scenario: usize,
    },
    /// The run was told to end; why is in the control handle.
    Stopping,
    /// `teardown` begins.
    TeardownStarted,
    /// `teardown` is over.
    TeardownFinished,
    /// The last event.
    Finished,
}

/// Where events go. They may be read from a task or, with `blocking_recv`, from a thread.
pub type EventSender = mpsc::UnboundedSender<RunEvent>;

/// Where events come from.
pub type EventReceiver = mpsc::UnboundedReceiver<RunEvent>;

/// A stream of events. Without a reader, they are dropped.
pub fn event_channel() -> (EventSender, EventReceiver) {
    mpsc::unbounded_channel()
}
