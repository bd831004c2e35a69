//! One of the executors' configurations, and what each of them tells alike.

use std::time::Duration;

use super::{
    ExecutorKind, constant_vus::ConstantVus, per_vu_iterations::PerVuIterations,
    ramping_vus::RampingVus, shared_iterations::SharedIterations,
};
use crate::{
    scenario::{Problems, ScenarioLayer},
    schedule::VuStep,
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
}

/// An executor's configuration in the numbers that a header line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
            kind @ (ExecutorKind::ConstantArrivalRate | ExecutorKind::RampingArrivalRate) => {
                problems.add(format!(
                    "the executor `{}` is not available in this version of sockeye",
                    kind.as_str()
                ));
                None
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
        }
    }

    /// How long it starts iterations, at most.
    pub fn duration(&self) -> Duration {
        match self {
            Self::SharedIterations(config) => config.max_duration,
            Self::PerVuIterations(config) => config.max_duration,
            Self::ConstantVus(config) => config.duration,
            Self::RampingVus(config) => config.duration(),
        }
    }

    /// The most VUs that it runs at any time.
    pub fn max_vus(&self) -> u64 {
        match self {
            Self::SharedIterations(config) => config.vus,
            Self::PerVuIterations(config) => config.vus,
            Self::ConstantVus(config) => config.vus,
            Self::RampingVus(config) => config.max_vus(),
        }
    }

    /// How many iterations it means to run, if that is its aim.
    pub fn planned_iterations(&self) -> Option<u64> {
        match self {
            Self::SharedIterations(config) => Some(config.iterations),
            Self::PerVuIterations(config) => Some(config.iterations.saturating_mul(config.vus)),
            Self::ConstantVus(_) | Self::RampingVus(_) => None,
        }
    }

    /// VUs needed over time, from its own start, until iterations that run on have ended. Lazy: a
    /// ramp to many VUs has as many steps.
    pub fn vu_steps(&self, graceful_stop: Duration) -> Box<dyn Iterator<Item = VuStep> + '_> {
        if let Self::RampingVus(config) = self {
            return Box::new(config.reserved(graceful_stop));
        }
        let whole = [
            VuStep { at: Duration::ZERO, vus: self.max_vus() },
            VuStep { at: self.duration() + graceful_stop, vus: 0 },
        ];
        Box::new(whole.into_iter())
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
        }
    }
}
