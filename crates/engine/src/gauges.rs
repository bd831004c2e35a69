//! The samples that the engine itself takes: `vus` and `vus_max` each second, `dropped_iterations`.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use sockeye_metrics::{
    MetricId, Registry, Sample, SampleSender, SeriesId, SystemTag, SystemTags, TagSet, UnixNanos,
};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::{RunStatus, Scenario, options::Options};

/// k6: how often `vus` and `vus_max` are sampled. A run that takes less has neither.
const PERIOD: Duration = Duration::from_secs(1);

/// What the wall clock says at a moment of the engine's clock.
#[derive(Clone, Copy, Debug)]
pub struct WallClock {
    instant: Instant,
    unix: UnixNanos,
}

impl WallClock {
    /// A wall clock that says `unix` now.
    pub fn starting_at(unix: UnixNanos) -> Self {
        Self { instant: Instant::now(), unix }
    }

    /// What it says now.
    pub fn now(&self) -> UnixNanos {
        let since = i64::try_from(self.instant.elapsed().as_nanos()).unwrap_or(i64::MAX);
        UnixNanos(self.unix.0.saturating_add(since))
    }
}

/// Takes the engine's samples, on the engine's thread.
#[derive(Clone, Debug)]
pub(crate) struct Gauges {
    samples: SampleSender,
    registry: Arc<Registry>,
    clock: WallClock,
    run_tags: TagSet,
    system_tags: SystemTags,
    vus: SeriesId,
    vus_max: SeriesId,
    dropped: MetricId,
}

impl Gauges {
    pub(crate) fn new(
        options: &Options,
        samples: SampleSender,
        registry: Arc<Registry>,
        clock: WallClock,
    ) -> Self {
        let run_tags = pairs(&options.tags).collect();
        let builtin = registry.builtin();
        Self {
            vus: registry.series(builtin.vus, &run_tags),
            vus_max: registry.series(builtin.vus_max, &run_tags),
            dropped: builtin.dropped_iterations,
            system_tags: options.system_tags,
            run_tags,
            samples,
            clock,
            registry,
        }
    }

    /// Samples the VUs for as long as `work` runs, and returns what it returns.
    pub(crate) async fn sample_while<T>(
        &self,
        status: &RunStatus,
        work: impl Future<Output = T>,
    ) -> T {
        let mut work = std::pin::pin!(work);
        let mut ticks = interval_at(Instant::now() + PERIOD, PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                _ = ticks.tick() => {
                    let time = self.clock.now();
                    let sample = |series, count| Sample { series, time, value: count as f64 };
                    self.samples.send(vec![
                        sample(self.vus, status.vus_active()),
                        sample(self.vus_max, status.vus_initialised()),
                    ].into());
                }
            }
        }
    }

    /// Iterations of a scenario that were planned and could not start.
    pub(crate) fn dropped(&self, scenario: &Scenario, count: u64) {
        if count == 0 {
            return;
        }
        // k6: without the tags of the scenario.
        let mut tags = self.run_tags.clone();
        if self.system_tags.has(SystemTag::Scenario) {
            tags = tags.with("scenario", &scenario.name);
        }
        let series = self.registry.series(self.dropped, &tags);
        self.samples
            .send(vec![Sample { series, time: self.clock.now(), value: count as f64 }].into());
    }
}

fn pairs(tags: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|(key, value)| (key.as_str(), value.as_str()))
}
