//! How the program ends, as numbers.

use std::process;

/// The exit codes of k6, and what sockeye uses each for.
// k6: build pipelines branch on these numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitCode {
    /// The run ended by itself and its thresholds held.
    Ok,
    /// Thresholds were crossed.
    ThresholdsCrossed,
    /// `setup()` took longer than its time limit.
    SetupTimeout,
    /// `teardown()` took longer than its time limit.
    TeardownTimeout,
    /// The engine could not go on.
    EngineError,
    /// The options make no sense.
    InvalidConfig,
    /// A signal ended the run.
    Signal,
    /// The REST API could not start.
    ApiServer,
    /// The script threw where it must not.
    ScriptException,
    /// The script called for the end of the run.
    ScriptAborted,
    /// A fault of sockeye itself.
    Panic,
    /// The script marked the test as failed.
    MarkedAsFailed,
    /// Arguments or files are wrong.
    Usage,
}

impl ExitCode {
    /// The number that the system sees.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::ThresholdsCrossed => 99,
            Self::SetupTimeout => 100,
            Self::TeardownTimeout => 101,
            Self::EngineError => 103,
            Self::InvalidConfig => 104,
            Self::Signal => 105,
            Self::ApiServer => 106,
            Self::ScriptException => 107,
            Self::ScriptAborted => 108,
            Self::Panic => 109,
            Self::MarkedAsFailed => 110,
            Self::Usage => 255,
        }
    }
}

impl From<ExitCode> for process::ExitCode {
    fn from(code: ExitCode) -> Self {
        code.number().into()
    }
}
