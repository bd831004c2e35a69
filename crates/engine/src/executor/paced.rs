//! The driver of the open model: iterations start at moments that the schedule tells, whether or
//! not a VU is free. A VU that is idle holds the next moment that nobody has, waits for it on its
//! own thread, and runs. Here, VUs are let run, moments that found none are counted as dropped, and
//! VUs that were missed are made.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{Instant, sleep_until},
};

use super::{ArrivalVus, looping::Running};
use crate::{
    AbortReason, RunEvent,
    graceful::{Deadlines, Stops},
    progress::ScenarioCounters,
    schedule::Arrivals,
    segment::Stripe,
    vu::{ActivationEnd, IterationEnd, IterationSource, Next, VuError, VuHandle},
};

/// How late an iteration may start that no VU was free for. Timers tick once a millisecond, and
/// VUs that wait for a tick do not count as missing.
const GRACE: Duration = Duration::from_millis(5);

/// How late an iteration may start that idle VUs could have run, had their threads been in time. Not
/// dropping it lets them catch up after a pause; an end to it tells that they never will.
const LATEST_CATCH_UP: Duration = Duration::from_millis(100);

/// How long after the end a VU that holds a moment may still start, if its thread is late.
const LATEST_START: Duration = Duration::from_millis(100);

impl<V: VuHandle> Running<V> {
    /// Starts iterations when `arrivals` says, until the time is up.
    pub(super) async fn pace(self: &Arc<Self>, arrivals: Arrivals, vus: ArrivalVus) {
        let duration = self.scenario.executor.duration();
        let graceful = self.scenario.graceful_stop;
        let mut deadlines = Deadlines::new(self.started, duration, graceful);
        // What is due by the end is not too late; there are no moments beyond it.
        deadlines.stop += LATEST_START.min(graceful);
        let stops = Stops::below(self.control.stopped());
        let pace = Arc::new(Pace {
            arrivals,
            stripe: self.scenario.stripe.clone(),
            started: self.started,
            next: AtomicU64::new(0),
            not_ready: AtomicU64::new(vus.pre_allocated),
            all_ready: Notify::new(),
        });
        let crew = Crew {
            running: self.clone(),
            pace,
            vus,
            stops: stops.clone(),
            held: vus.pre_allocated,
            making: Making::Possible,
            has_warned: false,
            tasks: JoinSet::new(),
        };
        deadlines.keep(&stops, crew.work()).await;
        let end = sleep_until(self.started + duration);
        self.control.stopped().run_until_cancelled(end).await;
    }
}

/// A scenario's moments, shared by its VUs.
struct Pace {
    arrivals: Arrivals,
    stripe: Stripe,
    started: Instant,
    /// The first moment that nobody has taken.
    next: AtomicU64,
    /// Pre-allocated VUs that have not asked for a moment yet.
    not_ready: AtomicU64,
    all_ready: Notify,
}

impl Pace {
    fn at(&self, number: u64) -> Option<Instant> {
        self.arrivals.at(self.stripe.position(number)).map(|at| self.started + at)
    }

    fn take(&self) -> u64 {
        self.next.fetch_add(1, Relaxed)
    }

    /// Takes all that should have started before `late`, and returns how many.
    fn take_before(&self, late: Instant) -> u64 {
        let is_late = |number| self.at(number).is_some_and(|at| at < late);
        let mut first = self.next.load(Relaxed);
        loop {
            // The first that is not late, by ever larger steps and then by halves.
            let mut step = 1;
            while is_late(first.saturating_add(step - 1)) {
                step *= 2;
            }
            let (mut low, mut high) = (first + step / 2, first.saturating_add(step - 1));
            while low < high {
                let middle = low + (high - low) / 2;
                if is_late(middle) { low = middle + 1 } else { high = middle }
            }
            if low == first {
                return 0;
            }
            match self.next.compare_exchange(first, low, Relaxed, Relaxed) {
                Ok(_) => return low - first,
                Err(now) => first = now,
            }
        }
    }

    fn one_is_ready(&self) {
        if self.not_ready.fetch_sub(1, Relaxed) == 1 {
            self.all_ready.notify_one();
        }
    }
}

/// Where one VU's iterations come from.
struct PacedSource {
    pace: Arc<Pace>,
    counters: Arc<ScenarioCounters>,
    /// The moment that the VU waits for, or `NONE`. No other thread looks at it meanwhile.
    taken: AtomicU64,
    /// Whether the VU counts among those that are not ready.
    is_awaited: AtomicBool,
}

const NONE: u64 = u64::MAX;

impl PacedSource {
    fn ready(&self) {
        if self.is_awaited.swap(false, Relaxed) {
            self.pace.one_is_ready();
        }
    }
}

impl IterationSource for PacedSource {
    fn next(&self) -> Next {
        let taken = match self.taken.load(Relaxed) {
            NONE => {
                let taken = self.pace.take();
                self.taken.store(taken, Relaxed);
                self.ready();
                taken
            }
            taken => taken,
        };
        match self.pace.at(taken) {
            None => Next::Exhausted,
            Some(at) if at > Instant::now() => Next::Wait(at),
            Some(_) => {
                self.taken.store(NONE, Relaxed);
                self.counters.vu_activated();
                Next::Run(self.counters.iteration_started())
            }
        }
    }

    fn finished(&self, end: IterationEnd) {
        self.counters.vu_deactivated();
        self.counters.iteration_finished(end);
    }
}

