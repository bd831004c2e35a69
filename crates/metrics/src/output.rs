//! What an output is told, and when.

use std::{
    error::Error,
    fmt::{self, Write},
    sync::Arc,
};

use crate::{Registry, SampleBatch, Summary, ThresholdSet};

/// Somewhere that results go while the run is on. Each output lives on a thread of its own; what
/// it cannot take in time is dropped and counted, so a slow one never slows the load.
pub trait Output: Send {
    /// What the header of a run shows, such as `json (out.json)`.
    fn description(&self) -> String;

    /// Called once before the first sample, on the thread that starts the pipeline.
    ///
    /// # Errors
    /// An [`OutputError`] keeps the run from starting.
    fn start(&mut self, run: &RunInfo) -> Result<(), OutputError>;

    /// Called with samples in the order in which batches arrive.
    ///
    /// # Errors
    /// After an [`OutputError`] the output is not called again; the run goes on.
    fn samples(&mut self, samples: &SampleBatch, registry: &Registry) -> Result<(), OutputError>;

    /// Called once after the last sample.
    ///
    /// # Errors
    /// An [`OutputError`] is reported with the summary.
    fn finish(&mut self, summary: &Summary) -> Result<(), OutputError>;
}

/// What an output may know of a run before it begins.
#[derive(Clone, Debug)]
pub struct RunInfo {
    /// The metrics; those that scripts make are in it by now.
    pub registry: Arc<Registry>,
    /// The thresholds, and with them the sub-metrics.
    pub thresholds: ThresholdSet,
}

/// Why an output failed.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct OutputError {
    /// A fragment that says what could not be done, such as ``write `out.json` ``.
    pub message: String,
    /// What kept it from being done.
    #[source]
    pub source: Option<Arc<dyn Error + Send + Sync>>,
}

impl OutputError {
    /// An error caused by another.
    pub fn new(message: impl fmt::Display, source: impl Error + Send + Sync + 'static) -> Self {
        Self { message: message.to_string(), source: Some(Arc::new(source)) }
    }

    /// The message with the chain of its causes.
    pub fn with_causes(&self) -> String {
        let mut text = self.message.clone();
        let mut cause = Error::source(self);
        while let Some(error) = cause {
            let _ = write!(text, ": {error}");
            cause = error.source();
        }
        text
    }
}

/// How an output fared.
#[derive(Clone, Debug)]
pub struct OutputReport {
    /// The output's description.
    pub output: String,
    /// Samples that it never saw, because its queue was full or it had failed.
    pub dropped_samples: u64,
    /// Why it failed, if it did, with the cause.
    pub error: Option<String>,
}
