//! How a run ends, and what may go wrong in it.

use std::time::Duration;

use crate::vu::{VuError, VuIds};

/// A run that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Why it ended.
    pub end: RunEnd,
    /// What went wrong in `teardown`, where that is not why it ended.
    pub teardown_error: Option<RunError>,
    /// From the start of the first scenario to the end of the last; zero if none was started.
    pub duration: Duration,
}

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// All was done.
    Finished,
    /// It was stopped from outside.
    Stopped,
    /// It was aborted: by the script, in `setup` and `teardown` too, by thresholds, by a fault.
    Aborted(AbortReason),
    /// It could not go on. `Init` holds [`VuError::Aborted`] if init code called
    /// `exec.test.abort()`.
    Failed(RunError),
}

/// Why a run aborts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AbortReason {
    /// The script called `exec.test.abort()`, with this text.
    #[error("test aborted: {0}")]
    Script(String),
    /// Thresholds with `abortOnFail` on these metrics were crossed.
    #[error(
        "thresholds on metrics '{}' were crossed; at least one has abortOnFail enabled, stopping test prematurely",
        .0.join(", ")
    )]
    Thresholds(Vec<String>),
    /// The REST API was told to stop it.
    #[error("test run stopped from REST API")]
    Api,
    /// The machine or sockeye itself failed.
    #[error("{0}")]
    Fault(String),
}

impl AbortReason {
    /// For a task of the engine that panicked.
    pub(crate) fn of_task(error: &tokio::task::JoinError) -> Self {
        Self::Fault(format!("a task of the scheduler failed: {error}"))
    }
}

/// What keeps a run from going on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// A VU could not be made.
    #[error("{error}")]
    Init {
        /// Which one.
        vu: VuIds,
        /// Why.
        #[source]
        error: VuError,
    },
    /// `setup` failed.
    #[error("{0}")]
    Setup(#[source] VuError),
    /// `setup` took too long.
    #[error("setup() execution timed out after {} seconds", .0.as_secs_f64())]
    SetupTimeout(Duration),
    /// `teardown` failed.
    #[error("{0}")]
    Teardown(#[source] VuError),
    /// `teardown` took too long.
    #[error("teardown() execution timed out after {} seconds", .0.as_secs_f64())]
    TeardownTimeout(Duration),
}
