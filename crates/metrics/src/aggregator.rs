//! Batches of samples to sinks: one for each metric, one for each sub-metric, and, if asked for,
//! one for each scenario and group. Which sinks a series feeds is worked out once, when its first
//! sample comes.

use std::{sync::Arc, time::Duration};

use indexmap::{IndexMap, IndexSet};

use crate::{
    Evaluation, MetricId, Registry, Sample, SeriesId, Sink, SystemTag, TagSet, ThresholdSet,
};

/// Everything a run has measured so far.
#[derive(Debug)]
pub struct Aggregator {
    pub(crate) registry: Arc<Registry>,
    pub(crate) thresholds: ThresholdSet,
    breakdown: Breakdown,
    /// Every sink; the tables below have positions in it.
    pub(crate) sinks: Vec<Sink>,
    /// By position of the metric in the registry.
    pub(crate) totals: Vec<Option<SinkIndex>>,
    /// In the order of `thresholds`.
    pub(crate) watched: Vec<SinkIndex>,
    /// What a part of the run did to a metric.
    pub(crate) parts: IndexMap<(Part, MetricId), SinkIndex>,
    /// In order of first appearance.
    pub(crate) checks: IndexMap<CheckKey, CheckCount>,
    /// Parts that are groups, in order of first appearance.
    pub(crate) groups: IndexSet<Part>,
    /// By position of the series in the registry.
    routes: Vec<Option<Route>>,
    samples: u64,
}

/// How finely metrics are kept apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Breakdown {
    /// For the whole run and the sub-metrics only.
    #[default]
    Totals,
    /// For each scenario and each group as well, as the full summary shows.
    ScenariosAndGroups,
}

pub(crate) type SinkIndex = usize;

