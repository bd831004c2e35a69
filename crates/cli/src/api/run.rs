//! What the API may see and do of a run.

use std::{
    future::Future,
    sync::{Arc, Weak},
    time::Duration,
};

use sockeye_engine::{
    AbortReason, ControlHandle,
    options::Options,
    progress::Progress,
    vu::{VuError, VuFactory},
};
use sockeye_js::{JsVuFactory, SetupData};
use sockeye_metrics::{LiveView, Summary};
use tokio_util::sync::CancellationToken;

/// The run that the API speaks of.
pub(crate) struct ApiRun {
    pub(crate) control: ControlHandle,
    pub(crate) progress: Arc<Progress>,
    pub(crate) metrics: LiveView,
    pub(crate) options: Arc<Options>,
    pub(crate) setup_data: SetupData,
    /// Gone when the scenarios and `teardown` are over.
    pub(crate) factory: Weak<JsVuFactory>,
}

impl ApiRun {
    /// What was measured so far.
    pub(super) fn summary(&self) -> Summary {
        let elapsed = self.progress.snapshot().elapsed;
        self.metrics.read(|aggregator| aggregator.summary(elapsed))
    }

    /// Ends the run as an abort of the script does.
    pub(super) fn stop(&self) {
        self.control.abort(AbortReason::Api);
    }

    /// Runs `setup` once more.
    ///
    /// # Errors
    /// What went wrong, in words.
    pub(super) async fn run_setup(&self) -> Result<(), String> {
        let factory = self.factory.upgrade().ok_or(OVER)?;
        let interrupt = CancellationToken::new();
        let setup = factory.setup(interrupt.clone());
        within(self.options.setup_timeout, "setup", interrupt, setup).await
    }

    /// Runs `teardown` once more.
    ///
    /// # Errors
    /// What went wrong, in words.
    pub(super) async fn run_teardown(&self) -> Result<(), String> {
        let factory = self.factory.upgrade().ok_or(OVER)?;
        let interrupt = CancellationToken::new();
        let teardown = factory.teardown(interrupt.clone());
        within(self.options.teardown_timeout, "teardown", interrupt, teardown).await
    }
}

const OVER: &str = "the test is over";

async fn within(
    limit: Duration,
    function: &str,
    interrupt: CancellationToken,
    work: impl Future<Output = Result<(), VuError>>,
) -> Result<(), String> {
    if let Ok(result) = tokio::time::timeout(limit, work).await {
        return result.map_err(|error| error.to_string());
    }
    interrupt.cancel();
    Err(format!("{function}() execution timed out after {} seconds", limit.as_secs_f64()))
}
