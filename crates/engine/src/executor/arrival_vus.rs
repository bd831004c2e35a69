//! What both executors of the open model say alike: how many VUs they have and may have, and what
//! a rate counts iterations per.

use std::time::Duration;

use crate::{
    options::SignedDuration,
    scenario::{Problems, ScenarioLayer},
    segment::Stripe,
};

/// The VUs of an executor that does not know how many it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArrivalVus {
    /// Made before the test starts.
    pub pre_allocated: u64,
    /// The most that there may be; those beyond are made when they are missed.
    pub max: u64,
}

impl ArrivalVus {
    pub(super) fn from_layer(layer: &ScenarioLayer, problems: &mut Problems) -> Option<Self> {
        let Some(pre_allocated) = layer.pre_allocated_vus else {
            problems.add("the number of preAllocatedVUs isn't specified");
            return None;
        };
        problems.check(pre_allocated >= 0, "the number of preAllocatedVUs can't be negative");
        let max = layer.max_vus.unwrap_or(pre_allocated);
        problems.check(max >= pre_allocated, "maxVUs can't be less than preAllocatedVUs");
        Some(Self {
            pre_allocated: u64::try_from(pre_allocated).ok()?,
            max: u64::try_from(max).ok()?,
        })
    }

    pub(super) fn part(self, stripe: &Stripe) -> Self {
        Self { pre_allocated: stripe.share(self.pre_allocated), max: stripe.share(self.max) }
    }
}

/// k6: a second where nobody says it.
pub(super) fn time_unit(layer: &ScenarioLayer, problems: &mut Problems) -> Option<Duration> {
    let Some(given) = layer.time_unit else { return Some(Duration::from_secs(1)) };
    let is_positive = given > SignedDuration::default();
    problems.check(is_positive, "the timeUnit must be more than 0");
    is_positive.then(|| given.clamped())
}
