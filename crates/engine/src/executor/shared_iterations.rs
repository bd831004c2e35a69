//! `shared-iterations`: a number of iterations that any free VU takes from.

use std::{sync::Arc, time::Duration};

use super::{looping::Running, source::Shared};
use crate::{
    scenario::{DEFAULT_MAX_DURATION, Problems, ScenarioLayer},
    segment::Stripe,
    vu::VuHandle,
};

/// Its configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedIterations {
    /// How many VUs take part.
    pub vus: u64,
    /// How many iterations they run together; at least one for each VU.
    pub iterations: u64,
    /// After which no iteration starts.
    pub max_duration: Duration,
}

impl SharedIterations {
    pub(crate) fn from_layer(layer: &ScenarioLayer, problems: &mut Problems) -> Option<Self> {
        let vus = layer.vus.unwrap_or(1);
        let iterations = layer.iterations.unwrap_or(1);
        problems.check(vus > 0, "the number of VUs must be more than 0");
        problems.check(
            iterations >= vus,
            format_args!(
                "the number of iterations ({iterations}) can't be less than the number of VUs ({vus})"
            ),
        );
        let max_duration =
            problems.at_least_a_second("maxDuration", layer.max_duration, DEFAULT_MAX_DURATION);
        Some(Self {
            vus: u64::try_from(vus).ok()?,
            iterations: u64::try_from(iterations).ok()?,
            max_duration,
        })
    }

    /// A segment's part of it, and which iterations they are. k6: they are dealt as the VUs are.
    pub(super) fn part(&self, stripe: &Stripe) -> (Self, Stripe) {
        let dealt = stripe.in_proportion(self.vus);
        let (vus, iterations) = (stripe.share(self.vus), dealt.share(self.iterations));
        (Self { vus, iterations, ..self.clone() }, dealt)
    }

    pub(super) async fn run<V: VuHandle>(self, running: &Arc<Running<V>>) {
        let counters = running.counters.clone();
        let source = Arc::new(Shared { counters, iterations: self.iterations });
        running.loop_vus(self.vus, || source.clone(), |_, _| ()).await;
        running.dropped(self.iterations - running.counters.iterations_started());
    }
}
