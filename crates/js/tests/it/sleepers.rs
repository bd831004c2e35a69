//! Ten thousand VUs that sleep at the same time on two threads: `sleep` blocks its VU and no thread. Each
//! has random numbers of its own.

use std::{
    collections::BTreeSet,
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

const VUS: u64 = 10_000;

/// One iteration for each VU; counts how many run at once.
#[derive(Default)]
struct OneEach {
    begun: AtomicU64,
    running: AtomicU64,
    most: AtomicU64,
    complete: AtomicU64,
}

struct Share(Arc<OneEach>, AtomicU64);

impl IterationSource for Share {
    fn next(&self) -> Next {
        if self.1.fetch_add(1, Relaxed) > 0 {
            return Next::Exhausted;
        }
        let number = self.0.begun.fetch_add(1, Relaxed);
        let running = self.0.running.fetch_add(1, Relaxed) + 1;
        self.0.most.fetch_max(running, Relaxed);
        Next::Run(IterationTicket { in_instance: number, in_test: number })
    }

    fn finished(&self, end: IterationEnd) {
        self.0.running.fetch_sub(1, Relaxed);
        if end == IterationEnd::Complete {
            self.0.complete.fetch_add(1, Relaxed);
        }
    }
}

#[test]
fn ten_thousand_vus_sleep_at_once_on_two_threads() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/scripts/sleeper.js");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        let log = Arc::new(Log::default());
        let interrupt = CancellationToken::new();
        let (bundle, factory, _batches) = harness::start(&path, &log, 2, &interrupt).await;
        drop(bundle);
        let mut vus = Vec::new();
        for number in 1..=VUS {
            vus.push(factory.init(VuIds { in_instance: number, in_test: number }).await.unwrap());
        }
        let counts = Arc::new(OneEach::default());
        let scenario = harness::scenario();
        let mut running = tokio::task::JoinSet::new();
        for mut vu in vus {
            let activation = Activation {
                scenario: scenario.clone(),
                source: Arc::new(Share(counts.clone(), AtomicU64::new(0))),
                stop: CancellationToken::new(),
                interrupt: interrupt.clone(),
            };
            running.spawn(async move { vu.run(activation).await });
        }
        let all = async {
            while let Some(end) = running.join_next().await {
                assert_eq!(end.unwrap(), ActivationEnd::Exhausted);
            }
        };
        // Ten seconds of sleep; the rest is for starting on a busy machine.
        tokio::time::timeout(Duration::from_mins(2), all).await.unwrap();
        assert_eq!(counts.complete.load(Relaxed), VUS);
        assert_eq!(counts.most.load(Relaxed), VUS, "not all slept at the same time");
        let numbers: BTreeSet<String> = log.take().into_iter().collect();
        assert_eq!(numbers.len() as u64, VUS, "VUs have random numbers in common");
        factory.shut_down();
    });
}
