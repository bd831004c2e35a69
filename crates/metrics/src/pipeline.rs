//! The collector thread: batches to the aggregator and to the outputs, thresholds now and then.
//! The one place of this crate with a clock.

#![expect(clippy::disallowed_methods, reason = "thresholds are evaluated as time passes")]

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use crate::{
    Aggregator, Breakdown, Output, OutputError, OutputReport, Registry, RunInfo, SampleBatch,
    SampleSender, Summary, ThresholdSet, output_queue::OutputQueue, sample_channel,
};

/// What a pipeline is made of.
pub struct PipelineConfig {
    /// The metrics, those of the script among them.
    pub registry: Arc<Registry>,
    /// What is promised of them.
    pub thresholds: ThresholdSet,
    /// How finely they are kept apart.
    pub breakdown: Breakdown,
    /// Where samples go.
    pub outputs: Vec<Box<dyn Output>>,
    /// How often thresholds are evaluated.
    pub eval_interval: Duration,
    /// Called once, on the collector's thread, when a threshold that ends the run is crossed.
    pub on_breach: Box<dyn Fn(Breach) + Send>,
}

impl PipelineConfig {
    /// k6: thresholds are looked at every two seconds.
    pub const EVAL_INTERVAL: Duration = Duration::from_secs(2);
}

impl fmt::Debug for PipelineConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PipelineConfig")
            .field("thresholds", &self.thresholds)
            .field("breakdown", &self.breakdown)
            .field("eval_interval", &self.eval_interval)
            .finish_non_exhaustive()
    }
}

/// A crossed threshold that ends the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// All metrics and sub-metrics with a crossed threshold at that moment, sorted.
    pub crossed: Vec<String>,
}

/// The running collector of a run.
#[derive(Debug)]
pub struct Pipeline {
    sender: SampleSender,
    view: LiveView,
    collector: thread::JoinHandle<Vec<OutputQueue>>,
}

impl Pipeline {
    /// Starts the outputs, then the collector.
    ///
    /// # Errors
    /// [`StartPipelineError::Output`] if an output cannot start, [`StartPipelineError::Thread`] if the
    /// system gives no thread.
    pub fn start(config: PipelineConfig) -> Result<Self, StartPipelineError> {
        let PipelineConfig { registry, thresholds, breakdown, mut outputs, .. } = config;
        let run = RunInfo { registry: registry.clone(), thresholds: thresholds.clone() };
        for output in &mut outputs {
            output.start(&run).map_err(|source| StartPipelineError::Output {
                output: output.description(),
                source,
            })?;
        }
        let queues = outputs
            .into_iter()
            .map(|output| OutputQueue::start(output, registry.clone()))
            .collect::<Result<_, _>>()
            .map_err(StartPipelineError::Thread)?;
        let (sender, batches) = sample_channel();
        let view = LiveView {
            shared: Arc::new(Shared {
                aggregator: Mutex::new(Aggregator::new(registry, thresholds, breakdown)),
                origin: Mutex::new(Instant::now()),
            }),
        };
        let collector = Collector {
            batches,
            view: view.clone(),
            queues,
            eval_interval: config.eval_interval,
            on_breach: Some(config.on_breach),
        };
        let collector = thread::Builder::new()
            .name("collector".to_owned())
            .spawn(|| collector.run())
            .map_err(StartPipelineError::Thread)?;
        Ok(Self { sender, view, collector })
    }

    /// Where workers send their samples.
    pub fn sender(&self) -> SampleSender {
        self.sender.clone()
    }

    /// A way to look at current values.
    pub fn view(&self) -> LiveView {
        self.view.clone()
    }

    /// Says that the scenarios begin now: rates and `delayAbortEval` count from here. Until it is
    /// called, they count from the start of the pipeline.
    pub fn run_started(&self) {
        *lock(&self.view.shared.origin) = Instant::now();
    }

