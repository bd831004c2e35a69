//! `constant-vus`: a number of VUs that loop for a time.

use std::{sync::Arc, time::Duration};

use super::{looping::Running, source::Endless};
use crate::{
    scenario::{Problems, ScenarioLayer},
    vu::VuHandle,
};

/// Its configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstantVus {
    /// How many VUs loop.
    pub vus: u64,
    /// After which no iteration starts.
    pub duration: Duration,
}

impl ConstantVus {
    pub(crate) fn from_layer(layer: &ScenarioLayer, problems: &mut Problems) -> Option<Self> {
        let vus = layer.vus.unwrap_or(1);
        problems.check(vus > 0, "the number of VUs must be more than 0");
        let duration = problems.required_duration(layer.duration);
        Some(Self { vus: u64::try_from(vus).ok()?, duration: duration? })
    }

    pub(super) async fn run<V: VuHandle>(self, running: &Arc<Running<V>>) {
        let source = Arc::new(Endless(running.counters.clone()));
        running.loop_vus(self.vus, || source.clone(), |_, _| ()).await;
    }
}
