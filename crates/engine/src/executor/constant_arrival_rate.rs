//! `constant-arrival-rate`: iterations start at a rate, whether or not those before have ended.

use std::{sync::Arc, time::Duration};

use super::{
    arrival_vus::{ArrivalVus, time_unit},
    looping::Running,
};
use crate::{
    scenario::{Problems, ScenarioLayer},
    schedule::Arrivals,
    segment::Stripe,
    vu::VuHandle,
};

/// Its configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstantArrivalRate {
    /// How many iterations of the whole test start in each `time_unit`.
    pub rate: u64,
    /// What the rate counts iterations per.
    pub time_unit: Duration,
    /// After which no iteration starts.
    pub duration: Duration,
    /// The VUs for it.
    pub vus: ArrivalVus,
    /// Which of the whole test's iterations are started here.
    pub(crate) stripe: Stripe,
}

impl ConstantArrivalRate {
    pub(crate) fn from_layer(layer: &ScenarioLayer, problems: &mut Problems) -> Option<Self> {
        match layer.rate {
            None => problems.add("the iteration rate isn't specified"),
            Some(rate) => problems.check(rate > 0, "the iteration rate must be more than 0"),
        }
        let time_unit = time_unit(layer, problems);
        let duration = problems.required_duration(layer.duration);
        let vus = ArrivalVus::from_layer(layer, problems);
        Some(Self {
            rate: u64::try_from(layer.rate?).ok().filter(|rate| *rate > 0)?,
            time_unit: time_unit?,
            duration: duration?,
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

    /// When the iterations of the whole test start.
    pub fn arrivals(&self) -> Arrivals {
        Arrivals::constant(self.rate, self.time_unit, self.duration)
    }

    pub(super) async fn run<V: VuHandle>(self, running: &Arc<Running<V>>) {
        running.pace(self.arrivals(), self.vus).await;
    }
}