    /// Takes in what was sent until now, lets the outputs finish, and sums up. Waits for the
    /// outputs, also for a slow one to write what is queued. Samples sent later are dropped.
    pub fn finish(self, run_duration: Duration) -> Summary {
        let (mut summary, outputs) = self.end(run_duration);
        summary.outputs = outputs.finish(&summary);
        summary
    }

    /// The same in two steps, for who will not wait for every output: the summary says nothing of
    /// outputs yet.
    pub fn end(self, run_duration: Duration) -> (Summary, UnfinishedOutputs) {
        self.sender.send_end();
        let queues = self.collector.join().unwrap_or_default();
        let summary = self.view.read(|aggregator| aggregator.summary(run_duration));
        (summary, UnfinishedOutputs { queues })
    }
}

/// The outputs of a pipeline that has ended.
#[derive(Debug)]
pub struct UnfinishedOutputs {
    queues: Vec<OutputQueue>,
}

impl UnfinishedOutputs {
    /// Their descriptions.
    pub fn descriptions(&self) -> Vec<String> {
        self.queues.iter().map(|queue| queue.description().to_owned()).collect()
    }

    /// Lets them finish, and waits until all have; one that is stuck is waited for without end.
    pub fn finish(self, summary: &Summary) -> Vec<OutputReport> {
        let summary = Arc::new(summary.clone());
        for queue in &self.queues {
            queue.finish(&summary);
        }
        self.queues.into_iter().map(OutputQueue::join).collect()
    }
}

/// A read-only look at a run's metrics. Clones look at the same run, from any thread.
#[derive(Clone, Debug)]
pub struct LiveView {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Locked by the collector for each batch, so readers should be brief.
    aggregator: Mutex<Aggregator>,
    /// When the scenarios began.
    origin: Mutex<Instant>,
}

impl LiveView {
    /// Lends the aggregator. The collector waits meanwhile; the load does not.
    pub fn read<T>(&self, look: impl FnOnce(&Aggregator) -> T) -> T {
        look(&lock(&self.shared.aggregator))
    }

    /// How long the scenarios have been running.
    pub fn elapsed(&self) -> Duration {
        lock(&self.shared.origin).elapsed()
    }
}

/// Why a pipeline did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartPipelineError {
    /// An output refused.
    #[error("failed to start the output `{output}`")]
    Output {
        /// Its description.
        output: String,
        /// Why.
        source: OutputError,
    },
    /// The system gave no thread.
    #[error("failed to start a thread for metrics")]
    Thread(#[source] std::io::Error),
}

struct Collector {
    batches: mpsc::Receiver<SampleBatch>,
    view: LiveView,
    queues: Vec<OutputQueue>,
    eval_interval: Duration,
    /// `None` once it was called.
    on_breach: Option<Box<dyn Fn(Breach) + Send>>,
}

impl Collector {
    fn run(mut self) -> Vec<OutputQueue> {
        let mut next_evaluation = Instant::now() + self.eval_interval;
        loop {
            let wait = next_evaluation.saturating_duration_since(Instant::now());
            match self.batches.recv_timeout(wait) {
                Ok(batch) if batch.is_empty() => break,
                Ok(batch) => self.take(batch),
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
            if Instant::now() >= next_evaluation {
                self.evaluate();
                next_evaluation = Instant::now() + self.eval_interval;
            }
        }
        while let Ok(batch) = self.batches.try_recv() {
            self.take(batch);
        }
        self.queues
    }

    fn take(&mut self, batch: SampleBatch) {
        lock(&self.view.shared.aggregator).add(&batch);
        if !self.queues.is_empty() {
            let batch = Arc::new(batch);
            for queue in &mut self.queues {
                queue.offer(&batch);
            }
        }
    }

    fn evaluate(&mut self) {
        if self.on_breach.is_none() {
            return;
        }
        let elapsed = self.view.elapsed();
        let evaluation = self.view.read(|aggregator| aggregator.evaluate(elapsed));
        if evaluation.abort
            && let Some(on_breach) = self.on_breach.take()
        {
            on_breach(Breach { crossed: evaluation.crossed });
        }
    }
}

/// What a panicking reader left is whole: nothing is changed under a lock but by adding samples.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
