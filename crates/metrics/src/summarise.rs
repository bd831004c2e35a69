//! From what the aggregator has to the summary of the run.

use std::time::Duration;

use indexmap::IndexMap;

use crate::{
    Aggregator, Check, Group, Metric, MetricSummary, Section, Sink, SubmetricSummary, Summary,
    ThresholdResult,
    aggregator::{CheckCount, CheckKey, Part},
};

/// Between the names of a group's path.
const SEPARATOR: &str = "::";

impl Aggregator {
    /// The summary of what was measured so far. All thresholds are evaluated, those on metrics
    /// without samples too. `run_duration` is what Counters are divided by.
    pub fn summary(&self, run_duration: Duration) -> Summary {
        Summary {
            run_duration,
            metrics: self.metric_summaries(run_duration),
            checks: by_name(&self.checks, |_| true),
            root_group: self.root_group(),
            scenarios: self.scenario_sections(),
            groups: self.group_sections(None),
            outputs: Vec::new(),
        }
    }

    fn metric_summaries(&self, run_duration: Duration) -> Vec<MetricSummary> {
        let metrics = self.registry.metrics();
        let with_sink = |metric: Metric| {
            let sink = self.total(metric.id)?.clone();
            Some(MetricSummary { metric, sink, thresholds: Vec::new(), submetrics: Vec::new() })
        };
        let mut summaries: Vec<MetricSummary> = metrics.into_iter().filter_map(with_sink).collect();
        summaries.sort_by(|a, b| a.metric.name.cmp(&b.metric.name));
        for (watched, &sink) in self.thresholds.iter().zip(&self.watched) {
            let sink = &self.sinks[sink];
            let evaluate = watched.thresholds.iter().map(|t| t.evaluate(sink, run_duration));
            let thresholds: Vec<ThresholdResult> = evaluate.collect();
            let found = summaries.iter_mut().find(|metric| metric.metric.id == watched.metric.id);
            let Some(metric) = found else { continue };
            match &watched.selector.submetric {
                None => metric.thresholds.extend(thresholds),
                Some(part) => metric.submetrics.push(SubmetricSummary {
                    name: watched.selector.name(),
                    suffix: part.suffix.clone(),
                    tags: part.tags.clone(),
                    sink: sink.clone(),
                    thresholds,
                }),
            }
        }
        for metric in &mut summaries {
            metric.submetrics.sort_by(|a, b| a.name.cmp(&b.name));
        }
        summaries
    }

    fn root_group(&self) -> Group {
        let mut root = Group::default();
        for part in self.groups.iter().filter(|part| !is_lifecycle_function(part)) {
            descend(&mut root, part.group.as_deref().unwrap_or_default());
        }
        for (key, count) in &self.checks {
            let group = descend(&mut root, &key.group);
            match group.checks.iter_mut().find(|check| check.name == key.name) {
                Some(check) => check.add(*count),
                None => group.checks.push(Check::new(key, *count)),
            }
        }
        root
    }

    fn scenario_sections(&self) -> Vec<Section> {
        let scenarios: Vec<&Part> =
            self.parts.keys().map(|(part, _)| part).filter(|part| part.group.is_none()).collect();
        let mut sections: Vec<Section> = Vec::new();
        for part in scenarios {
            let Some(name) = &part.scenario else { continue };
            if sections.iter().any(|section| section.name == *name) {
                continue;
            }
            sections.push(Section {
                name: name.clone(),
                metrics: self.part_metrics(part),
                checks: by_name(&self.checks, |key| key.scenario == part.scenario),
                groups: self.group_sections(part.scenario.as_deref()),
            });
        }
        sections
    }

    /// The groups of a scenario, or of what is outside all, as a tree.
    fn group_sections(&self, scenario: Option<&str>) -> Vec<Section> {
        let mut root = Section::default();
        if self.parts.is_empty() {
            return root.groups;
        }
        for part in self.groups.iter().filter(|part| part.scenario.as_deref() == scenario) {
            let path = part.group.as_deref().unwrap_or_default();
            let mut section = &mut root;
            for name in names(path) {
                let at = section.groups.iter().position(|group| group.name == name);
                let at = at.unwrap_or_else(|| {
                    section.groups.push(Section { name: name.to_owned(), ..Section::default() });
                    section.groups.len() - 1
                });
                section = &mut section.groups[at];
            }
            section.metrics = self.part_metrics(part);
            section.checks = by_name(&self.checks, |key| {
                key.scenario.as_deref() == scenario && key.group == path
            });
        }
        root.groups
    }

    fn part_metrics(&self, part: &Part) -> Vec<MetricSummary> {
        let of_part = self.parts.iter().filter(|((of, _), _)| of == part);
        let mut metrics: Vec<MetricSummary> = of_part
            .map(|((_, metric), &sink)| MetricSummary {
                metric: self.registry.metric(*metric),
                sink: Sink::clone(&self.sinks[sink]),
                thresholds: Vec::new(),
                submetrics: Vec::new(),
            })
            .collect();
        metrics.sort_by(|a, b| a.metric.name.cmp(&b.metric.name));
        metrics
    }
}

impl Check {
    fn new(key: &CheckKey, count: CheckCount) -> Self {
        Self {
            name: key.name.clone(),
            path: format!("{}{SEPARATOR}{}", key.group, key.name),
            passes: count.passes,
            fails: count.fails,
        }
    }

    fn add(&mut self, count: CheckCount) {
        self.passes += count.passes;
        self.fails += count.fails;
    }
}

/// k6: what `setup` and `teardown` measure has a group; it is told if there are checks or groups in
/// it.
fn is_lifecycle_function(part: &Part) -> bool {
    part.scenario.is_none() && matches!(part.group.as_deref(), Some("::setup" | "::teardown"))
}

/// k6: checks of one name are one line of the summary, whatever their groups.
fn by_name(
    checks: &IndexMap<CheckKey, CheckCount>,
    wanted: impl Fn(&CheckKey) -> bool,
) -> Vec<Check> {
    let mut named: IndexMap<&str, Check> = IndexMap::new();
    for (key, count) in checks.iter().filter(|(key, _)| wanted(key)) {
        named
            .entry(&key.name)
            .and_modify(|check| check.add(*count))
            .or_insert_with(|| Check::new(key, *count));
    }
    named.into_values().collect()
}

/// The group at `path` below `root`, made if it is not there.
fn descend<'a>(root: &'a mut Group, path: &str) -> &'a mut Group {
    let mut group = root;
    for name in names(path) {
        let at = group.groups.iter().position(|group| group.name == name);
        let at = at.unwrap_or_else(|| {
            let path = format!("{}{SEPARATOR}{name}", group.path);
            group.groups.push(Group { name: name.to_owned(), path, ..Group::default() });
            group.groups.len() - 1
        });
        group = &mut group.groups[at];
    }
    group
}

fn names(path: &str) -> impl Iterator<Item = &str> {
    // The path begins with a separator, so what comes before it is no name.
    path.split(SEPARATOR).skip(1)
}
