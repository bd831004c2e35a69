//! `per-vu-iterations`: the same number for each.

use serde_json::json;
use sockeye_engine::vu::IterationEnd;

use crate::fake_vu::Test;

#[tokio::test(start_paused = true)]
async fn each_vu_runs_its_own() {
    let ran = Test::new(json!({ "scenarios": { "a": {
        "executor": "per-vu-iterations", "vus": 3, "iterations": 2
    } } }))
    .run()
    .await;
    for vu in 1..=3 {
        assert_eq!(ran.of_vu(vu), [(0, 100), (100, 200)]);
    }
    assert_eq!(ran.snapshot.scenarios[0].iterations_planned, Some(6));
}

#[tokio::test(start_paused = true)]
async fn no_options_are_one_iteration() {
    let ran = Test::new(json!({})).run().await;
    assert_eq!(ran.of_vu(1), [(0, 100)]);
    assert_eq!(ran.iterations.len(), 1);
    assert_eq!(ran.snapshot.scenarios[0].executor.as_str(), "per-vu-iterations");
}

#[tokio::test(start_paused = true)]
async fn each_vu_drops_what_it_could_not_start() {
    let ran = Test::new(json!({ "scenarios": { "b": {
        "executor": "per-vu-iterations", "vus": 2, "iterations": 5, "maxDuration": "2s",
        "gracefulStop": "0s"
    } } }))
    .iteration(1300)
    .run()
    .await;
    assert_eq!(ran.count(IterationEnd::Complete), 2);
    assert_eq!(ran.count(IterationEnd::Interrupted), 2);
    assert_eq!(ran.metric("dropped_iterations"), [(2000, 3.0), (2000, 3.0)]);
    assert_eq!(ran.snapshot.scenarios[0].fraction, 1.0);
}
