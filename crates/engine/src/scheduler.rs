//! The run: init VUs → setup → scenarios → teardown. Meant for a current-thread runtime: it does
//! nothing per iteration, and what it does must not wait behind VUs.

use std::{collections::BTreeMap, num::NonZeroUsize, sync::Arc, time::Duration};

use sockeye_metrics::{Registry, SampleSender};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    AbortReason, ControlHandle, EventSender, Outcome, RunEnd, RunError, RunEvent, RunStatus,
    StopReason,
    executor::{self, Running},
    gauges::{Gauges, WallClock},
    options::Options,
    pool::VuPool,
    progress::{Phase, Progress},
    segment::Stripe,
    unplanned::UnplannedVus,
    vu::{ScenarioRun, VuError, VuFactory, VuIds},
};

/// All that a run needs.
pub struct RunConfig<F> {
    /// What to run.
    pub options: Arc<Options>,
    /// Makes the VUs.
    pub factory: Arc<F>,
    /// By which the run is stopped.
    pub control: ControlHandle,
    /// The run's counters.
    pub status: Arc<RunStatus>,
    /// Made for these options and this status.
    pub progress: Arc<Progress>,
    /// Where events go.
    pub events: EventSender,
    /// Where the engine's own samples go.
    pub samples: SampleSender,
    /// The run's metrics.
    pub registry: Arc<Registry>,
    /// The time of those samples.
    pub clock: WallClock,
    /// How many VUs are made at once: two for each worker thread keep them busy.
    pub init_concurrency: NonZeroUsize,
}

/// Runs tests.
pub struct Scheduler<F: VuFactory> {
    config: RunConfig<F>,
    gauges: Gauges,
}

impl<F: VuFactory> Scheduler<F> {
    /// Runs a test to its end. Dropping the future drops the VUs without `teardown`; to end a run
    /// early, use its [`ControlHandle`].
    pub async fn run(config: RunConfig<F>) -> Outcome {
        let gauges = Gauges::new(
            &config.options,
            config.samples.clone(),
            config.registry.clone(),
            config.clock,
        );
        let events = config.events.clone();
        let progress = config.progress.clone();
        let control = config.control.clone();
        let mut run = std::pin::pin!(Self { config, gauges }.run_phases());
        let outcome = tokio::select! {
            biased;
            () = control.stopped().cancelled() => {
                let _ = events.send(RunEvent::Stopping);
                run.await
            }
            outcome = &mut run => outcome,
        };
        progress.enter(Phase::Finished);
        let _ = events.send(RunEvent::Finished);
        outcome
    }

    async fn run_phases(self) -> Outcome {
        let before_scenarios =
            |end| Outcome { end, teardown_error: None, duration: Duration::ZERO };
        let vus = match self.init().await {
            Ok(vus) => Arc::new(VuPool::new(vus)),
            Err(end) => return before_scenarios(end),
        };
        let options = self.config.options.clone();
        let unplanned = Arc::new(UnplannedVus::new(
            self.config.progress.plan(),
            self.config.factory.clone(),
            move |number| vu_ids(&options.segment, number),
            self.config.status.clone(),
            vus.clone(),
        ));
        if self.config.options.paused {
            self.wait_for_start().await;
        }
        let load = async {
            self.setup().await?;
            Ok(self.scenarios(&vus, &unplanned).await)
        };
        let duration = match self.gauges.sample_while(&self.config.status, load).await {
            Ok(duration) => duration,
            Err(end) => return before_scenarios(end),
        };
        let teardown = self.teardown().await;
        match (self.told_to_end(), teardown) {
            (Some(end), teardown) => Outcome { end, teardown_error: teardown.err(), duration },
            (None, Ok(())) => Outcome { end: RunEnd::Finished, teardown_error: None, duration },
            (None, Err(error)) => Outcome { end: end_of(error), teardown_error: None, duration },
        }
    }

    /// Makes the VUs, several at once, and returns them by their numbers.
    async fn init(&self) -> Result<Vec<F::Vu>, RunEnd> {
        let config = &self.config;
        let wanted = config.progress.plan().planned_vus();
        config.progress.enter(Phase::Init);
        self.tell(RunEvent::InitStarted { vus: wanted });
        let segment = &config.options.segment;
        let mut numbers = (1..=wanted).map(|number| vu_ids(segment, number));
        let mut vus = BTreeMap::new();
        let mut tasks = JoinSet::new();
        let all = async {
            loop {
                while tasks.len() < config.init_concurrency.get() {
                    let Some(ids) = numbers.next() else { break };
                    let factory = config.factory.clone();
                    tasks.spawn(async move { (ids, factory.init(ids).await) });
                }
                match tasks.join_next().await {
                    Some(Ok((ids, Ok(vu)))) => {
                        vus.insert(ids, vu);
                        config.status.vu_initialised();
                    }
                    Some(Ok((vu, Err(error)))) => {
                        return Err(RunEnd::Failed(RunError::Init { vu, error }));
                    }
                    Some(Err(error)) => {
                        return Err(RunEnd::Aborted(AbortReason::of_task(&error)));
                    }
                    None => return Ok(()),
                }
            }
        };
        let made = config.control.stopped().run_until_cancelled(all).await;
        // After an error, until nothing holds the factory any more.
        tasks.shutdown().await;
        made.unwrap_or_else(|| Err(self.told_to_end().unwrap_or(RunEnd::Stopped)))?;
        self.tell(RunEvent::InitFinished);
        Ok(vus.into_values().collect())
    }

