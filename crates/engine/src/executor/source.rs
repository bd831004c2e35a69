//! Where the iterations of the closed model come from. Called on the VUs' threads.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use crate::{
    progress::ScenarioCounters,
    vu::{IterationEnd, IterationSource, Next},
};

/// As many as there is time for.
pub(super) struct Endless(pub(super) Arc<ScenarioCounters>);

impl IterationSource for Endless {
    fn next(&self) -> Next {
        Next::Run(self.0.iteration_started())
    }

    fn finished(&self, end: IterationEnd) {
        self.0.iteration_finished(end);
    }
}

/// A number of them for all VUs together.
pub(super) struct Shared {
    pub(super) counters: Arc<ScenarioCounters>,
    pub(super) iterations: u64,
}

impl IterationSource for Shared {
    fn next(&self) -> Next {
        self.counters.iteration_started_below(self.iterations).map_or(Next::Exhausted, Next::Run)
    }

    fn finished(&self, end: IterationEnd) {
        self.counters.iteration_finished(end);
    }
}

/// A number of them for one VU.
pub(super) struct PerVu {
    counters: Arc<ScenarioCounters>,
    left: AtomicU64,
}

impl PerVu {
    pub(super) fn new(counters: Arc<ScenarioCounters>, iterations: u64) -> Self {
        Self { counters, left: AtomicU64::new(iterations) }
    }

    /// How many were not handed out.
    pub(super) fn left(&self) -> u64 {
        self.left.load(Relaxed)
    }
}

impl IterationSource for PerVu {
    fn next(&self) -> Next {
        match self.left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)) {
            Ok(_) => Next::Run(self.counters.iteration_started()),
            Err(_) => Next::Exhausted,
        }
    }

    fn finished(&self, end: IterationEnd) {
        self.counters.iteration_finished(end);
    }
}
