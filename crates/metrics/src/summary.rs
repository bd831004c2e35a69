//! The end of a run as data, before anyone formats it.

use std::time::Duration;

use crate::{Metric, OutputReport, Sink, TagSet, ThresholdResult};

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How long the scenarios ran; what Counters are divided by.
    pub run_duration: Duration,
    /// Metrics with samples or named by a threshold, by name.
    pub metrics: Vec<MetricSummary>,
    /// Checks by name, whatever their group, in order of first appearance.
    pub checks: Vec<Check>,
    /// Checks by group. The root's name and path are empty.
    pub root_group: Group,
    /// Each scenario on its own, in order of first appearance; only with
    /// [`Breakdown::ScenariosAndGroups`](crate::Breakdown::ScenariosAndGroups).
    pub scenarios: Vec<Section>,
    /// Groups outside scenarios, those of `setup` and `teardown`; under the same condition.
    pub groups: Vec<Section>,
    /// How each output fared.
    pub outputs: Vec<OutputReport>,
}

/// A metric at the end of a run.
#[derive(Clone, Debug)]
pub struct MetricSummary {
    /// Name, kind and unit.
    pub metric: Metric,
    /// Its values.
    pub sink: Sink,
    /// Thresholds on the whole metric, in the order of the options.
    pub thresholds: Vec<ThresholdResult>,
    /// Its sub-metrics, by name.
    pub submetrics: Vec<SubmetricSummary>,
}

/// A sub-metric at the end of a run.
#[derive(Clone, Debug)]
pub struct SubmetricSummary {
    /// The metric's name and the tags, as in `http_reqs{status:200}`.
    pub name: String,
    /// What stands between the braces.
    pub suffix: String,
    /// What it means.
    pub tags: TagSet,
    /// The values of samples with those tags.
    pub sink: Sink,
    /// Thresholds on the sub-metric.
    pub thresholds: Vec<ThresholdResult>,
}

/// A check and how it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// The path of its group, `::` and its name.
    pub path: String,
    /// How often it held.
    pub passes: u64,
    /// How often it did not.
    pub fails: u64,
}

/// A group with its checks and groups, each in order of first appearance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Its name; empty for the root.
    pub name: String,
    /// Its path, such as `::outer::inner`; empty for the root.
    pub path: String,
    /// Checks made directly in it.
    pub checks: Vec<Check>,
    /// Groups in it.
    pub groups: Vec<Group>,
}

/// A part of a run with its own metrics: a scenario, or a group.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// The scenario's or group's name.
    pub name: String,
    /// Its metrics, by name, without thresholds and sub-metrics. A scenario's have all samples with
    /// its tag, a group's only those made directly in it.
    pub metrics: Vec<MetricSummary>,
    /// Its checks, by name. A scenario's are those of all its groups, a group's only its own.
    pub checks: Vec<Check>,
    /// The groups in it, in order of first appearance.
    pub groups: Vec<Section>,
}

impl Summary {
    /// Takes out the metrics and sub-metrics that nothing was measured of.
    pub fn drop_unmeasured(&mut self) {
        for metric in &mut self.metrics {
            metric.submetrics.retain(|part| !part.sink.is_empty());
        }
        self.metrics.retain(|metric| !metric.sink.is_empty() || !metric.submetrics.is_empty());
    }

    /// The metric of that name.
    pub fn metric(&self, name: &str) -> Option<&MetricSummary> {
        let at = self.metrics.binary_search_by(|metric| (*metric.metric.name).cmp(name)).ok()?;
        Some(&self.metrics[at])
    }

    /// The metrics and sub-metrics with a threshold that does not hold, sorted.
    pub fn crossed(&self) -> Vec<&str> {
        let failed = |results: &[ThresholdResult]| results.iter().any(|result| !result.ok);
        let mut names = Vec::new();
        for metric in &self.metrics {
            if failed(&metric.thresholds) {
                names.push(&*metric.metric.name);
            }
            let parts = metric.submetrics.iter().filter(|part| failed(&part.thresholds));
            names.extend(parts.map(|part| part.name.as_str()));
        }
        names.sort_unstable();
        names
    }
}