/// The VUs of one scenario, and who looks after them.
struct Crew<V> {
    running: Arc<Running<V>>,
    pace: Arc<Pace>,
    vus: ArrivalVus,
    stops: Stops,
    /// VUs that there are.
    held: u64,
    making: Making,
    has_warned: bool,
    tasks: JoinSet<Ended<V>>,
}

/// Whether a VU that is missed is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Making {
    Possible,
    /// k6: one at a time.
    UnderWay,
    /// It failed once.
    Impossible,
}

/// What a task of a crew has come to.
enum Ended<V> {
    /// A VU has run all that it could.
    Run(Arc<PacedSource>, Option<ActivationEnd>),
    /// A VU that was missed is there, or none was to be had.
    Made(Result<Option<V>, VuError>),
}

impl<V: VuHandle> Crew<V> {
    /// Until all moments are over and all VUs given back.
    async fn work(mut self) {
        for _ in 0..self.vus.pre_allocated {
            let running = self.running.clone();
            self.let_run(true, async move { running.pool.take().await });
        }
        self.running.counters.hold_vus(self.held);
        let stop = self.stops.stop.clone();
        let mut are_ready = self.vus.pre_allocated == 0;
        let mut look_again_at = self.running.started;
        loop {
            let next = self.pace.at(self.pace.next.load(Relaxed));
            if next.is_none() && self.tasks.is_empty() {
                break;
            }
            let is_late = async {
                match next {
                    // VUs that are on their way to their first moment are not missing.
                    Some(at) if are_ready => sleep_until(look_again_at.max(at + GRACE)).await,
                    _ => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = self.pace.all_ready.notified(), if !are_ready => are_ready = true,
                Some(ended) = self.tasks.join_next() => self.ended(ended),
                () = is_late => {
                    let now = Instant::now();
                    let all_are_busy = self.running.counters.vus_active() >= self.held;
                    let allowed = if all_are_busy { GRACE } else { LATEST_CATCH_UP };
                    if self.drop_before(now.checked_sub(allowed).unwrap_or(now) + TINY) {
                        self.miss();
                    }
                    if !all_are_busy {
                        look_again_at = now + GRACE;
                    }
                }
            }
        }
        self.drop_before(self.running.started + self.running.scenario.executor.duration() + TINY);
        while let Some(ended) = self.tasks.join_next().await {
            self.ended(ended);
        }
    }

    /// Lets the VU that `vu` becomes take moments and run.
    fn let_run(&mut self, is_awaited: bool, vu: impl Future<Output = Option<V>> + Send + 'static) {
        let source = Arc::new(PacedSource {
            pace: self.pace.clone(),
            counters: self.running.counters.clone(),
            taken: AtomicU64::new(NONE),
            is_awaited: AtomicBool::new(is_awaited),
        });
        let (running, stops) = (self.running.clone(), self.stops.of_one_vu());
        self.tasks.spawn(async move {
            let vu = tokio::select! {
                biased;
                () = stops.stop.cancelled() => None,
                vu = vu => vu,
            };
            let Some(mut vu) = vu else { return Ended::Run(source, None) };
            let end = vu.run(running.activation(source.clone(), &stops)).await;
            source.ready();
            running.give_back(vu, end);
            Ended::Run(source, Some(end))
        });
    }

    /// Drops what should have started before `late`. Whether there was anything.
    fn drop_before(&self, late: Instant) -> bool {
        let dropped = self.pace.take_before(late);
        self.running.dropped(dropped);
        dropped > 0
    }

    /// Makes a VU for those that come, or says that there is none.
    fn miss(&mut self) {
        if self.making != Making::Possible {
            return;
        }
        if self.held < self.vus.max {
            self.making = Making::UnderWay;
            let (running, stop) = (self.running.clone(), self.stops.stop.clone());
            self.tasks.spawn(async move {
                let made = stop.run_until_cancelled(running.unplanned.one_more()).await;
                Ended::Made(made.unwrap_or(Ok(None)))
            });
        } else if !self.has_warned {
            self.has_warned = true;
            self.running.tell(RunEvent::InsufficientVus {
                scenario: self.running.index,
                vus: self.vus.max,
            });
        }
    }

    fn ended(&mut self, ended: Result<Ended<V>, tokio::task::JoinError>) {
        match ended {
            Ok(Ended::Run(source, end)) => {
                let taken = source.taken.load(Relaxed);
                if taken != NONE && self.pace.at(taken).is_some() {
                    // It was stopped before it could start what it held.
                    self.running.dropped(1);
                }
                if end == Some(ActivationEnd::Broken) {
                    self.held -= 1;
                    self.running.counters.hold_vus(self.held);
                }
            }
            Ok(Ended::Made(Ok(Some(vu)))) => {
                self.making = Making::Possible;
                self.held += 1;
                self.running.counters.hold_vus(self.held);
                self.let_run(false, std::future::ready(Some(vu)));
            }
            Ok(Ended::Made(Ok(None))) => self.making = Making::Impossible,
            Ok(Ended::Made(Err(VuError::Aborted(text)))) => {
                self.making = Making::Impossible;
                self.running.control.abort(AbortReason::Script(text));
            }
            Ok(Ended::Made(Err(error))) => {
                self.making = Making::Impossible;
                let scenario = self.running.index;
                self.running.tell(RunEvent::UnplannedVuFailed { scenario, error });
            }
            Err(error) => self.running.control.abort(AbortReason::of_task(&error)),
        }
    }
}

/// Makes a moment that is not late yet late.
const TINY: Duration = Duration::from_nanos(1);
