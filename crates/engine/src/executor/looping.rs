//! The driver of the closed model: a VU starts its next iteration when it is free. What happens
//! per iteration happens on the VU's thread; here, VUs are taken, let run and given back.

use std::sync::Arc;

use tokio::{task::JoinSet, time::Instant};

use crate::{
    AbortReason, ControlHandle, EventSender, RunEvent, Scenario,
    gauges::Gauges,
    graceful::{Deadlines, Stops},
    pool::VuPool,
    progress::ScenarioCounters,
    unplanned::UnplannedVus,
    vu::{Activation, ActivationEnd, IterationSource, ScenarioRun, VuHandle},
};

/// What an executor needs to run its scenario.
pub(crate) struct Running<V> {
    pub(crate) scenario: Scenario,
    pub(crate) run: Arc<ScenarioRun>,
    pub(crate) started: Instant,
    pub(crate) pool: Arc<VuPool<V>>,
    pub(crate) counters: Arc<ScenarioCounters>,
    pub(crate) control: ControlHandle,
    pub(crate) gauges: Gauges,
    /// Its number among the options' scenarios.
    pub(crate) index: usize,
    pub(crate) events: EventSender,
    pub(crate) unplanned: Arc<UnplannedVus<V>>,
}

impl<V: VuHandle> Running<V> {
    /// Lets `vus` VUs loop, each with the source that `source` makes for it, until all of them are
    /// done or time is up. `over` is told each VU's source again, and why it ended.
    pub(super) async fn loop_vus<S: IterationSource + 'static>(
        self: &Arc<Self>,
        vus: u64,
        source: impl Fn() -> Arc<S>,
        over: impl Fn(&S, ActivationEnd),
    ) {
        let duration = self.scenario.executor.duration();
        let deadlines = Deadlines::new(self.started, duration, self.scenario.graceful_stop);
        let stops = Stops::below(self.control.stopped());
        let mut tasks = JoinSet::new();
        for _ in 0..vus {
            let (running, source, stops) = (self.clone(), source(), stops.of_one_vu());
            tasks.spawn(async move {
                let end = running.loop_one(source.clone(), &stops).await;
                (source, end)
            });
        }
        let all = async {
            while let Some(done) = tasks.join_next().await {
                match done {
                    Ok((source, Some(end))) => over(&source, end),
                    Ok((_, None)) => {}
                    Err(error) => self.control.abort(AbortReason::of_task(&error)),
                }
            }
        };
        deadlines.keep(&stops, all).await;
    }

    /// Takes a VU and lets it loop. `None` if there was none to take in time.
    async fn loop_one(
        &self,
        source: Arc<dyn IterationSource>,
        stops: &Stops,
    ) -> Option<ActivationEnd> {
        let mut vu = tokio::select! {
            biased;
            () = stops.stop.cancelled() => None,
            vu = self.pool.take() => vu,
        }?;
        self.counters.vu_activated();
        let end = vu.run(self.activation(source, stops)).await;
        self.counters.vu_deactivated();
        self.give_back(vu, end);
        Some(end)
    }

    pub(super) fn activation(&self, source: Arc<dyn IterationSource>, stops: &Stops) -> Activation {
        Activation {
            scenario: self.run.clone(),
            source,
            stop: stops.stop.clone(),
            interrupt: stops.interrupt.clone(),
        }
    }

    pub(super) fn give_back(&self, vu: V, end: ActivationEnd) {
        match end {
            ActivationEnd::Exhausted | ActivationEnd::Stopped => self.pool.give(vu),
            ActivationEnd::Broken => {
                if self.pool.discard(vu) {
                    self.control.abort(AbortReason::Fault("no VU is left that can run".to_owned()));
                }
            }
        }
    }

    pub(super) fn tell(&self, event: RunEvent) {
        let _ = self.events.send(event);
    }

    /// Counts iterations that time was too short for. k6: not those of a run that was told to end.
    pub(super) fn dropped(&self, count: u64) {
        if !self.control.stopped().is_cancelled() {
            self.gauges.dropped(&self.scenario, count);
        }
    }
}
