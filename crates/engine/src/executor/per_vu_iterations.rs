//! `per-vu-iterations`: the same number of iterations for each VU.

use std::{sync::Arc, time::Duration};

use super::{looping::Running, source::PerVu};
use crate::{
    scenario::{DEFAULT_MAX_DURATION, Problems, ScenarioLayer},
    vu::VuHandle,
};

/// Its configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerVuIterations {
    /// How many VUs take part.
    pub vus: u64,
    /// How many iterations each of them runs.
    pub iterations: u64,
    /// After which no iteration starts.
    pub max_duration: Duration,
}

impl PerVuIterations {
    pub(crate) fn from_layer(layer: &ScenarioLayer, problems: &mut Problems) -> Option<Self> {
        let vus = layer.vus.unwrap_or(1);
        let iterations = layer.iterations.unwrap_or(1);
        problems.check(vus > 0, "the number of VUs must be more than 0");
        problems.check(iterations > 0, "the number of iterations must be more than 0");
        let max_duration =
            problems.at_least_a_second("maxDuration", layer.max_duration, DEFAULT_MAX_DURATION);
        Some(Self {
            vus: u64::try_from(vus).ok()?,
            iterations: u64::try_from(iterations).ok()?,
            max_duration,
        })
    }

    pub(super) async fn run<V: VuHandle>(self, running: &Arc<Running<V>>) {
        let source = || Arc::new(PerVu::new(running.counters.clone(), self.iterations));
        running.loop_vus(self.vus, source, |source, _| running.dropped(source.left())).await;
    }
}
