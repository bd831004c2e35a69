//! Many VUs of one worker, which share runtimes of the engine: none notices another.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use sockeye_engine::vu::{
    Activation, ActivationEnd, IterationEnd, IterationSource, IterationTicket, Next, VuFactory,
    VuHandle, VuIds,
};
use tokio_util::sync::CancellationToken;

use crate::harness::{self, Log};

/// So many iterations for one VU.
struct Few(AtomicU64);

impl IterationSource for Few {
    fn next(&self) -> Next {
        let Some(left) = self.0.load(Relaxed).checked_sub(1) else { return Next::Exhausted };
        self.0.store(left, Relaxed);
        Next::Run(IterationTicket { in_instance: left, in_test: left })
    }

    fn finished(&self, _: IterationEnd) {}
}

/// Runs a script in `vus` VUs of one worker at once, and returns what they logged, sorted. The first
/// VU is interrupted after `first_for`, the others are not.
fn run(script: &str, vus: u64, iterations: u64, first_for: Option<Duration>) -> Vec<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/scripts/groups");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        let log = Arc::new(Log::default());
        let whole = CancellationToken::new();
        let (_, factory, _batches) = harness::start(&path.join(script), &log, 1, &whole).await;
        let mut handles = Vec::new();
        for number in 1..=vus {
            let ids = VuIds { in_instance: number, in_test: number };
            handles.push(factory.init(ids).await.unwrap());
        }
        let scenario = harness::scenario();
        let mut running = tokio::task::JoinSet::new();
        let first = CancellationToken::new();
        for (index, mut vu) in handles.into_iter().enumerate() {
            let interrupt = if index == 0 { first.clone() } else { whole.clone() };
            let activation = Activation {
                scenario: scenario.clone(),
                source: Arc::new(Few(AtomicU64::new(iterations))),
                stop: CancellationToken::new(),
                interrupt,
            };
            running.spawn(async move { vu.run(activation).await });
        }
        if let Some(limit) = first_for {
            tokio::time::sleep(limit).await;
            first.cancel();
        }
        while let Some(end) = running.join_next().await {
            let end = end.unwrap();
            assert!(end == ActivationEnd::Exhausted || first_for.is_some(), "{end:?}");
        }
        factory.shut_down();
        let mut lines = log.take();
        lines.sort();
        lines
    })
}

fn each_vu_says(lines: &[String], vus: std::ops::RangeInclusive<u64>, what: &str) {
    let mut expected: Vec<String> = vus.map(|vu| format!("info: {vu} {what}")).collect();
    expected.sort();
    assert_eq!(lines, expected);
}

#[test]
fn scripts_that_wait_in_each_others_way_do_what_they_do_alone() {
    each_vu_says(&run("suspended.js", 40, 3, None), 1..=40, "3 iterations");
}

#[test]
fn no_object_can_be_reached_from_two_vus() {
    let mut lines = run("strangers.js", 20, 2, None);
    // An old name of a module is warned about.
    lines.retain(|line| line.starts_with("info: "));
    assert_eq!(lines.len(), 20, "{lines:#?}");
    for line in lines {
        // `info: VU objects=N foreign=`
        let (count, foreign) = line.split_once("objects=").unwrap().1.split_once(' ').unwrap();
        assert!(count.parse::<u32>().unwrap() > 1000, "{line}");
        assert_eq!(foreign, "foreign=", "{line}");
    }
}

#[test]
fn a_loop_without_end_is_the_end_of_its_own_vu_only() {
    let lines = run("endless.js", 17, 2, Some(Duration::from_millis(300)));
    each_vu_says(&lines, 2..=17, "done");
}
