//! All that the engine may ask of a VU. The engine does not know that VUs are JavaScript.

use std::{collections::BTreeMap, future::Future, sync::Arc};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The numbers of a VU, both from 1. They differ only where a test is cut into segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VuIds {
    /// Among the VUs of this process: `__VU`.
    pub in_instance: u64,
    /// Among the VUs of the whole test.
    pub in_test: u64,
}

/// Makes VUs and runs the functions that belong to no VU. Shared by all that initialise VUs.
pub trait VuFactory: Send + Sync + 'static {
    /// What it makes.
    type Vu: VuHandle;

    /// Makes a VU and runs its init code. Dropping the future leaves no VU behind.
    fn init(&self, ids: VuIds) -> impl Future<Output = Result<Self::Vu, VuError>> + Send;

    /// Runs `setup()`, if the script has one, and keeps what it returned for the iterations of all
    /// VUs and for `teardown`. Ends early, with [`VuError::Interrupted`], once `interrupt` is
    /// cancelled (an abort, or the time limit, which the engine keeps).
    fn setup(
        &self,
        interrupt: CancellationToken,
    ) -> impl Future<Output = Result<(), VuError>> + Send;

    /// Runs `teardown(data)`, if the script has one, in the same way.
    fn teardown(
        &self,
        interrupt: CancellationToken,
    ) -> impl Future<Output = Result<(), VuError>> + Send;
}

/// One VU, wherever its thread is. It is used by one scenario at a time.
pub trait VuHandle: Send + 'static {
    /// Its numbers.
    fn ids(&self) -> VuIds;

    /// Runs iterations on the VU's own thread until the activation ends. Nothing crosses to the
    /// engine's thread between two iterations. The future must be driven to its end; cancel the
    /// activation's tokens to stop.
    fn run(&mut self, activation: Activation) -> impl Future<Output = ActivationEnd> + Send;
}

/// A VU's share of a scenario: what to run, how often, and how it is stopped.
#[derive(Clone)]
pub struct Activation {
    /// The scenario.
    pub scenario: Arc<ScenarioRun>,
    /// Says before each iteration whether there is one more.
    pub source: Arc<dyn IterationSource>,
    /// Once cancelled, no new iteration starts; the one that runs goes on.
    pub stop: CancellationToken,
    /// Once cancelled, the iteration that runs is interrupted as well.
    pub interrupt: CancellationToken,
}

/// Hands out iterations. Called on the VU's thread, so it must not block.
pub trait IterationSource: Send + Sync {
    /// What the VU does next.
    fn next(&self) -> Next;

    /// Called once for each ticket, when its iteration is over.
    fn finished(&self, end: IterationEnd);
}

/// What a VU does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It runs an iteration, now.
    Run(IterationTicket),
    /// It waits until then, unless it is stopped before, and asks again.
    Wait(Instant),
    /// There is no more for this VU.
    Exhausted,
}

/// The right to run one iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IterationTicket {
    /// Its number within the scenario in this process, from 0.
    pub in_instance: u64,
    /// Its number within the scenario in the whole test, from 0.
    pub in_test: u64,
}

/// How an iteration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IterationEnd {
    /// It ran to its end, an exception included. k6: that counts as complete.
    Complete,
    /// It was cut off.
    Interrupted,
}

/// Why a VU stopped running iterations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivationEnd {
    /// The source had no more.
    Exhausted,
    /// `stop` or `interrupt` was cancelled.
    Stopped,
    /// The VU can't run any more, for a fault of ours that was logged.
    Broken,
}

/// What the VUs of a running scenario may know of it.
#[derive(Debug)]
pub struct ScenarioRun {
    /// Its key under `scenarios`; `default` for a test without.
    pub name: String,
    /// The executor's name, as scripts write it.
    pub executor: &'static str,
    /// The exported function to call.
    pub exec: String,
    /// Added to `__ENV` of the VUs it uses.
    pub env: BTreeMap<String, String>,
    /// Set on all samples of the VUs it uses.
    pub tags: BTreeMap<String, String>,
    /// When it started.
    pub started: Instant,
    /// How far it is.
    pub progress: Arc<dyn ScenarioProgress>,
}

/// How far a scenario is, as `exec.scenario.progress` shows it.
pub trait ScenarioProgress: Send + Sync + std::fmt::Debug {
    /// From 0 to 1.
    fn fraction(&self) -> f64;
}

/// Why a VU's init code, `setup` or `teardown` did not run to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VuError {
    /// The script threw. The text is the exception with its stack, in the user's lines.
    #[error("{0}")]
    Script(String),
    /// `setup` gave no data: its promise was rejected, or what it returned is nothing that JSON can say.
    #[error("{0}")]
    SetupData(String),
    /// The script called `exec.test.abort()`.
    #[error("{0}")]
    Aborted(String),
    /// It was interrupted from outside.
    #[error("interrupted")]
    Interrupted,
    /// The machine or sockeye itself failed: out of memory, a thread that is gone.
    #[error("{0}")]
    Fault(String),
}
