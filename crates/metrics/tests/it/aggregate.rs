//! What real k6 1.1.0 shows for the same samples.

use std::{sync::Arc, time::Duration};

use sockeye_metrics::{
    Aggregator, Breakdown, Check, MetricKind, Registry, Sample, Section, Sink, Summary, TagSet,
    Threshold, ThresholdSet, UnixNanos, ValueKind,
};

struct Run {
    registry: Arc<Registry>,
    aggregator: Aggregator,
}

impl Run {
    fn new(breakdown: Breakdown, thresholds: &[(&str, &[&str])]) -> Self {
        let registry = Registry::new();
        for name in ["my_t", "unused"] {
            registry.register(name, MetricKind::Trend, ValueKind::Default).unwrap();
        }
        let parse = |list: &[&str]| list.iter().map(|t| Threshold::parse(t).unwrap()).collect();
        let thresholds = thresholds.iter().map(|(name, list)| (*name, parse(list)));
        let thresholds = ThresholdSet::resolve(&registry, thresholds).unwrap();
        let aggregator = Aggregator::new(registry.clone(), thresholds, breakdown);
        Self { registry, aggregator }
    }

    fn add(&mut self, metric: &str, tags: &[(&str, &str)], value: f64) {
        let metric = self.registry.find(metric).unwrap().id;
        let tags: TagSet = tags.iter().copied().collect();
        let series = self.registry.series(metric, &tags);
        self.aggregator.add(&[Sample { series, time: UnixNanos(1), value }]);
    }

    fn summary(&self) -> Summary {
        self.aggregator.summary(Duration::from_secs(2))
    }
}

fn trend_count(sink: &Sink) -> u64 {
    let Sink::Trend(trend) = sink else { panic!("{sink:?} is no trend") };
    trend.count()
}

fn counts(checks: &[Check]) -> Vec<(&str, u64, u64)> {
    checks.iter().map(|check| (check.name.as_str(), check.passes, check.fails)).collect()
}

#[test]
fn only_what_has_samples_or_thresholds_is_shown() {
    let mut run = Run::new(
        Breakdown::Totals,
        &[("unused{a:b}", &["avg<1"]), ("vus", &[]), ("checks", &["rate>0.9"])],
    );
    run.add("iterations", &[], 1.0);
    let summary = run.summary();
    let names: Vec<&str> = summary.metrics.iter().map(|m| &*m.metric.name).collect();
    assert_eq!(names, ["checks", "iterations", "unused", "vus"]);
    assert_eq!(trend_count(&summary.metric("unused").unwrap().sink), 0);
    assert_eq!(summary.metric("unused").unwrap().submetrics[0].name, "unused{a:b}");
    // k6: a Rate without values meets any threshold.
    assert!(summary.crossed().is_empty());
    assert!(summary.scenarios.is_empty() && summary.groups.is_empty());
}

#[test]
fn submetrics_take_what_has_all_their_tags() {
    let mut run = Run::new(
        Breakdown::Totals,
        &[
            ("my_t{c:d, a:b}", &["max<3"]),
            ("my_t{a:b}", &["max<4", "min>0"]),
            ("my_t{a:zzz}", &["avg>=1"]),
            ("my_t", &["max<3"]),
        ],
    );
    run.add("my_t", &[("a", "b")], 1.0);
    run.add("my_t", &[("a", "b"), ("c", "d")], 2.0);
    run.add("my_t", &[("a", "x"), ("c", "d")], 3.0);
    let summary = run.summary();
    let metric = summary.metric("my_t").unwrap();
    assert_eq!(trend_count(&metric.sink), 3);
    let parts: Vec<_> =
        metric.submetrics.iter().map(|p| (p.suffix.as_str(), trend_count(&p.sink))).collect();
    assert_eq!(parts, [("a:b", 2), ("a:zzz", 0), ("c:d, a:b", 1)]);
    assert_eq!(summary.crossed(), ["my_t", "my_t{a:zzz}"]);
    // During the run, what has no samples is left alone.
    let evaluation = run.aggregator.evaluate(Duration::from_secs(1));
    assert_eq!((evaluation.crossed, evaluation.abort), (vec!["my_t".to_owned()], false));
}

