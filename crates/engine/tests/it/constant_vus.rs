//! `constant-vus`: looping for a time, then a graceful stop.

use serde_json::json;
use sockeye_engine::{RunEnd, progress::ScenarioState, vu::IterationEnd};

use crate::fake_vu::Test;

#[tokio::test(start_paused = true)]
async fn vus_loop_until_time_is_up_and_finish_what_they_began() {
    let ran = Test::new(json!({ "vus": 2, "duration": "1s" })).iteration(300).run().await;
    assert_eq!(ran.outcome.end, RunEnd::Finished);
    assert_eq!(ran.of_vu(1), [(0, 300), (300, 600), (600, 900), (900, 1200)]);
    assert_eq!(ran.of_vu(2).len(), 4);
    assert_eq!(ran.count(IterationEnd::Complete), 8);
    assert_eq!(ran.outcome.duration.as_millis(), 1200);
    assert_eq!(ran.snapshot.scenarios[0].fraction, 1.0);
    assert_eq!(ran.snapshot.scenarios[0].state, ScenarioState::Finished);
    assert_eq!(ran.status.vus_active(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_takes_longer_than_graceful_stop_is_interrupted() {
    let ran = Test::new(json!({ "scenarios": { "a": {
        "executor": "constant-vus", "vus": 1, "duration": "1s", "gracefulStop": "500ms"
    } } }))
    .iteration(800)
    .run()
    .await;
    assert_eq!(ran.of_vu(1), [(0, 800), (800, 1500)]);
    assert_eq!(ran.count(IterationEnd::Interrupted), 1);
    assert_eq!(ran.status.iterations_interrupted(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_graceful_stop_the_end_is_the_end() {
    let ran = Test::new(json!({ "scenarios": { "a": {
        "executor": "constant-vus", "vus": 3, "duration": "1s", "gracefulStop": 0
    } } }))
    .iteration(700)
    .run()
    .await;
    assert_eq!(ran.count(IterationEnd::Complete), 3);
    assert_eq!(ran.count(IterationEnd::Interrupted), 3);
    assert_eq!(ran.outcome.duration.as_millis(), 1000);
}

#[tokio::test(start_paused = true)]
async fn a_vu_that_breaks_is_not_used_again_and_the_last_one_ends_the_run() {
    let mut test = Test::new(json!({ "vus": 2, "duration": "1s" }));
    test.script.breaks = Some(1);
    let ran = test.run().await;
    assert_eq!(ran.outcome.end, RunEnd::Finished);
    assert_eq!((ran.of_vu(1).len(), ran.of_vu(2).len()), (1, 10));

    let mut test = Test::new(json!({ "vus": 1, "duration": "1s" }));
    test.script.breaks = Some(1);
    let ran = test.run().await;
    assert!(matches!(ran.outcome.end, RunEnd::Aborted(_)), "{:?}", ran.outcome.end);
}
