//! Numbers for a progress line, read at any time from any thread. No text.

use std::{
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    Plan, RunStatus, Scenario,
    executor::{ExecutorConfig, ExecutorKind},
    options::Options,
    segment::Stripe,
    vu::{IterationEnd, IterationTicket, ScenarioProgress},
};

/// Where a run is. Shared by the scheduler, which writes, and everyone who looks.
#[derive(Debug)]
pub struct Progress {
    plan: Plan,
    status: Arc<RunStatus>,
    phase: Mutex<Phase>,
    /// When the last scenario ended.
    scenarios_ended: OnceLock<Instant>,
    scenarios: Vec<Arc<ScenarioCounters>>,
}

/// The part of a run that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// VUs are being made.
    Init,
    /// The run waits to be started.
    Paused,
    /// `setup` runs.
    Setup,
    /// Scenarios run.
    Scenarios,
    /// `teardown` runs.
    Teardown,
    /// It is over.
    Finished,
}

/// A run at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// What goes on.
    pub phase: Phase,
    /// VUs made so far.
    pub vus_initialised: u64,
    /// VUs to make before the run.
    pub vus_planned: u64,
    /// VUs that there can be, those that are made when scenarios miss them included.
    pub vus_max: u64,
    /// VUs that run iterations now.
    pub vus_active: u64,
    /// Iterations that ran to their end.
    pub iterations_complete: u64,
    /// Iterations that were cut off.
    pub iterations_interrupted: u64,
    /// Since the start of the first scenario, until the end of the last.
    pub elapsed: Duration,
    /// The most that `elapsed` can become.
    pub max_duration: Duration,
    /// In the order of the options' scenarios.
    pub scenarios: Vec<ScenarioSnapshot>,
}

/// A scenario at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioSnapshot {
    /// Its name.
    pub name: String,
    /// Its executor.
    pub executor: ExecutorKind,
    /// Whether it waits, runs or is over.
    pub state: ScenarioState,
    /// How much of it is done, from 0 to 1.
    pub fraction: f64,
    /// VUs that run iterations of it now.
    pub vus_active: u64,
    /// The most VUs that it runs at any time.
    pub vus_max: u64,
    /// VUs that it has, where it makes them when it misses them; otherwise `vus_max`.
    pub vus_held: u64,
    /// Iterations per second that are to start now, if that is its aim.
    pub rate: Option<f64>,
    /// Since its start, at most `duration`.
    pub elapsed: Duration,
    /// How long it starts iterations, at most.
    pub duration: Duration,
    /// Iterations that ran to their end.
    pub iterations_complete: u64,
    /// How many iterations it means to run, if that is its aim.
    pub iterations_planned: Option<u64>,
}

/// Where a scenario is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioState {
    /// Its start time has not come.
    Waiting {
        /// How long it still is, where the run's clock runs already.
        starts_in: Option<Duration>,
    },
    /// It runs.
    Running,
    /// It is over, and was not told to end before.
    Finished,
    /// The run was told to end before it was over.
    Interrupted,
}

impl Progress {
    /// A run that has not begun. `status` is the run's, which counts VUs and iterations.
    pub fn new(options: &Options, status: Arc<RunStatus>) -> Arc<Self> {
        let counters = |scenario| Arc::new(ScenarioCounters::new(scenario, status.clone()));
        Arc::new(Self {
            plan: Plan::new(options),
            phase: Mutex::new(Phase::Init),
            scenarios_ended: OnceLock::new(),
            scenarios: options.scenarios.iter().map(counters).collect(),
            status,
        })
    }

    /// The run now.
    pub fn snapshot(&self) -> Snapshot {
        let status = &self.status;
        let until = self.scenarios_ended.get().copied().unwrap_or_else(Instant::now);
        let started = status.started();
        Snapshot {
            phase: self.phase(),
            vus_initialised: status.vus_initialised(),
            vus_planned: self.plan.planned_vus(),
            vus_max: self.plan.max_vus(),
            vus_active: status.vus_active(),
            iterations_complete: status.iterations_complete(),
            iterations_interrupted: status.iterations_interrupted(),
            elapsed: started.map_or(Duration::ZERO, |at| until.saturating_duration_since(at)),
            max_duration: self.plan.max_duration(),
            scenarios: self.scenarios.iter().map(|one| one.snapshot(started)).collect(),
        }
    }

