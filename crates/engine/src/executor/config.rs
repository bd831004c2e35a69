//! One of the executors' configurations, and what each of them tells alike.

use std::time::Duration;

use super::{
    ExecutorKind, arrival_vus::ArrivalVus, constant_arrival_rate::ConstantArrivalRate,
    constant_vus::ConstantVus, per_vu_iterations::PerVuIterations,
    ramping_arrival_rate::RampingArrivalRate, ramping_vus::RampingVus,
    shared_iterations::SharedIterations,
};
use crate::{
    scenario::{Problems, ScenarioLayer},
    schedule::VuStep,
    segment::Stripe,
};

/// What a scenario runs, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExecutorConfig {
    /// `shared-iterations`
    SharedIterations(SharedIterations),
    /// `per-vu-iterations`
    PerVuIterations(PerVuIterations),
    /// `constant-vus`
    ConstantVus(ConstantVus),
    /// `ramping-vus`
    RampingVus(RampingVus),
    /// `constant-arrival-rate`
    ConstantArrivalRate(ConstantArrivalRate),
    /// `ramping-arrival-rate`
    RampingArrivalRate(RampingArrivalRate),
}

/// An executor's configuration in the numbers that a header line shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Description {
    /// `4 iterations shared among 2 VUs (maxDuration: 10m0s)`
    SharedIterations {
        /// For all VUs together.
        iterations: u64,
        /// How many VUs there are.
        vus: u64,
        /// After which no iteration starts.
        max_duration: Duration,
    },
    /// `3 iterations for each of 2 VUs (maxDuration: 10m0s)`
    PerVuIterations {
        /// For each VU.
        iterations: u64,
        /// How many VUs there are.
        vus: u64,
        /// After which no iteration starts.
        max_duration: Duration,
    },
    /// `2 looping VUs for 20s`
    ConstantVus {
        /// How many VUs there are.
        vus: u64,
        /// After which no iteration starts.
        duration: Duration,
    },
    /// `Up to 4 looping VUs for 6s over 5 stages (gracefulRampDown: 30s)`
    RampingVus {
        /// The most at any time.
        max_vus: u64,
        /// All stages together.
        duration: Duration,
        /// How many stages there are.
        stages: usize,
        /// How long a VU that is not wanted any more may finish its iteration.
        graceful_ramp_down: Duration,
    },
    /// `10.00 iterations/s for 3s (maxVUs: 1-3)`
    ConstantArrivalRate {
        /// Iterations per second.
        rate: f64,
        /// After which no iteration starts.
        duration: Duration,
        /// The VUs for it.
        vus: ArrivalVus,
    },
    /// `Up to 3.50 iterations/s for 3s over 2 stages (maxVUs: 3-12)`
    RampingArrivalRate {
        /// The most iterations per second at any time.
        peak_rate: f64,
        /// All stages together.
        duration: Duration,
        /// How many stages there are.
        stages: usize,
        /// The VUs for it.
        vus: ArrivalVus,
    },
}

impl ExecutorConfig {
    /// The configuration in a scenario's fields. What is wrong with it is added to `problems`;
    /// `None` if that leaves nothing to run.
    pub(crate) fn from_layer(layer: &ScenarioLayer, problems: &mut Problems) -> Option<Self> {
        match layer.kind {
            ExecutorKind::SharedIterations => {
                SharedIterations::from_layer(layer, problems).map(Self::SharedIterations)
            }
            ExecutorKind::PerVuIterations => {
                PerVuIterations::from_layer(layer, problems).map(Self::PerVuIterations)
            }
            ExecutorKind::ConstantVus => {
                ConstantVus::from_layer(layer, problems).map(Self::ConstantVus)
            }
            ExecutorKind::RampingVus => {
                RampingVus::from_layer(layer, problems).map(Self::RampingVus)
            }
            ExecutorKind::ConstantArrivalRate => {
                ConstantArrivalRate::from_layer(layer, problems).map(Self::ConstantArrivalRate)
            }
            ExecutorKind::RampingArrivalRate => {
                RampingArrivalRate::from_layer(layer, problems).map(Self::RampingArrivalRate)
            }
        }
    }

    /// What of it a segment runs, and which of its iterations they are.
    pub(crate) fn part(&self, stripe: &Stripe) -> (Self, Stripe) {
        match self {
            Self::SharedIterations(config) => {
                let (part, iterations) = config.part(stripe);
                (Self::SharedIterations(part), iterations)
            }
            Self::PerVuIterations(config) => {
                let vus = stripe.share(config.vus);
                (Self::PerVuIterations(PerVuIterations { vus, ..config.clone() }), stripe.clone())
            }
            Self::ConstantVus(config) => {
                let vus = stripe.share(config.vus);
                (Self::ConstantVus(ConstantVus { vus, ..config.clone() }), stripe.clone())
            }
            Self::RampingVus(config) => {
                let part = RampingVus { stripe: stripe.clone(), ..config.clone() };
                (Self::RampingVus(part), stripe.clone())
            }
            Self::ConstantArrivalRate(config) => {
                let part = config.part(stripe);
                let iterations = part.stripe.clone();
                (Self::ConstantArrivalRate(part), iterations)
            }
            Self::RampingArrivalRate(config) => {
                let part = config.part(stripe);
                let iterations = part.stripe.clone();
                (Self::RampingArrivalRate(part), iterations)
            }
        }
    }

