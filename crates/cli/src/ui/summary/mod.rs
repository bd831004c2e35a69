//! The end-of-test summary as text. A report is chapters (`█ THRESHOLDS`, `█ TOTAL RESULTS`, …), a
//! chapter is blocks of lines with an empty line between them.
// k6: the layout is k6's to the byte; people and tools know where to look.

mod chapter;
mod checks;
mod metrics;
mod section;
mod thresholds;
mod value;

use sockeye_metrics::{Summary, TrendStat};

use super::{number::TimeUnit, style::Style};

/// How much a summary tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SummaryMode {
    /// The whole run, without the parts of an HTTP request.
    Compact,
    /// Each scenario and group on its own as well.
    Full,
    /// Nothing.
    Disabled,
}

/// How a summary is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Look {
    /// How much.
    pub(crate) mode: SummaryMode,
    /// What is shown of Trends, in this order, with the words that the options have for it.
    pub(crate) trend_stats: Vec<(String, TrendStat)>,
    /// The unit of all times; without one, each value has the unit that suits it.
    pub(crate) time_unit: Option<TimeUnit>,
    /// Colours.
    pub(crate) style: Style,
}

/// The summary as it is printed, with the empty lines around it.
pub(crate) fn render(summary: &Summary, look: &Look) -> String {
    if look.mode == SummaryMode::Disabled {
        return String::new();
    }
    let chapters = chapter::chapters(summary, look);
    format!("\n\n{}\n\n\n", chapters.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sockeye_metrics::{
        Aggregator, Breakdown, MetricKind, Registry, Sample, TagSet, Threshold, ThresholdSet,
        UnixNanos, ValueKind,
    };

    use super::*;

    fn named(stats: &[TrendStat]) -> Vec<(String, TrendStat)> {
        stats.iter().map(|stat| (stat.to_string(), *stat)).collect()
    }

    fn look(mode: SummaryMode) -> Look {
        Look { mode, trend_stats: named(&TrendStat::DEFAULT), time_unit: None, style: Style::Plain }
    }

    /// The run whose summary k6 prints as these snapshots have it: two VUs, six iterations.
    fn sample_summary() -> Summary {
        let registry = Registry::new();
        let custom = |name, kind, value| registry.register(name, kind, value).unwrap();
        let counter = custom("my_counter", MetricKind::Counter, ValueKind::Default);
        let gauge = custom("my_gauge", MetricKind::Gauge, ValueKind::Default);
        let rate = custom("my_rate", MetricKind::Rate, ValueKind::Default);
        let time = custom("my_time", MetricKind::Trend, ValueKind::Time);
        let trend = custom("my_trend", MetricKind::Trend, ValueKind::Default);
        let promises = [
            ("my_counter", vec!["count<100"]),
            ("my_trend{a:b}", vec!["p(95)<200", "avg<1"]),
            ("my_time", vec!["max<5"]),
            ("checks", vec!["rate>0.5"]),
            ("checks{group:::grp}", vec!["rate>0.5"]),
            ("my_gauge", vec!["value<3"]),
        ];
        let parsed = promises.into_iter().map(|(name, sources)| {
            (name, sources.into_iter().map(|source| Threshold::parse(source).unwrap()).collect())
        });
        let thresholds = ThresholdSet::resolve(&registry, parsed).unwrap();
        let builtin = *registry.builtin();
        let mut aggregator =
            Aggregator::new(registry.clone(), thresholds, Breakdown::ScenariosAndGroups);
        let mut add = |metric, tags: &[(&str, &str)], value| {
            let scenario = [("scenario", "default"), ("group", "")];
            let tags: TagSet = scenario.iter().chain(tags).copied().collect();
            let series = registry.series(metric, &tags);
            aggregator.add(&[Sample { series, time: UnixNanos(0), value }]);
        };
        for iteration in 0..6 {
            let (grp, inner) = (("group", "::grp"), ("group", "::grp::inner"));
            add(builtin.checks, &[("check", "is ok")], 1.0);
            add(builtin.checks, &[("check", "is bad")], f64::from(u8::from(iteration % 3 != 2)));
            add(builtin.checks, &[grp, ("check", "in group")], 1.0);
            add(builtin.checks, &[inner, ("check", "deep")], f64::from(u8::from(iteration > 0)));
            add(builtin.group_duration, &[grp], 0.1);
            add(counter, &[grp], 1.0);
            add(gauge, &[], 2.0);
            add(rate, &[], 1.0);
            add(trend, &[], 1.5);
            add(trend, &[("a", "b")], 2.25);
            add(time, &[], 1234.5);
            add(time, &[], 0.02);
            add(builtin.iterations, &[], 1.0);
            add(builtin.iteration_duration, &[], 500.925);
        }
        for metric in [builtin.vus, builtin.vus_max] {
            add(metric, &[], 2.0);
        }
        add(builtin.data_sent, &[], 0.0);
        add(builtin.data_received, &[], 1049.0);
        add(builtin.ws_sessions, &[], 3.0);
        add(builtin.http_req_waiting, &[], 3.0);
        aggregator.summary(Duration::from_millis(1503))
    }

    #[test]
    fn compact() {
        insta::assert_snapshot!(render(&sample_summary(), &look(SummaryMode::Compact)));
    }

    #[test]
    fn full() {
        insta::assert_snapshot!(render(&sample_summary(), &look(SummaryMode::Full)));
    }

    #[test]
    fn colored() {
        let look = Look { style: Style::Colored, ..look(SummaryMode::Compact) };
        insta::assert_snapshot!(render(&sample_summary(), &look).replace('\x1b', "ESC"));
    }

    #[test]
    fn one_time_unit_and_other_statistics() {
        let look = Look {
            trend_stats: named(&[TrendStat::Count, TrendStat::Percentile(99.9)]),
            time_unit: Some(TimeUnit::Millis),
            ..look(SummaryMode::Compact)
        };
        insta::assert_snapshot!(render(&sample_summary(), &look));
    }

    #[test]
    fn a_run_that_measured_nothing() {
        let registry = Registry::new();
        let aggregator = Aggregator::new(registry, ThresholdSet::default(), Breakdown::Totals);
        let summary = aggregator.summary(Duration::ZERO);
        assert_eq!(render(&summary, &look(SummaryMode::Compact)), "\n\n  █ TOTAL RESULTS \n\n\n\n");
        assert_eq!(render(&summary, &look(SummaryMode::Disabled)), "");
    }
}
