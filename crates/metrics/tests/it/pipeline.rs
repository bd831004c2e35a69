//! The collector thread, with outputs that listen, block, fail and panic.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use sockeye_metrics::{
    Aggregator, Breach, Breakdown, Output, OutputError, Pipeline, PipelineConfig, Registry,
    RunInfo, Sample, SampleBatch, SampleBuffer, Sink, StartPipelineError, Summary, TagSet,
    Threshold, ThresholdSet, UnixNanos,
};

/// An hour: no evaluation in the test.
const NEVER: Duration = Duration::from_hours(1);
/// How many batches an output may be behind.
const QUEUE: u64 = 1024;

enum Event {
    Started,
    Samples(usize),
    Finished(u64),
}

/// Tells a test what it was told, and does what the test says.
struct Probe {
    events: mpsc::Sender<Event>,
    on_samples: Box<dyn FnMut() -> Result<(), OutputError> + Send>,
}

impl Output for Probe {
    fn description(&self) -> String {
        "probe".to_owned()
    }

    fn start(&mut self, run: &RunInfo) -> Result<(), OutputError> {
        assert!(run.registry.find("iterations").is_some());
        self.events.send(Event::Started).unwrap();
        Ok(())
    }

    fn samples(&mut self, samples: &SampleBatch, registry: &Registry) -> Result<(), OutputError> {
        assert_eq!(&*registry.series_of(samples[0].series).metric.name, "iterations");
        self.events.send(Event::Samples(samples.len())).unwrap();
        (self.on_samples)()
    }

    fn finish(&mut self, summary: &Summary) -> Result<(), OutputError> {
        self.events.send(Event::Finished(iterations(summary) as u64)).unwrap();
        Ok(())
    }
}

fn probe(
    on_samples: impl FnMut() -> Result<(), OutputError> + Send + 'static,
) -> (Box<dyn Output>, mpsc::Receiver<Event>) {
    let (events, received) = mpsc::channel();
    (Box::new(Probe { events, on_samples: Box::new(on_samples) }), received)
}

fn iterations(summary: &Summary) -> f64 {
    match &summary.metric("iterations").unwrap().sink {
        Sink::Counter(counter) => counter.sum(),
        other => panic!("{other:?} is no counter"),
    }
}

fn config(registry: &Arc<Registry>, outputs: Vec<Box<dyn Output>>) -> PipelineConfig {
    PipelineConfig {
        registry: registry.clone(),
        thresholds: ThresholdSet::default(),
        breakdown: Breakdown::Totals,
        outputs,
        eval_interval: NEVER,
        on_breach: Box::new(|_| {}),
    }
}

fn iteration(registry: &Registry) -> Sample {
    let series = registry.series(registry.builtin().iterations, &TagSet::empty());
    Sample { series, time: UnixNanos(0), value: 1.0 }
}

#[test]
fn every_sample_of_every_worker_is_counted_and_put_out() {
    let registry = Registry::new();
    let (output, events) = probe(|| Ok(()));
    let pipeline = Pipeline::start(config(&registry, vec![output])).unwrap();
    let sample = iteration(&registry);
    // A sender that outlives the run must not keep it from ending.
    let _left_over = pipeline.sender();
    thread::scope(|workers| {
        for _ in 0..4 {
            let mut buffer = SampleBuffer::new(pipeline.sender());
            workers.spawn(move || (0..10_000).for_each(|_| buffer.push(sample)));
        }
    });
    let summary = pipeline.finish(Duration::from_secs(10));
    assert_eq!(iterations(&summary), 40_000.0);
    assert_eq!((summary.outputs[0].dropped_samples, &summary.outputs[0].error), (0, &None));
    let mut put_out = 0;
    for event in events {
        match event {
            Event::Started => assert_eq!(put_out, 0),
            Event::Samples(count) => put_out += count,
            Event::Finished(count) => assert_eq!((count, put_out), (40_000, 40_000)),
        }
    }
}