    /// Which executor it is.
    pub fn kind(&self) -> ExecutorKind {
        match self {
            Self::SharedIterations(_) => ExecutorKind::SharedIterations,
            Self::PerVuIterations(_) => ExecutorKind::PerVuIterations,
            Self::ConstantVus(_) => ExecutorKind::ConstantVus,
            Self::RampingVus(_) => ExecutorKind::RampingVus,
            Self::ConstantArrivalRate(_) => ExecutorKind::ConstantArrivalRate,
            Self::RampingArrivalRate(_) => ExecutorKind::RampingArrivalRate,
        }
    }

    /// How long it starts iterations, at most.
    pub fn duration(&self) -> Duration {
        match self {
            Self::SharedIterations(config) => config.max_duration,
            Self::PerVuIterations(config) => config.max_duration,
            Self::ConstantVus(config) => config.duration,
            Self::RampingVus(config) => config.duration(),
            Self::ConstantArrivalRate(config) => config.duration,
            Self::RampingArrivalRate(config) => config.duration(),
        }
    }

    /// The most VUs that it runs at any time.
    pub fn max_vus(&self) -> u64 {
        match self {
            Self::SharedIterations(config) => config.vus,
            Self::PerVuIterations(config) => config.vus,
            Self::ConstantVus(config) => config.vus,
            Self::RampingVus(config) => config.max_vus(),
            Self::ConstantArrivalRate(config) => config.vus.max,
            Self::RampingArrivalRate(config) => config.vus.max,
        }
    }

    /// The VUs that it begins with and may have, if it makes some when it misses them.
    pub fn arrival_vus(&self) -> Option<ArrivalVus> {
        match self {
            Self::ConstantArrivalRate(config) => Some(config.vus),
            Self::RampingArrivalRate(config) => Some(config.vus),
            _ => None,
        }
    }

    /// How many iterations per second are to start at a moment since its start, if that is its aim.
    pub fn rate_at(&self, elapsed: Duration) -> Option<f64> {
        match self {
            Self::ConstantArrivalRate(config) => {
                Some(config.arrivals().rate_at(elapsed) * config.stripe.fraction())
            }
            Self::RampingArrivalRate(config) => {
                Some(config.arrivals().rate_at(elapsed) * config.stripe.fraction())
            }
            _ => None,
        }
    }

    /// How many iterations it means to run, if that is its aim.
    pub fn planned_iterations(&self) -> Option<u64> {
        match self {
            Self::SharedIterations(config) => Some(config.iterations),
            Self::PerVuIterations(config) => Some(config.iterations.saturating_mul(config.vus)),
            Self::ConstantVus(_)
            | Self::RampingVus(_)
            | Self::ConstantArrivalRate(_)
            | Self::RampingArrivalRate(_) => None,
        }
    }

    /// VUs needed over time, from its own start, until iterations that run on have ended; those
    /// not among them that are made only when they are missed. Lazy: a ramp to many VUs has as many
    /// steps.
    pub fn vu_steps(&self, graceful_stop: Duration) -> Box<dyn Iterator<Item = VuStep> + '_> {
        match self.arrival_vus() {
            Some(vus) => Box::new(self.level(vus.pre_allocated, graceful_stop)),
            None => self.possible_vu_steps(graceful_stop),
        }
    }

    /// As [`ExecutorConfig::vu_steps`], with all that may be made.
    pub fn possible_vu_steps(
        &self,
        graceful_stop: Duration,
    ) -> Box<dyn Iterator<Item = VuStep> + '_> {
        match self {
            Self::RampingVus(config) => Box::new(config.reserved(graceful_stop)),
            _ => Box::new(self.level(self.max_vus(), graceful_stop)),
        }
    }

    fn level(&self, vus: u64, graceful_stop: Duration) -> impl Iterator<Item = VuStep> + use<> {
        let end = self.duration().saturating_add(graceful_stop);
        [VuStep { at: Duration::ZERO, vus }, VuStep { at: end, vus: 0 }].into_iter()
    }

    /// Its numbers for a person to read.
    pub fn describe(&self) -> Description {
        match self {
            Self::SharedIterations(config) => Description::SharedIterations {
                iterations: config.iterations,
                vus: config.vus,
                max_duration: config.max_duration,
            },
            Self::PerVuIterations(config) => Description::PerVuIterations {
                iterations: config.iterations,
                vus: config.vus,
                max_duration: config.max_duration,
            },
            Self::ConstantVus(config) => {
                Description::ConstantVus { vus: config.vus, duration: config.duration }
            }
            Self::RampingVus(config) => Description::RampingVus {
                max_vus: config.max_vus(),
                duration: config.duration(),
                stages: config.stages.len(),
                graceful_ramp_down: config.graceful_ramp_down,
            },
            Self::ConstantArrivalRate(config) => Description::ConstantArrivalRate {
                rate: config.arrivals().peak_rate() * config.stripe.fraction(),
                duration: config.duration,
                vus: config.vus,
            },
            Self::RampingArrivalRate(config) => Description::RampingArrivalRate {
                peak_rate: config.arrivals().peak_rate() * config.stripe.fraction(),
                duration: config.duration(),
                stages: config.stages.len(),
                vus: config.vus,
            },
        }
    }
}
