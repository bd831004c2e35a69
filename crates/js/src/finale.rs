//! What of the script still runs when the run is over: `handleSummary`, on a thread of its own.

use std::{sync::Arc, time::Duration};

use sockeye_engine::vu::VuError;
use tokio::{sync::oneshot, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    vu::{process::Process, run::RunShared, summary::Summarized},
    worker::{Worker, WorkerCommand},
};

/// The way to the `handleSummary` of a run's script.
pub struct SummaryHandler {
    shared: Arc<RunShared>,
    process: Arc<Process>,
}

/// Why there is no answer of `handleSummary`.
#[derive(Debug, thiserror::Error)]
pub enum HandleSummaryError {
    /// It, or the init code before it, threw, or the script aborted the test.
    #[error(transparent)]
    Vu(#[from] VuError),
    /// It took too long.
    #[error("handleSummary() execution timed out after {} seconds", .0.as_secs_f64())]
    TimedOut(Duration),
    /// The system gave no thread.
    #[error("no thread for handleSummary(): {0}")]
    Thread(#[source] std::io::Error),
}

impl SummaryHandler {
    pub(crate) fn new(shared: Arc<RunShared>, process: Arc<Process>) -> Self {
        Self { shared, process }
    }

    /// Calls it with `data`, which is JSON, and gives it so much time. Dropping the future interrupts
    /// it.
    ///
    /// # Errors
    /// See [`HandleSummaryError`].
    pub async fn call(self, data: &str, limit: Duration) -> Result<Summarized, HandleSummaryError> {
        let worker =
            Worker::start(0, self.shared, self.process).map_err(HandleSummaryError::Thread)?;
        let interrupt = CancellationToken::new();
        let on_drop = interrupt.clone().drop_guard();
        let (reply, mut answer) = oneshot::channel();
        let gone = || VuError::Fault("a worker thread is gone; see the log above".to_owned());
        let command = WorkerCommand::HandleSummary(data.into(), interrupt.clone(), reply);
        worker.commands.send(command).map_err(|_| gone())?;
        let result = if let Ok(answer) = timeout(limit, &mut answer).await {
            answer.map_err(|_| gone())?.map_err(HandleSummaryError::Vu)
        } else {
            interrupt.cancel();
            let _ = timeout(GOODBYE, answer).await;
            Err(HandleSummaryError::TimedOut(limit))
        };
        // The thread ends by itself; one that hangs is left behind.
        drop(worker);
        drop(on_drop);
        result
    }
}

/// How long what was interrupted may take to notice.
const GOODBYE: Duration = Duration::from_secs(1);
