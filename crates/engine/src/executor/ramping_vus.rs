//! `ramping-vus`: VUs that loop, their number changing along stages.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep_until;

use super::{looping::Running, slots::Slots};
use crate::{
    options::SignedDuration,
    scenario::{Problems, ScenarioLayer},
    schedule::{self, Stage, VuStep},
    segment::Stripe,
    vu::VuHandle,
};

/// k6: how long a VU that a ramp retires may finish its iteration.
const DEFAULT_GRACEFUL_RAMP_DOWN: Duration = Duration::from_secs(30);

/// Its configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RampingVus {
    /// How many VUs loop at the start.
    pub start_vus: u64,
    /// Where their number goes, and how fast. Never empty.
    pub stages: Vec<Stage>,
    /// How long a VU that is not wanted any more may finish its iteration.
    pub graceful_ramp_down: Duration,
    /// Which of the whole test's VUs are here. The numbers above are those of the whole test.
    pub(crate) stripe: Stripe,
}

impl RampingVus {
    pub(crate) fn from_layer(layer: &ScenarioLayer, problems: &mut Problems) -> Option<Self> {
        let start_vus = layer.start_vus.unwrap_or(1);
        problems.check(start_vus >= 0, "the number of start VUs can't be negative");
        let given = layer.stages.as_deref().unwrap_or_default();
        let stages = problems.stages(given)?;
        let start_vus = u64::try_from(start_vus).ok()?;
        problems.check(
            start_vus > 0 || stages.iter().any(|stage| stage.target > 0),
            "either startVUs or one of the stages' target values must be greater than 0",
        );
        let graceful_ramp_down =
            layer.graceful_ramp_down.map_or(DEFAULT_GRACEFUL_RAMP_DOWN, SignedDuration::clamped);
        Some(Self { start_vus, stages, graceful_ramp_down, stripe: Stripe::whole() })
    }

    /// All stages together.
    pub fn duration(&self) -> Duration {
        self.stages
            .iter()
            .map(|stage| stage.duration)
            .fold(Duration::ZERO, Duration::saturating_add)
    }

    /// The most VUs that a stage asks for.
    pub fn max_vus(&self) -> u64 {
        let most = self.stages.iter().map(|stage| stage.target).fold(self.start_vus, u64::max);
        self.stripe.share(most)
    }

    /// VUs wanted over time, beginning with the first moment. A number that is jumped from in the
    /// moment when it is reached is not among them, so that none of its VUs starts an iteration.
    /// k6: starts and retires each of them, and as chance has it some run one.
    pub fn wanted(&self) -> impl Iterator<Item = VuStep> + '_ {
        schedule::last_at_each_moment(self.passed())
    }

    /// As [`RampingVus::wanted`], with the numbers that are jumped from in the moment when they are
    /// reached.
    fn passed(&self) -> impl Iterator<Item = VuStep> + '_ {
        let mut before = None;
        schedule::vus_along(self.start_vus, &self.stages).filter_map(move |step| {
            let vus = self.stripe.share(step.vus);
            (before.replace(vus) != Some(vus)).then_some(VuStep { vus, ..step })
        })
    }

    /// VUs that it may hold over time: those wanted, and those that may still finish an iteration.
    /// k6: also those of a number that is jumped from in the moment when it is reached.
    pub fn reserved(&self, graceful_stop: Duration) -> impl Iterator<Item = VuStep> + '_ {
        let end = self.duration();
        schedule::held_for(self.passed(), self.graceful_ramp_down, end, end + graceful_stop)
    }

    pub(super) async fn run<V: VuHandle>(self, running: &Arc<Running<V>>) {
        let end = self.duration();
        let limit = running.started + end + running.scenario.graceful_stop;
        let mut slots = Slots::new(running.clone());
        let ramp = async {
            for step in self.wanted() {
                let at = running.started + step.at;
                sleep_until(at).await;
                slots.retire_above(step.vus, (at + self.graceful_ramp_down).min(limit));
                // A VU that would come with the last moment has no time left.
                if step.at < end {
                    slots.fill_to(step.vus);
                }
            }
            sleep_until(running.started + end).await;
            slots.retire_above(0, limit);
        };
        running.control.stopped().run_until_cancelled(ramp).await;
        slots.join().await;
    }
}