#[test]
fn checks_are_counted_by_group_and_by_name() {
    let mut run = Run::new(Breakdown::Totals, &[]);
    let check = |run: &mut Run, group, name, extra, value| {
        run.add("checks", &[("group", group), ("check", name), ("scenario", extra)], value);
    };
    for _ in 0..2 {
        check(&mut run, "", "same", "one", 1.0);
        check(&mut run, "", "", "one", 1.0);
        check(&mut run, "::g1", "same", "two", 0.0);
        check(&mut run, "::g1::g1", "same", "one", 1.0);
        check(&mut run, "::g1", "same", "one", 0.0);
    }
    run.add("group_duration", &[("group", "::empty")], 1.0);
    run.add("checks", &[("group", "::g1")], 1.0);
    let summary = run.summary();
    assert_eq!(counts(&summary.checks), [("same", 4, 4), ("", 2, 0)]);
    let root = &summary.root_group;
    assert_eq!(counts(&root.checks), [("same", 2, 0), ("", 2, 0)]);
    assert_eq!(root.checks[1].path, "::");
    let names: Vec<_> = root.groups.iter().map(|g| (&*g.name, &*g.path)).collect();
    assert_eq!(names, [("g1", "::g1"), ("empty", "::empty")]);
    let g1 = &root.groups[0];
    assert_eq!(counts(&g1.checks), [("same", 0, 4)]);
    assert_eq!(g1.checks[0].path, "::g1::same");
    assert_eq!(counts(&g1.groups[0].checks), [("same", 2, 0)]);
    assert_eq!(g1.groups[0].path, "::g1::g1");
    let Sink::Rate(checks) = &summary.metric("checks").unwrap().sink else { panic!() };
    assert_eq!((checks.passes(), checks.fails()), (7, 4));
}

#[test]
fn scenarios_and_groups_have_their_own_metrics() {
    let mut run = Run::new(Breakdown::ScenariosAndGroups, &[("my_t{scenario:s2}", &[])]);
    run.add("my_t", &[("group", "::setup")], 100.0);
    run.add("checks", &[("group", "::setup::in"), ("check", "s")], 1.0);
    run.add("my_t", &[("group", ""), ("scenario", "s1")], 1.0);
    run.add("my_t", &[("group", "::g1"), ("scenario", "s1")], 2.0);
    run.add("my_t", &[("group", "::g1::g2"), ("scenario", "s1")], 3.0);
    run.add("checks", &[("group", "::g1"), ("scenario", "s1"), ("check", "c")], 0.0);
    run.add("my_t", &[("group", "::g1"), ("scenario", "s2")], 20.0);
    let summary = run.summary();
    let trend = |section: &Section| {
        let metric = section.metrics.iter().find(|m| &*m.metric.name == "my_t");
        metric.map(|metric| trend_count(&metric.sink))
    };
    let names = |sections: &[Section]| -> Vec<String> {
        sections.iter().map(|section| section.name.clone()).collect()
    };
    assert_eq!(names(&summary.groups), ["setup"]);
    assert_eq!(trend(&summary.groups[0]), Some(1));
    assert_eq!(counts(&summary.groups[0].groups[0].checks), [("s", 1, 0)]);
    assert_eq!(names(&summary.scenarios), ["s1", "s2"]);
    let s1 = &summary.scenarios[0];
    assert_eq!(trend(s1), Some(3));
    assert_eq!(counts(&s1.checks), [("c", 0, 1)]);
    assert_eq!(names(&s1.groups), ["g1"]);
    assert_eq!(trend(&s1.groups[0]), Some(1));
    assert_eq!(names(&s1.groups[0].groups), ["g2"]);
    assert_eq!(trend(&s1.groups[0].groups[0]), Some(1));
    assert_eq!(trend(&summary.scenarios[1]), Some(1));
    assert_eq!(trend_count(&summary.metric("my_t").unwrap().sink), 5);
}
