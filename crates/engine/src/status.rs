//! The counters of a run that scripts, progress lines and the API read while it goes on.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tokio::time::Instant;

use crate::vu::IterationEnd;

/// Shared by the scheduler, which counts, and everyone who looks.
#[derive(Debug)]
pub struct RunStatus {
    created: Instant,
    /// Nanoseconds from `created` to the start of the first scenario; 0 before it.
    started_after: AtomicU64,
    complete: AtomicU64,
    interrupted: AtomicU64,
    active: AtomicU64,
    initialised: AtomicU64,
}

impl RunStatus {
    /// A run that has not begun.
    pub fn new() -> Self {
        Self {
            created: Instant::now(),
            started_after: AtomicU64::new(0),
            complete: AtomicU64::new(0),
            interrupted: AtomicU64::new(0),
            active: AtomicU64::new(0),
            initialised: AtomicU64::new(0),
        }
    }

    /// Marks the start of the first scenario, from which the run's time is told.
    pub fn start(&self) {
        let nanos = u64::try_from(self.created.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.started_after.store(nanos.max(1), Relaxed);
    }

    /// When the scenarios started, if they did.
    pub fn started(&self) -> Option<Instant> {
        match self.started_after.load(Relaxed) {
            0 => None,
            nanos => Some(self.created + std::time::Duration::from_nanos(nanos)),
        }
    }

    /// Counts an iteration.
    pub fn iteration(&self, end: IterationEnd) {
        match end {
            IterationEnd::Complete => &self.complete,
            IterationEnd::Interrupted => &self.interrupted,
        }
        .fetch_add(1, Relaxed);
    }

    /// Counts a VU that begins to run iterations.
    pub fn vu_activated(&self) {
        self.active.fetch_add(1, Relaxed);
    }

    /// Counts a VU that no longer runs iterations.
    pub fn vu_deactivated(&self) {
        self.active.fetch_sub(1, Relaxed);
    }

    /// Counts a VU whose init code has run.
    pub fn vu_initialised(&self) {
        self.initialised.fetch_add(1, Relaxed);
    }

    /// Iterations that ran to their end.
    pub fn iterations_complete(&self) -> u64 {
        self.complete.load(Relaxed)
    }

    /// Iterations that were cut off.
    pub fn iterations_interrupted(&self) -> u64 {
        self.interrupted.load(Relaxed)
    }

    /// VUs that run iterations now.
    pub fn vus_active(&self) -> u64 {
        self.active.load(Relaxed)
    }

    /// VUs made so far.
    pub fn vus_initialised(&self) -> u64 {
        self.initialised.load(Relaxed)
    }
}

impl Default for RunStatus {
    fn default() -> Self {
        Self::new()
    }
}
