//! VUs whose iterations are sleeps, and a run of them from options to what happened.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use sockeye_engine::{
    ControlHandle, EventReceiver, Outcome, RunConfig, RunEvent, RunStatus, Scheduler, WallClock,
    event_channel,
    options::{self, Source},
    progress::{Progress, Snapshot},
    vu::{Activation, ActivationEnd, IterationEnd, Next, VuError, VuFactory, VuHandle, VuIds},
};
use sockeye_metrics::{Registry, UnixNanos, sample_channel};
use tokio::time::{Instant, advance, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

/// A run to be made.
pub(crate) struct Test {
    pub(crate) script: Script,
    pub(crate) control: ControlHandle,
    options: Value,
}

/// What the fake script does.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) iteration: Duration,
    pub(crate) init: Duration,
    pub(crate) init_fails_at: Option<u64>,
    pub(crate) setup: Function,
    pub(crate) teardown: Function,
    /// The VU of this number ends for good when it starts its second iteration.
    pub(crate) breaks: Option<u64>,
}

#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) takes: Duration,
    pub(crate) returns: Result<(), VuError>,
}

/// A run that was made.
pub(crate) struct Ran {
    pub(crate) outcome: Outcome,
    /// In the order of their ends.
    pub(crate) iterations: Vec<Iteration>,
    pub(crate) calls: Vec<String>,
    /// Name, tags, milliseconds since the start, value.
    pub(crate) samples: Vec<(String, String, i64, f64)>,
    pub(crate) status: Arc<RunStatus>,
    pub(crate) snapshot: Snapshot,
    pub(crate) events: Vec<RunEvent>,
    pub(crate) took: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Iteration {
    pub(crate) scenario: String,
    pub(crate) vu: u64,
    pub(crate) vu_in_test: u64,
    pub(crate) number: u64,
    pub(crate) number_in_test: u64,
    /// Milliseconds since the start of the scenario.
    pub(crate) start: u128,
    pub(crate) end: u128,
    pub(crate) how: IterationEnd,
}

impl Test {
    pub(crate) fn new(options: Value) -> Self {
        let nothing = Function { takes: Duration::ZERO, returns: Ok(()) };
        Self {
            script: Script {
                iteration: Duration::from_millis(100),
                init: Duration::ZERO,
                init_fails_at: None,
                setup: nothing.clone(),
                teardown: nothing,
                breaks: None,
            },
            control: ControlHandle::new(),
            options,
        }
    }

    pub(crate) fn iteration(mut self, millis: u64) -> Self {
        self.script.iteration = Duration::from_millis(millis);
        self
    }

    pub(crate) async fn run(self) -> Ran {
        self.run_and(|_, _| async {}).await
    }

    /// Runs, and does something else at the same time.
    pub(crate) async fn run_and<W: Future<Output = ()>>(
        self,
        meanwhile: impl FnOnce(ControlHandle, Arc<Progress>) -> W,
    ) -> Ran {
        let layer = options::from_json(Source::Script, &self.options).unwrap().layer;
        let options = options::resolve(vec![(Source::Script, layer)]).unwrap().options;
        let status = Arc::new(RunStatus::new());
        // A run never starts in the nanosecond in which its status is made.
        advance(Duration::from_millis(1)).await;
        let began = Instant::now();
        let progress = Progress::new(&options, status.clone());
        let log = Arc::new(Mutex::new(Log::default()));
        let registry = Registry::new();
        let (samples, batches) = sample_channel();
        let (events, mut received) = event_channel();
        let factory = Arc::new(Fake { script: self.script, log: log.clone() });
        let run = Scheduler::run(RunConfig {
            options: Arc::new(options),
            factory: factory.clone(),
            control: self.control.clone(),
            status: status.clone(),
            progress: progress.clone(),
            events,
            samples,
            registry: registry.clone(),
            clock: WallClock::starting_at(UnixNanos(0)),
            init_concurrency: NonZeroUsize::new(2).unwrap(),
        });
        let (outcome, ()) = tokio::join!(run, meanwhile(self.control, progress.clone()));
        assert!(Arc::into_inner(factory).is_some(), "the run has let go of its factory");
        let samples = batches.try_iter().flatten().map(|sample| {
            let series = registry.series_of(sample.series);
            let tags: Vec<String> =
                series.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
            let name = series.metric.name.to_string();
            (name, tags.join(","), sample.time.0 / 1_000_000, sample.value)
        });
        let log = std::mem::take(&mut *log.lock().unwrap());
        Ran {
            outcome,
            iterations: log.iterations,
            calls: log.calls,
            samples: samples.collect(),
            status,
            snapshot: progress.snapshot(),
            events: drain(&mut received),
            took: began.elapsed(),
        }
    }
}

impl Ran {
    /// Starts and ends of the iterations of one VU, in milliseconds.
    pub(crate) fn of_vu(&self, vu: u64) -> Vec<(u128, u128)> {
        let own = self.iterations.iter().filter(|iteration| iteration.vu == vu);
        own.map(|iteration| (iteration.start, iteration.end)).collect()
    }

