//! `constant-arrival-rate` and `ramping-arrival-rate`: iterations start when the schedule says.

use serde_json::json;
use sockeye_engine::{RunEnd, RunEvent, progress::ScenarioState, vu::IterationEnd};
use tokio::time::{Duration, sleep};

use crate::fake_vu::Test;

fn constant(fields: &serde_json::Value) -> Test {
    let mut scenario = json!({ "executor": "constant-arrival-rate", "duration": "1s", "rate": 10 });
    scenario.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    Test::new(json!({ "scenarios": { "a": scenario } }))
}

#[tokio::test(start_paused = true)]
async fn iterations_are_spread_evenly_over_idle_vus() {
    let ran = constant(&json!({ "preAllocatedVUs": 3, "tags": { "own": "o" } })).run().await;
    assert_eq!(ran.starts(), [0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    let vus: Vec<u64> = ran.iterations.iter().map(|one| one.vu).collect();
    assert_eq!(vus, [1, 2, 3, 1, 2, 3, 1, 2, 3, 1], "the one that is idle for longest");
    let numbers: Vec<u64> = ran.iterations.iter().map(|one| one.number).collect();
    assert_eq!(numbers, (0..10).collect::<Vec<_>>());
    assert_eq!(ran.outcome.duration.as_millis(), 1000);
    assert_eq!(ran.outcome.end, RunEnd::Finished);
    assert_eq!(ran.metric("dropped_iterations"), []);
    assert_eq!(ran.snapshot.scenarios[0].fraction, 1.0);
    assert_eq!(ran.status.vus_active(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_time_unit_and_a_start_time() {
    let ran = constant(&json!({
        "rate": 90, "timeUnit": "1m", "duration": "2s", "startTime": "3s", "preAllocatedVUs": 1
    }))
    .run()
    .await;
    assert_eq!(ran.starts(), [0, 667, 1334]);
    assert_eq!(ran.outcome.duration.as_millis(), 5000);
}

#[tokio::test(start_paused = true)]
async fn without_a_free_vu_iterations_are_dropped() {
    let ran = constant(&json!({ "preAllocatedVUs": 1, "tags": { "own": "o" } }))
        .iteration(250)
        .run()
        .await;
    assert_eq!(ran.starts(), [0, 300, 600, 900]);
    let numbers: Vec<u64> = ran.iterations.iter().map(|one| one.number).collect();
    assert_eq!(numbers, [0, 1, 2, 3], "dropped ones have no number");
    assert_eq!(ran.sum("dropped_iterations"), 6.0);
    let dropped = ran.samples.iter().find(|sample| sample.0 == "dropped_iterations").unwrap();
    assert_eq!((dropped.1.as_str(), dropped.2), ("scenario=a", 105));
    let warnings: Vec<_> = ran
        .events
        .iter()
        .filter(|event| matches!(event, RunEvent::InsufficientVus { .. }))
        .collect();
    assert_eq!(warnings, [&RunEvent::InsufficientVus { scenario: 0, vus: 1 }]);
    assert_eq!(ran.outcome.duration.as_millis(), 1150, "the last iteration may finish");
}

#[tokio::test(start_paused = true)]
async fn vus_that_are_missed_are_made_meanwhile() {
    let mut test = constant(&json!({ "preAllocatedVUs": 1, "maxVUs": 3 })).iteration(450);
    test.script.init = Duration::from_millis(30);
    let ran = test
        .run_and(|_, progress| async move {
            sleep(Duration::from_millis(50)).await;
            let now = progress.snapshot();
            assert_eq!((now.vus_planned, now.vus_initialised, now.vus_max), (1, 1, 3));
            sleep(Duration::from_millis(500)).await;
            let now = progress.snapshot();
            let scenario = &now.scenarios[0];
            assert_eq!((scenario.vus_active, scenario.vus_held, scenario.vus_max), (3, 3, 3));
            assert_eq!(scenario.rate, Some(10.0));
        })
        .await;
    // As k6 does with the same options.
    assert_eq!(ran.starts(), [0, 200, 400, 500, 700, 900]);
    let vus: Vec<u64> = ran.iterations.iter().map(|one| one.vu).collect();
    assert_eq!(vus, [1, 2, 3, 1, 2, 3]);
    assert_eq!(ran.sum("dropped_iterations"), 4.0);
    assert_eq!(ran.status.vus_initialised(), 3);
}

#[tokio::test(start_paused = true)]
async fn no_vu_at_first() {
    let ran = constant(&json!({ "preAllocatedVUs": 0, "maxVUs": 1 })).iteration(50).run().await;
    assert_eq!(ran.starts(), [100, 200, 300, 400, 500, 600, 700, 800, 900]);
    assert_eq!(ran.sum("dropped_iterations"), 1.0);
    assert_eq!(ran.snapshot.vus_planned, 0);
}

#[tokio::test(start_paused = true)]
async fn a_vu_that_can_not_be_made_is_reported_once() {
    let mut test = constant(&json!({ "preAllocatedVUs": 1, "maxVUs": 3 })).iteration(450);
    test.script.init_fails_at = Some(2);
    let ran = test.run().await;
    assert_eq!(ran.outcome.end, RunEnd::Finished);
    assert_eq!(ran.starts(), [0, 500]);
    let failures =
        ran.events.iter().filter(|event| matches!(event, RunEvent::UnplannedVuFailed { .. }));
    assert_eq!(failures.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn vus_that_one_scenario_made_are_used_by_the_next() {
    let scenario = |start: &str, pre: u64| {
        json!({ "executor": "constant-arrival-rate", "rate": 10, "duration": "1s",
                "preAllocatedVUs": pre, "maxVUs": 4, "startTime": start, "gracefulStop": "500ms" })
    };
    let ran = Test::new(json!({ "scenarios": {
        "a": scenario("0s", 1),
        "b": scenario("2s", 2),
        "c": { "executor": "constant-vus", "vus": 1, "duration": "1s", "startTime": "2s" },
    } }))
    .iteration(390)
    .run()
    .await;
    assert_eq!((ran.snapshot.vus_planned, ran.snapshot.vus_max), (3, 5));
    assert_eq!(ran.status.vus_initialised(), 5);
    let used = |name: &str| {
        let of = ran.iterations.iter().filter(|one| one.scenario == name);
        of.map(|one| one.vu).collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!((used("a"), used("b"), used("c")), (4, 4, 1));
}

#[tokio::test(start_paused = true)]
async fn a_ramp_starts_iterations_when_its_area_is_whole() {
    let ran = Test::new(json!({ "scenarios": { "a": {
        "executor": "ramping-arrival-rate", "preAllocatedVUs": 3,
        "stages": [{ "duration": "1s", "target": 10 }, { "duration": "1s", "target": 0 }]
    } } }))
    .run_and(|_, progress| async move {
        sleep(Duration::from_millis(500)).await;
        assert!((progress.snapshot().scenarios[0].rate.unwrap() - 5.0).abs() < 0.01);
    })
    .await;
    // Timers wake in the millisecond after.
    let expect = [448, 633, 775, 895, 1000, 1106, 1226, 1368, 1553, 2000];
    assert_eq!(ran.starts(), expect);
    assert_eq!(ran.count(IterationEnd::Complete), 10);
    assert_eq!(ran.metric("dropped_iterations"), []);
    assert_eq!(ran.snapshot.scenarios[0].elapsed, Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn stages_of_no_length_jump_and_may_be_all_there_is() {
    let ramp = |stages: serde_json::Value| {
        Test::new(json!({ "scenarios": { "a": {
            "executor": "ramping-arrival-rate", "preAllocatedVUs": 2, "stages": stages
        } } }))
    };
    let jump = json!([{ "duration": "0s", "target": 20 }, { "duration": "200ms", "target": 20 },
                      { "duration": "0s", "target": 0 }, { "duration": "1s", "target": 0 }]);
    let ran = ramp(jump).run().await;
    assert_eq!(ran.starts(), [50, 100, 150, 200]);
    assert_eq!(ran.outcome.duration.as_millis(), 1200);
    let ran = ramp(json!([{ "duration": "0s", "target": 20 }])).run().await;
    assert_eq!((ran.starts().len(), ran.outcome.end), (0, RunEnd::Finished));
}

#[tokio::test(start_paused = true)]
async fn when_time_is_up_iterations_may_finish_but_not_for_ever() {
    let ran = constant(&json!({ "preAllocatedVUs": 20, "gracefulStop": "200ms" }))
        .iteration(350)
        .run()
        .await;
    assert_eq!(ran.count(IterationEnd::Complete), 9);
    assert_eq!(ran.count(IterationEnd::Interrupted), 1);
    assert_eq!(ran.outcome.duration.as_millis(), 1200);
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_vus_that_wait_for_their_moment() {
    let ran = constant(&json!({ "rate": 1, "duration": "100s", "preAllocatedVUs": 50 }))
        .run_and(|control, _| async move {
            sleep(Duration::from_millis(2500)).await;
            control.stop();
        })
        .await;
    assert_eq!(ran.outcome.end, RunEnd::Stopped);
    assert_eq!(ran.starts(), [0, 1000, 2000]);
    assert_eq!(ran.outcome.duration.as_millis(), 2500);
    assert_eq!(ran.metric("dropped_iterations"), []);
    assert_eq!(ran.snapshot.scenarios[0].state, ScenarioState::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn after_a_stall_idle_vus_catch_up_and_the_schedule_goes_on() {
    let stall = |vus: u64| async move {
        constant(&json!({ "preAllocatedVUs": vus }))
            .iteration(20)
            .run_and(|_, _| async {
                sleep(Duration::from_millis(450)).await;
                tokio::time::advance(Duration::from_millis(390)).await;
            })
            .await
    };
    // As k6: each moment that has gone by finds a VU, or none.
    let ran = stall(10).await;
    assert_eq!(ran.starts(), [0, 100, 200, 300, 400, 840, 840, 840, 840, 900]);
    assert_eq!(ran.metric("dropped_iterations"), []);
    let ran = stall(2).await;
    assert_eq!(ran.starts(), [0, 100, 200, 300, 400, 840, 840, 900]);
    assert_eq!(ran.sum("dropped_iterations"), 2.0);
}

#[tokio::test(start_paused = true)]
async fn a_vu_that_takes_long_to_be_made_keeps_nobody_waiting() {
    let mut test = constant(&json!({ "preAllocatedVUs": 2, "maxVUs": 3, "duration": "2s" }));
    test.script.init = Duration::from_millis(700);
    let ran = test.iteration(250).run().await;
    // Missed at 200, there at 905.
    let expect = [
        0, 100, 300, 400, 600, 700, 900, 1000, 1100, 1200, 1300, 1400, 1500, 1600, 1700, 1800, 1900,
    ];
    assert_eq!(ran.starts(), expect);
    assert_eq!(ran.sum("dropped_iterations"), 3.0);
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_a_second_and_many_more() {
    let ran = constant(&json!({ "rate": 10_000, "preAllocatedVUs": 200 })).iteration(5).run().await;
    assert_eq!(ran.iterations.len(), 10_000);
    assert_eq!(ran.metric("dropped_iterations"), []);
    let late = |one: &crate::fake_vu::Iteration| one.start - u128::from(one.number / 10);
    assert!(ran.iterations.iter().all(|one| late(one) <= 1), "within a tick of the timer");
    // Far beyond what any VU could do: what is late is dropped in one step.
    let ran = constant(&json!({ "rate": 1_000_000_000_000u64, "preAllocatedVUs": 1 })).run().await;
    let all = ran.sum("dropped_iterations") + ran.iterations.len() as f64;
    assert_eq!(all, 1e12);
}

#[tokio::test(start_paused = true)]
async fn a_vu_that_breaks_is_missed() {
    let mut test = constant(&json!({ "preAllocatedVUs": 2, "maxVUs": 3 }));
    test.script.breaks = Some(1);
    let ran = test.run().await;
    assert_eq!(ran.outcome.end, RunEnd::Finished);
    assert_eq!(ran.iterations.len() as f64 + ran.sum("dropped_iterations"), 10.0);
    assert!(ran.iterations.len() >= 9);
}