/// A part of a run: what belongs to a scenario, to a group, or to a group in a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Part {
    /// `None` outside scenarios: in `setup` and `teardown`.
    pub(crate) scenario: Option<String>,
    /// The path of the group, such as `::outer::inner`; `None` for all of the scenario.
    pub(crate) group: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CheckKey {
    pub(crate) scenario: Option<String>,
    /// The path of the group, empty for none.
    pub(crate) group: String,
    pub(crate) name: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CheckCount {
    pub(crate) passes: u64,
    pub(crate) fails: u64,
}

/// What a sample of one series feeds.
#[derive(Clone, Debug)]
struct Route {
    sinks: Box<[SinkIndex]>,
    check: Option<usize>,
}

impl Aggregator {
    /// An aggregator without samples. `thresholds` name the sub-metrics to keep.
    pub fn new(registry: Arc<Registry>, thresholds: ThresholdSet, breakdown: Breakdown) -> Self {
        let mut aggregator = Self {
            registry,
            thresholds: ThresholdSet::default(),
            breakdown,
            sinks: Vec::new(),
            totals: Vec::new(),
            watched: Vec::new(),
            parts: IndexMap::new(),
            checks: IndexMap::new(),
            groups: IndexSet::new(),
            routes: Vec::new(),
            samples: 0,
        };
        for watched in thresholds.iter() {
            let total = aggregator.total_of(watched.metric.id);
            let sink = match watched.selector.submetric {
                None => total,
                Some(_) => push(&mut aggregator.sinks, Sink::new(watched.metric.kind)),
            };
            aggregator.watched.push(sink);
        }
        aggregator.thresholds = thresholds;
        aggregator
    }

    /// Adds samples.
    pub fn add(&mut self, batch: &[Sample]) {
        self.samples += batch.len() as u64;
        for sample in batch {
            let at = sample.series.index();
            if !matches!(self.routes.get(at), Some(Some(_))) {
                self.open(sample.series);
            }
            let Some(Some(route)) = self.routes.get(at) else { continue };
            for &sink in &route.sinks {
                self.sinks[sink].add(sample.value, sample.time);
            }
            if let Some(check) = route.check {
                let count = &mut self.checks[check];
                if sample.value == 0.0 { count.fails += 1 } else { count.passes += 1 }
            }
        }
    }

    /// How many samples were added.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// The registry whose metrics are aggregated.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// The aggregate of a whole metric, if it has samples or is named by a threshold.
    pub fn total(&self, metric: MetricId) -> Option<&Sink> {
        let index = (*self.totals.get(metric.index())?)?;
        Some(&self.sinks[index])
    }

    /// Evaluates all thresholds during the run. Metrics without samples are left alone, so that a
    /// run is not ended before it has done anything.
    pub fn evaluate(&self, elapsed: Duration) -> Evaluation {
        let mut evaluation = Evaluation::default();
        for (watched, &sink) in self.thresholds.iter().zip(&self.watched) {
            let sink = &self.sinks[sink];
            if sink.is_empty() {
                continue;
            }
            let mut crossed =
                watched.thresholds.iter().filter(|t| !t.evaluate(sink, elapsed).ok).peekable();
            if crossed.peek().is_some() {
                evaluation.crossed.push(watched.selector.name());
            }
            evaluation.abort |= crossed.any(|threshold| threshold.aborts_at(elapsed));
        }
        evaluation.crossed.sort_unstable();
        evaluation
    }

    /// Works out what a series feeds.
    fn open(&mut self, id: SeriesId) {
        let series = self.registry.series_of(id);
        let metric = series.metric.id;
        let mut sinks = vec![self.total_of(metric)];
        for (watched, &sink) in self.thresholds.iter().zip(&self.watched) {
            let submetric = watched.selector.submetric.as_ref();
            if watched.metric.id == metric
                && submetric.is_some_and(|part| series.tags.contains(&part.tags))
            {
                sinks.push(sink);
            }
        }
        let scenario = series.tags.get(SystemTag::Scenario.as_str()).map(str::to_owned);
        let group = series.tags.get(SystemTag::Group.as_str()).unwrap_or_default().to_owned();
        if !group.is_empty() {
            self.groups.insert(Part { scenario: scenario.clone(), group: Some(group.clone()) });
        }
        if self.breakdown == Breakdown::ScenariosAndGroups {
            let in_scenario =
                scenario.is_some().then(|| Part { scenario: scenario.clone(), group: None });
            let in_group = (!group.is_empty())
                .then(|| Part { scenario: scenario.clone(), group: Some(group.clone()) });
            for part in in_scenario.into_iter().chain(in_group) {
                let Self { parts, sinks: all, .. } = self;
                let kind = series.metric.kind;
                sinks.push(
                    *parts.entry((part, metric)).or_insert_with(|| push(all, Sink::new(kind))),
                );
            }
        }
        let check = (metric == self.registry.builtin().checks)
            .then(|| self.check_of(scenario, group, &series.tags))
            .flatten();
        if self.routes.len() <= id.index() {
            self.routes.resize(id.index() + 1, None);
        }
        self.routes[id.index()] = Some(Route { sinks: sinks.into(), check });
    }

    fn total_of(&mut self, metric: MetricId) -> SinkIndex {
        if self.totals.len() <= metric.index() {
            self.totals.resize(metric.index() + 1, None);
        }
        let Self { registry, sinks, totals, .. } = self;
        *totals[metric.index()]
            .get_or_insert_with(|| push(sinks, Sink::new(registry.metric(metric).kind)))
    }

    fn check_of(
        &mut self,
        scenario: Option<String>,
        group: String,
        tags: &TagSet,
    ) -> Option<usize> {
        let name = tags.get(SystemTag::Check.as_str())?.to_owned();
        let entry = self.checks.entry(CheckKey { scenario, group, name });
        let at = entry.index();
        entry.or_default();
        Some(at)
    }
}

fn push(sinks: &mut Vec<Sink>, sink: Sink) -> SinkIndex {
    sinks.push(sink);
    sinks.len() - 1
}