    pub(crate) fn count(&self, how: IterationEnd) -> usize {
        self.iterations.iter().filter(|iteration| iteration.how == how).count()
    }

    /// When iterations started, in milliseconds since their scenario did.
    pub(crate) fn starts(&self) -> Vec<u128> {
        let mut starts: Vec<u128> = self.iterations.iter().map(|one| one.start).collect();
        starts.sort_unstable();
        starts
    }

    /// The sum of a metric's samples.
    pub(crate) fn sum(&self, name: &str) -> f64 {
        self.metric(name).iter().map(|(_, value)| value).sum()
    }

    /// Milliseconds and values of a metric's samples.
    pub(crate) fn metric(&self, name: &str) -> Vec<(i64, f64)> {
        let own = self.samples.iter().filter(|sample| sample.0 == name);
        own.map(|sample| (sample.2, sample.3)).collect()
    }
}

fn drain(events: &mut EventReceiver) -> Vec<RunEvent> {
    std::iter::from_fn(|| events.try_recv().ok()).collect()
}

#[derive(Default)]
struct Log {
    iterations: Vec<Iteration>,
    calls: Vec<String>,
}

struct Fake {
    script: Script,
    log: Arc<Mutex<Log>>,
}

impl Fake {
    async fn call(
        &self,
        name: &str,
        function: &Function,
        interrupt: CancellationToken,
    ) -> Result<(), VuError> {
        self.log.lock().unwrap().calls.push(name.to_owned());
        match interrupt.run_until_cancelled(sleep(function.takes)).await {
            Some(()) => function.returns.clone(),
            None => Err(VuError::Interrupted),
        }
    }
}

impl VuFactory for Fake {
    type Vu = FakeVu;

    async fn init(&self, ids: VuIds) -> Result<FakeVu, VuError> {
        sleep(self.script.init).await;
        if self.script.init_fails_at == Some(ids.in_instance) {
            return Err(VuError::Script("Error: boo".to_owned()));
        }
        let breaks = self.script.breaks == Some(ids.in_instance);
        Ok(FakeVu { ids, iteration: self.script.iteration, breaks, log: self.log.clone() })
    }

    async fn setup(&self, interrupt: CancellationToken) -> Result<(), VuError> {
        self.call("setup", &self.script.setup, interrupt).await
    }

    async fn teardown(&self, interrupt: CancellationToken) -> Result<(), VuError> {
        self.call("teardown", &self.script.teardown, interrupt).await
    }
}

pub(crate) struct FakeVu {
    ids: VuIds,
    iteration: Duration,
    breaks: bool,
    log: Arc<Mutex<Log>>,
}

impl VuHandle for FakeVu {
    fn ids(&self) -> VuIds {
        self.ids
    }

    async fn run(&mut self, activation: Activation) -> ActivationEnd {
        let since = || activation.scenario.started.elapsed().as_millis();
        let mut count = 0;
        loop {
            if activation.stop.is_cancelled() {
                return ActivationEnd::Stopped;
            }
            if self.breaks && count == 1 {
                return ActivationEnd::Broken;
            }
            let ticket = match activation.source.next() {
                Next::Run(ticket) => ticket,
                Next::Wait(at) => {
                    activation.stop.run_until_cancelled(sleep_until(at)).await;
                    continue;
                }
                Next::Exhausted => return ActivationEnd::Exhausted,
            };
            let start = since();
            let work = activation.interrupt.run_until_cancelled(sleep(self.iteration)).await;
            let how = match work {
                Some(()) => IterationEnd::Complete,
                None => IterationEnd::Interrupted,
            };
            activation.source.finished(how);
            self.log.lock().unwrap().iterations.push(Iteration {
                scenario: activation.scenario.name.clone(),
                vu: self.ids.in_instance,
                vu_in_test: self.ids.in_test,
                number: ticket.in_instance,
                number_in_test: ticket.in_test,
                start,
                end: since(),
                how,
            });
            count += 1;
        }
    }
}
