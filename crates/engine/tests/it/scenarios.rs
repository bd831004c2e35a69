//! Several scenarios in one run.

use serde_json::json;
use sockeye_engine::{RunEvent, progress::ScenarioState};
use tokio::time::{Duration, sleep};

use crate::fake_vu::Test;

#[tokio::test(start_paused = true)]
async fn start_times_are_kept_and_vus_are_used_again() {
    let ran = Test::new(json!({ "scenarios": {
        "first": { "executor": "constant-vus", "vus": 2, "duration": "1s", "gracefulStop": "0s" },
        "second": { "executor": "shared-iterations", "vus": 2, "iterations": 4,
                    "startTime": "2s", "maxDuration": "5s" },
    } }))
    .run()
    .await;
    assert_eq!(ran.snapshot.vus_planned, 2);
    assert_eq!(ran.status.vus_initialised(), 2);
    let second = ran.iterations.iter().filter(|one| one.scenario == "second");
    let mut starts: Vec<(u64, u128)> = second.map(|one| (one.vu, one.start)).collect();
    starts.sort_unstable();
    assert_eq!(starts, [(1, 0), (1, 100), (2, 0), (2, 100)]);
    assert_eq!(ran.outcome.duration.as_millis(), 2200);
    let scenario_events: Vec<_> = ran
        .events
        .into_iter()
        .filter(|event| {
            matches!(event, RunEvent::ScenarioStarted { .. } | RunEvent::ScenarioFinished { .. })
        })
        .collect();
    assert_eq!(
        scenario_events,
        [
            RunEvent::ScenarioStarted { scenario: 0 },
            RunEvent::ScenarioFinished { scenario: 0 },
            RunEvent::ScenarioStarted { scenario: 1 },
            RunEvent::ScenarioFinished { scenario: 1 },
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn progress_tells_what_waits_and_what_runs() {
    let ran = Test::new(json!({ "scenarios": {
        "b": { "executor": "constant-vus", "vus": 2, "duration": "4s", "gracefulStop": "0s" },
        "a": { "executor": "per-vu-iterations", "iterations": 20, "startTime": "3s" },
    } }))
    .run_and(|control, progress| async move {
        sleep(Duration::from_millis(1050)).await;
        let now = progress.snapshot();
        assert_eq!(now.elapsed.as_millis(), 1050);
        assert_eq!((now.vus_active, now.vus_initialised, now.vus_planned), (2, 3, 3));
        let [b, a] = &now.scenarios[..] else { panic!("two scenarios") };
        assert_eq!((b.name.as_str(), a.name.as_str()), ("b", "a"));
        assert_eq!((b.state, b.vus_active, b.vus_max), (ScenarioState::Running, 2, 2));
        assert!((b.fraction - 0.2625).abs() < 1e-9);
        let waits = ScenarioState::Waiting { starts_in: Some(Duration::from_millis(1950)) };
        assert_eq!((a.state, a.fraction), (waits, 0.0));
        sleep(Duration::from_secs(3)).await;
        let [b, a] = &progress.snapshot().scenarios[..] else { panic!("two scenarios") };
        assert_eq!((b.state, b.elapsed), (ScenarioState::Finished, Duration::from_secs(4)));
        assert_eq!((a.state, a.fraction), (ScenarioState::Running, 0.5));
        control.stop();
    })
    .await;
    assert_eq!(ran.snapshot.scenarios[1].state, ScenarioState::Interrupted);
    assert_eq!(ran.snapshot.scenarios[1].fraction, 0.5);
    assert_eq!(ran.snapshot.elapsed.as_millis(), 4050);
}