#[test]
fn a_slow_output_loses_samples_and_nobody_else_does() {
    let registry = Registry::new();
    let (release, released) = mpsc::channel::<()>();
    let (slow, slow_events) = probe(move || {
        let _ = released.recv();
        Ok(())
    });
    let pipeline = Pipeline::start(config(&registry, vec![slow])).unwrap();
    let (sender, sample) = (pipeline.sender(), iteration(&registry));
    sender.send(vec![sample].into());
    let mut events = slow_events.iter();
    assert!(matches!(events.next(), Some(Event::Started)));
    assert!(matches!(events.next(), Some(Event::Samples(1))), "it is stuck with the first batch");
    for _ in 0..QUEUE + 7 {
        sender.send(vec![sample; 2].into());
    }
    let all = 1 + 2 * (QUEUE + 7);
    let view = pipeline.view();
    while view.read(Aggregator::samples) < all {
        thread::yield_now();
    }
    drop(release);
    let summary = pipeline.finish(Duration::from_secs(1));
    assert_eq!(iterations(&summary), all as f64);
    assert_eq!(summary.outputs[0].dropped_samples, 14);
    assert_eq!(summary.outputs[0].error, None);
}

#[test]
fn a_failing_output_is_reported() {
    let registry = Registry::new();
    let full = || Err(OutputError::new("write `x`", std::io::Error::other("disk full")));
    let (failing, events) = probe(full);
    let pipeline = Pipeline::start(config(&registry, vec![failing])).unwrap();
    let (sender, sample) = (pipeline.sender(), iteration(&registry));
    sender.send(vec![sample; 3].into());
    sender.send(vec![sample; 4].into());
    let summary = pipeline.finish(Duration::from_secs(1));
    assert_eq!(summary.outputs[0].error.as_deref(), Some("write `x`: disk full"));
    assert_eq!(summary.outputs[0].dropped_samples, 4);
    assert_eq!(events.iter().count(), 2, "started, and one batch");
    assert_eq!(iterations(&summary), 7.0);
}

#[test]
fn an_output_that_cannot_start_keeps_the_run_from_starting() {
    struct Refuses;
    impl Output for Refuses {
        fn description(&self) -> String {
            "json (/nowhere)".to_owned()
        }
        fn start(&mut self, _: &RunInfo) -> Result<(), OutputError> {
            Err(OutputError::new("open `/nowhere`", std::io::Error::other("no")))
        }
        fn samples(&mut self, _: &SampleBatch, _: &Registry) -> Result<(), OutputError> {
            Ok(())
        }
        fn finish(&mut self, _: &Summary) -> Result<(), OutputError> {
            Ok(())
        }
    }
    let error = Pipeline::start(config(&Registry::new(), vec![Box::new(Refuses)])).unwrap_err();
    assert_eq!(error.to_string(), "failed to start the output `json (/nowhere)`");
    let StartPipelineError::Output { source, .. } = error else { panic!() };
    assert_eq!(source.with_causes(), "open `/nowhere`: no");
}

#[test]
fn a_breach_is_told_once_while_the_run_is_on() {
    let registry = Registry::new();
    let threshold = |text, abort| {
        let mut threshold = Threshold::parse(text).unwrap();
        threshold.abort_on_fail = abort;
        threshold
    };
    let thresholds = [
        ("vus", vec![threshold("value>100", true)]),
        ("iterations", vec![threshold("count<2", true)]),
        ("iterations{a:b}", vec![threshold("count<1", false)]),
        ("dropped_iterations", vec![threshold("count>1", true)]),
    ];
    let (told, breaches) = mpsc::channel();
    let pipeline = Pipeline::start(PipelineConfig {
        thresholds: ThresholdSet::resolve(&registry, thresholds).unwrap(),
        eval_interval: Duration::from_millis(1),
        on_breach: Box::new(move |breach| told.send(breach).unwrap()),
        ..config(&registry, Vec::new())
    })
    .unwrap();
    pipeline.run_started();
    let sender = pipeline.sender();
    let tags: TagSet = [("a", "b")].into_iter().collect();
    let series = registry.series(registry.builtin().iterations, &tags);
    sender.send(vec![Sample { series, time: UnixNanos(0), value: 1.0 }].into());
    sender.send(vec![iteration(&registry)].into());
    // What has no samples, `vus` and `dropped_iterations`, does not count during the run.
    let Breach { crossed } = breaches.recv().unwrap();
    assert_eq!(crossed, ["iterations", "iterations{a:b}"]);
    let summary = pipeline.finish(Duration::from_secs(1));
    assert!(breaches.recv().is_err(), "told once");
    assert_eq!(
        summary.crossed(),
        ["dropped_iterations", "iterations", "iterations{a:b}", "vus"],
        "at the end it does count"
    );
}