    async fn wait_for_start(&self) {
        let control = &self.config.control;
        self.config.progress.enter(Phase::Paused);
        self.tell(RunEvent::Paused);
        control.stopped().run_until_cancelled(control.started().cancelled()).await;
    }

    async fn setup(&self) -> Result<(), RunEnd> {
        let config = &self.config;
        if let Some(end) = self.told_to_end() {
            return Err(end);
        }
        if config.options.no_setup {
            return Ok(());
        }
        config.progress.enter(Phase::Setup);
        self.tell(RunEvent::SetupStarted);
        let interrupt = config.control.stopped().child_token();
        let setup = config.factory.setup(interrupt.clone());
        let result = within(config.options.setup_timeout, &interrupt, setup).await;
        self.tell(RunEvent::SetupFinished);
        if let Some(end) = self.told_to_end() {
            return Err(end);
        }
        match result {
            Ok(()) => Ok(()),
            Err(Some(error)) => Err(end_of(RunError::Setup(error))),
            Err(None) => Err(RunEnd::Failed(RunError::SetupTimeout(config.options.setup_timeout))),
        }
    }

    /// Runs all scenarios to their ends and returns how long that took.
    async fn scenarios(
        &self,
        pool: &Arc<VuPool<F::Vu>>,
        unplanned: &Arc<UnplannedVus<F::Vu>>,
    ) -> Duration {
        let config = &self.config;
        config.progress.enter(Phase::Scenarios);
        let started = config.progress.scenarios_started();
        let mut tasks = JoinSet::new();
        for (index, scenario) in config.options.scenarios.iter().enumerate() {
            if scenario.has_work() {
                tasks.spawn(self.scenario(index, started, pool.clone(), unplanned.clone()));
            }
        }
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                config.control.abort(AbortReason::of_task(&error));
            }
        }
        config.progress.scenarios_ended()
    }

    /// One scenario, from the wait for its start time to its last iteration.
    fn scenario(
        &self,
        index: usize,
        run_started: Instant,
        pool: Arc<VuPool<F::Vu>>,
        unplanned: Arc<UnplannedVus<F::Vu>>,
    ) -> impl Future<Output = ()> + Send + use<F> {
        let scenario = self.config.options.scenarios[index].clone();
        let counters = self.config.progress.scenario(index).clone();
        let control = self.config.control.clone();
        let events = self.config.events.clone();
        let gauges = self.gauges.clone();
        async move {
            let start = run_started + scenario.start_time;
            if control.stopped().run_until_cancelled(sleep_until(start)).await.is_none() {
                counters.interrupt();
                return;
            }
            counters.start(start);
            let _ = events.send(RunEvent::ScenarioStarted { scenario: index });
            let run = Arc::new(ScenarioRun {
                name: scenario.name.clone(),
                executor: scenario.executor.kind().as_str(),
                exec: scenario.exec.clone(),
                env: scenario.env.clone(),
                tags: scenario.tags.clone(),
                started: start,
                progress: counters.clone(),
            });
            executor::run(Arc::new(Running {
                scenario,
                run,
                started: start,
                pool,
                counters: counters.clone(),
                control: control.clone(),
                gauges,
                index,
                events: events.clone(),
                unplanned,
            }))
            .await;
            if control.stopped().is_cancelled() {
                counters.interrupt();
            }
            counters.end();
            let _ = events.send(RunEvent::ScenarioFinished { scenario: index });
        }
    }

    /// k6: not interrupted by what ended the scenarios, nor by a signal that comes now.
    async fn teardown(&self) -> Result<(), RunError> {
        let config = &self.config;
        if config.options.no_teardown {
            return Ok(());
        }
        config.progress.enter(Phase::Teardown);
        self.tell(RunEvent::TeardownStarted);
        let interrupt = CancellationToken::new();
        let teardown = config.factory.teardown(interrupt.clone());
        let result = within(config.options.teardown_timeout, &interrupt, teardown).await;
        self.tell(RunEvent::TeardownFinished);
        result.map_err(|error| match error {
            Some(error) => RunError::Teardown(error),
            None => RunError::TeardownTimeout(config.options.teardown_timeout),
        })
    }

    /// How the run ends if it was told to.
    fn told_to_end(&self) -> Option<RunEnd> {
        self.config.control.stop_reason().map(|reason| match reason {
            StopReason::Requested => RunEnd::Stopped,
            StopReason::Aborted(reason) => RunEnd::Aborted(reason.clone()),
        })
    }

    fn tell(&self, event: RunEvent) {
        let _ = self.config.events.send(event);
    }
}

/// The numbers of this process's VU `number`, from 1.
fn vu_ids(segment: &Stripe, number: u64) -> VuIds {
    let in_test = segment.position(number.saturating_sub(1)).saturating_add(1);
    VuIds { in_instance: number, in_test }
}

/// What `work` returns, or `None` for the error if it had to be interrupted.
async fn within(
    limit: Duration,
    interrupt: &CancellationToken,
    work: impl Future<Output = Result<(), VuError>>,
) -> Result<(), Option<VuError>> {
    let mut work = std::pin::pin!(work);
    if let Ok(result) = timeout(limit, &mut work).await {
        return result.map_err(Some);
    }
    interrupt.cancel();
    let _ = work.await;
    Err(None)
}

/// A script may abort the test in `setup` and `teardown` too, which is no failure of theirs.
fn end_of(error: RunError) -> RunEnd {
    match error {
        RunError::Setup(VuError::Aborted(text)) | RunError::Teardown(VuError::Aborted(text)) => {
            RunEnd::Aborted(AbortReason::Script(text))
        }
        error => RunEnd::Failed(error),
    }
}