    /// What goes on.
    pub fn phase(&self) -> Phase {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The plan of the run.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(crate) fn enter(&self, phase: Phase) {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = phase;
    }

    /// Starts the run's clock and returns its zero.
    pub(crate) fn scenarios_started(&self) -> Instant {
        self.status.start();
        self.status.started().unwrap_or_else(Instant::now)
    }

    /// Stops the run's clock and returns what it says.
    pub(crate) fn scenarios_ended(&self) -> Duration {
        let ended = *self.scenarios_ended.get_or_init(Instant::now);
        self.status.started().map_or(Duration::ZERO, |at| ended.saturating_duration_since(at))
    }

    pub(crate) fn scenario(&self, index: usize) -> &Arc<ScenarioCounters> {
        &self.scenarios[index]
    }
}

/// The counters of one scenario. Its VUs count on their own threads.
#[derive(Debug)]
pub(crate) struct ScenarioCounters {
    name: String,
    kind: ExecutorKind,
    start_time: Duration,
    duration: Duration,
    executor: ExecutorConfig,
    stripe: Stripe,
    vus_max: u64,
    vus_held: AtomicU64,
    planned: Option<u64>,
    status: Arc<RunStatus>,
    started: OnceLock<Instant>,
    ended: OnceLock<Instant>,
    interrupted: AtomicBool,
    active: AtomicU64,
    iterations_started: AtomicU64,
    iterations_complete: AtomicU64,
}

impl ScenarioCounters {
    fn new(scenario: &Scenario, status: Arc<RunStatus>) -> Self {
        Self {
            name: scenario.name.clone(),
            kind: scenario.executor.kind(),
            start_time: scenario.start_time,
            duration: scenario.executor.duration(),
            executor: scenario.executor.clone(),
            stripe: scenario.stripe.clone(),
            vus_max: scenario.executor.max_vus(),
            vus_held: AtomicU64::new(
                scenario
                    .executor
                    .arrival_vus()
                    .map_or(scenario.executor.max_vus(), |vus| vus.pre_allocated),
            ),
            planned: scenario.executor.planned_iterations(),
            status,
            started: OnceLock::new(),
            ended: OnceLock::new(),
            interrupted: AtomicBool::new(false),
            active: AtomicU64::new(0),
            iterations_started: AtomicU64::new(0),
            iterations_complete: AtomicU64::new(0),
        }
    }

    pub(crate) fn start(&self, at: Instant) {
        let _ = self.started.set(at);
    }

    pub(crate) fn end(&self) {
        let _ = self.ended.set(Instant::now());
    }

    pub(crate) fn interrupt(&self) {
        self.interrupted.store(true, Relaxed);
    }

    pub(crate) fn vu_activated(&self) {
        self.active.fetch_add(1, Relaxed);
        self.status.vu_activated();
    }

    pub(crate) fn vu_deactivated(&self) {
        self.active.fetch_sub(1, Relaxed);
        self.status.vu_deactivated();
    }

    /// VUs that run an iteration now.
    pub(crate) fn vus_active(&self) -> u64 {
        self.active.load(Relaxed)
    }

    pub(crate) fn hold_vus(&self, vus: u64) {
        self.vus_held.store(vus, Relaxed);
    }

    /// The ticket of the iteration that starts now.
    pub(crate) fn iteration_started(&self) -> IterationTicket {
        self.ticket(self.iterations_started.fetch_add(1, Relaxed))
    }

    /// As [`ScenarioCounters::iteration_started`], unless `limit` have started before.
    pub(crate) fn iteration_started_below(&self, limit: u64) -> Option<IterationTicket> {
        let below = |n| (n < limit).then_some(n + 1);
        let number = self.iterations_started.fetch_update(Relaxed, Relaxed, below).ok()?;
        Some(self.ticket(number))
    }

    fn ticket(&self, number: u64) -> IterationTicket {
        IterationTicket { in_instance: number, in_test: self.stripe.position(number) }
    }

    pub(crate) fn iterations_started(&self) -> u64 {
        self.iterations_started.load(Relaxed)
    }

    pub(crate) fn iteration_finished(&self, end: IterationEnd) {
        self.status.iteration(end);
        if end == IterationEnd::Complete {
            self.iterations_complete.fetch_add(1, Relaxed);
        }
    }

    fn elapsed(&self) -> Duration {
        let Some(&started) = self.started.get() else { return Duration::ZERO };
        let until = self.ended.get().copied().unwrap_or_else(Instant::now);
        until.saturating_duration_since(started).min(self.duration)
    }

    fn snapshot(&self, run_started: Option<Instant>) -> ScenarioSnapshot {
        let state = match (self.started.get(), self.ended.get()) {
            (_, _) if self.interrupted.load(Relaxed) => ScenarioState::Interrupted,
            (_, Some(_)) => ScenarioState::Finished,
            (Some(_), None) => ScenarioState::Running,
            (None, None) => ScenarioState::Waiting {
                starts_in: run_started.map(|at| self.start_time.saturating_sub(at.elapsed())),
            },
        };
        ScenarioSnapshot {
            name: self.name.clone(),
            executor: self.kind,
            state,
            fraction: self.fraction(),
            vus_active: self.active.load(Relaxed),
            vus_max: self.vus_max,
            vus_held: self.vus_held.load(Relaxed),
            rate: self.executor.rate_at(self.elapsed()),
            elapsed: self.elapsed(),
            duration: self.duration,
            iterations_complete: self.iterations_complete.load(Relaxed),
            iterations_planned: self.planned,
        }
    }
}

impl ScenarioProgress for ScenarioCounters {
    fn fraction(&self) -> f64 {
        let of_time = if self.duration.is_zero() {
            if self.started.get().is_some() { 1.0 } else { 0.0 }
        } else {
            self.elapsed().as_secs_f64() / self.duration.as_secs_f64()
        };
        let of_iterations =
            |planned: u64| self.iterations_complete.load(Relaxed) as f64 / planned.max(1) as f64;
        match (self.kind, self.planned) {
            (ExecutorKind::SharedIterations, Some(planned)) => of_iterations(planned).min(1.0),
            // k6: iterations of each VU are also done when their time is over.
            (_, Some(_)) if of_time >= 1.0 => 1.0,
            (_, Some(planned)) => of_iterations(planned).min(1.0),
            (_, None) => of_time,
        }
    }
}
