//! `shared-iterations`: whoever is free takes the next one.

use serde_json::json;
use sockeye_engine::{RunEnd, vu::IterationEnd};

use crate::fake_vu::Test;

#[tokio::test(start_paused = true)]
async fn all_iterations_run_once() {
    let ran = Test::new(json!({ "vus": 3, "iterations": 10 })).run().await;
    let mut numbers: Vec<u64> = ran.iterations.iter().map(|one| one.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..10).collect::<Vec<u64>>());
    assert_eq!(ran.outcome.duration.as_millis(), 400);
    assert_eq!(ran.snapshot.scenarios[0].iterations_planned, Some(10));
    assert_eq!(ran.snapshot.scenarios[0].fraction, 1.0);
    assert_eq!(ran.metric("dropped_iterations"), []);
}

#[tokio::test(start_paused = true)]
async fn what_time_was_too_short_for_is_dropped() {
    let ran = Test::new(json!({
        "tags": { "run": "r" },
        "scenarios": { "a": {
            "executor": "shared-iterations", "vus": 2, "iterations": 10, "maxDuration": "2s",
            "gracefulStop": "1s", "tags": { "own": "o" }
        } }
    }))
    .iteration(1300)
    .run()
    .await;
    assert_eq!(ran.outcome.end, RunEnd::Finished);
    assert_eq!(ran.count(IterationEnd::Complete), 4);
    let dropped: Vec<_> = ran.samples.iter().filter(|s| s.0 == "dropped_iterations").collect();
    assert_eq!(dropped.len(), 1);
    assert_eq!((dropped[0].1.as_str(), dropped[0].3), ("run=r,scenario=a", 6.0));
    assert!((ran.snapshot.scenarios[0].fraction - 0.4).abs() < 1e-9);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_stopped_drops_nothing() {
    let ran = Test::new(json!({ "vus": 2, "iterations": 10 }))
        .iteration(1000)
        .run_and(|control, _| async move {
            tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
            control.stop();
        })
        .await;
    assert_eq!(ran.outcome.end, RunEnd::Stopped);
    assert_eq!(ran.metric("dropped_iterations"), []);
    assert_eq!(ran.outcome.duration.as_millis(), 1500);
}
