//! A small run: metrics of every kind, sub-metrics, thresholds of every form, checks in groups.

use std::{collections::BTreeMap, ops::Range, sync::Arc, time::Duration};

use sockeye_metrics::{
    Aggregator, Breakdown, MetricKind, Registry, RunInfo, Sample, SampleBatch, Summary, TagSet,
    Threshold, ThresholdSet, UnixNanos, ValueKind,
};

/// The time of the first sample: 2026-11-22T23:22:40.781946316Z.
const START: i64 = 1_795_389_760_781_946_316;

pub(crate) struct Run {
    pub(crate) registry: Arc<Registry>,
    pub(crate) thresholds: ThresholdSet,
    pub(crate) samples: Vec<Sample>,
    /// By position of the sample.
    metadata: BTreeMap<usize, TagSet>,
}

impl Run {
    pub(crate) fn new() -> Self {
        let registry = Registry::new();
        for (name, kind, value) in [
            ("my_c", MetricKind::Counter, ValueKind::Default),
            ("my_g", MetricKind::Gauge, ValueKind::Default),
            ("my_r", MetricKind::Rate, ValueKind::Default),
            ("my_t", MetricKind::Trend, ValueKind::Default),
            ("my_tt", MetricKind::Trend, ValueKind::Time),
            ("unused_t", MetricKind::Trend, ValueKind::Default),
            ("unused_r", MetricKind::Rate, ValueKind::Default),
        ] {
            registry.register(name, kind, value).unwrap();
        }
        let thresholds = thresholds(&registry);
        let mut run = Self { registry, thresholds, samples: Vec::new(), metadata: BTreeMap::new() };
        run.play();
        run
    }

    fn play(&mut self) {
        for iteration in 0..3 {
            let n = f64::from(iteration);
            self.add("my_c", &[], 2.0);
            self.add("my_g", &[], n);
            self.add("my_r", &[], n % 2.0);
            self.add("my_t", &[("foo", "bar")], n * 1.5);
            self.add("my_tt", &[("k\"<>&é\u{2028}\n", "\u{1}\\/😀")], 12.345_678);
            self.add("checks", &[("check", "is one")], 1.0);
            self.add("checks", &[("check", "is two")], 0.0);
            let inner = "::my grp::inner \"q\"";
            self.add("checks", &[("check", "in g"), ("group", "::my grp")], 1.0);
            self.add("checks", &[("check", "deep é"), ("group", inner)], n.min(1.0));
            self.add("group_duration", &[("group", inner)], 0.025_578);
            let metadata = [("vu", "1"), ("iter", &iteration.to_string())].into_iter().collect();
            self.metadata.insert(self.samples.len(), metadata);
            self.add("data_sent", &[], 1e6 * n);
            self.add("iterations", &[], 1.0);
        }
        self.add("my_g", &[("v", "small")], 1e-7);
        self.add("my_g", &[("v", "infinite")], f64::INFINITY);
    }

    /// Samples are 1.00000001 s apart.
    fn add(&mut self, metric: &str, tags: &[(&str, &str)], value: f64) {
        let base: TagSet = [("group", ""), ("scenario", "default")].into_iter().collect();
        let metric = self.registry.find(metric).unwrap().id;
        let series = self.registry.series(metric, &base.with_all(tags.iter().copied()));
        let nanos = i64::try_from(self.samples.len()).unwrap() * 1_000_000_010;
        let time = UnixNanos(START + nanos);
        self.samples.push(Sample { series, time, value });
    }

    /// The samples of `range` as a worker hands them over.
    pub(crate) fn batch(&self, range: Range<usize>) -> SampleBatch {
        let mut batch = SampleBatch::default();
        for at in range {
            batch.push(self.samples[at], self.metadata.get(&at));
        }
        batch
    }

    pub(crate) fn info(&self) -> RunInfo {
        RunInfo { registry: self.registry.clone(), thresholds: self.thresholds.clone() }
    }

    pub(crate) fn summary(&self) -> Summary {
        let mut aggregator =
            Aggregator::new(self.registry.clone(), self.thresholds.clone(), Breakdown::Totals);
        aggregator.add(&self.samples);
        aggregator.summary(Duration::from_millis(1500))
    }
}

fn thresholds(registry: &Registry) -> ThresholdSet {
    let plain = |text: &str| Threshold::parse(text).unwrap();
    let aborting = |text: &str, delay_abort_eval| Threshold {
        abort_on_fail: true,
        delay_abort_eval,
        ..plain(text)
    };
    let thresholds = [
        ("my_c", vec![plain("count>2"), plain("rate>0")]),
        ("my_c{a:b, c:d}", vec![plain("count==0")]),
        (
            "my_t",
            vec![
                plain("p(95)<1"),
                aborting(" avg<1000 ", None),
                aborting("max < 3", Some(Duration::from_millis(90_500))),
            ],
        ),
        ("my_t{foo:bar}", vec![plain("avg>=0")]),
        ("my_t{foo:<zzz>}", vec![]),
        ("my_r", vec![plain("rate>0.5")]),
        ("unused_t", vec![plain("p(95)<1")]),
        ("unused_r", vec![plain("rate>0.1")]),
    ];
    ThresholdSet::resolve(registry, thresholds).unwrap()
}

/// Compares with a golden file; `UPDATE_GOLDEN=1` writes it anew, to be read before it is kept.
pub(crate) fn check_golden(name: &str, got: &str) {
    let path = format!("{}/tests/it/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, got).unwrap();
    }
    let want = std::fs::read_to_string(&path).unwrap_or_default();
    for (n, (got, want)) in got.lines().zip(want.lines()).enumerate() {
        assert_eq!(got, want, "line {} of {name}", n + 1);
    }
    assert_eq!(got.len(), want.len(), "the length of {name}");
}
