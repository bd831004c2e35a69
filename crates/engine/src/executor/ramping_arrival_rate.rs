//! `ramping-arrival-rate`: iterations start at a rate that changes along stages, whether or not
//! those before have ended.

use std::{sync::Arc, time::Duration};

use super::{
    arrival_vus::{ArrivalVus, time_unit},
    looping::Running,
};
use crate::{
    scenario::{Problems, ScenarioLayer},
    schedule::{Arrivals, Stage},
    segment::Stripe,
    vu::VuHandle,
};

/// Its configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RampingArrivalRate {
    /// How many iterations of the whole test start in each `time_unit` at first.
    pub start_rate: u64,
    /// What rates count iterations per.
    pub time_unit: Duration,
    /// Where the rate goes, and how fast. Never empty.
    pub stages: Vec<Stage>,
    /// The VUs for it.
    pub vus: ArrivalVus,
    /// Which of the whole test's iterations are started here.
    pub(crate) stripe: Stripe,
}

impl RampingArrivalRate {
    pub(crate) fn from_layer(layer: &ScenarioLayer, problems: &mut Problems) -> Option<Self> {
        let start_rate = layer.start_rate.unwrap_or(0);
        problems.check(start_rate >= 0, "the startRate value can't be negative");
        let time_unit = time_unit(layer, problems);
        let stages = problems.stages(layer.stages.as_deref().unwrap_or_default());
        let vus = ArrivalVus::from_layer(layer, problems);
        Some(Self {
            start_rate: u64::try_from(start_rate).ok()?,
            time_unit: time_unit?,
            stages: stages?,
            vus: vus?,
            stripe: Stripe::whole(),
        })
    }

    /// A segment's part of it.
    pub(crate) fn part(&self, stripe: &Stripe) -> Self {
        Self {
            vus: self.vus.part(stripe),
            stripe: stripe.in_proportion(self.vus.max),
            ..self.clone()
        }
    }

    /// All stages together.
    pub fn duration(&self) -> Duration {
        self.stages
            .iter()
            .map(|stage| stage.duration)
            .fold(Duration::ZERO, Duration::saturating_add)
    }

    /// When the iterations of the whole test start.
    pub fn arrivals(&self) -> Arrivals {
        Arrivals::ramping(self.start_rate, self.time_unit, &self.stages)
    }

    pub(super) async fn run<V: VuHandle>(self, running: &Arc<Running<V>>) {
        running.pace(self.arrivals(), self.vus).await;
    }
}
