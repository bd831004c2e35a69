//! The life of a run: its phases, their limits, and every way to end it.

use serde_json::{Value, json};
use sockeye_engine::{
    AbortReason, RunEnd, RunError, RunEvent,
    vu::{IterationEnd, VuError, VuIds},
};
use tokio::time::{Duration, sleep};

use crate::fake_vu::{Function, Ran, Test};

fn two_vus() -> Value {
    json!({ "vus": 2, "duration": "20s", "setupTimeout": "1s", "teardownTimeout": "1s" })
}

fn function(seconds: u64, returns: Result<(), VuError>) -> Function {
    Function { takes: Duration::from_secs(seconds), returns }
}

/// Told to end after so long.
async fn run_told(test: Test, millis: u64, reason: Option<AbortReason>) -> Ran {
    test.run_and(|control, _| async move {
        sleep(Duration::from_millis(millis)).await;
        match reason {
            None => control.stop(),
            Some(reason) => control.abort(reason),
        }
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn phases_come_in_order() {
    let ran = Test::new(json!({ "iterations": 1 })).run().await;
    assert_eq!(ran.calls, ["setup", "teardown"]);
    assert_eq!(ran.outcome.end, RunEnd::Finished);
    assert_eq!(
        ran.events,
        [
            RunEvent::InitStarted { vus: 1 },
            RunEvent::InitFinished,
            RunEvent::SetupStarted,
            RunEvent::SetupFinished,
            RunEvent::ScenarioStarted { scenario: 0 },
            RunEvent::ScenarioFinished { scenario: 0 },
            RunEvent::TeardownStarted,
            RunEvent::TeardownFinished,
            RunEvent::Finished,
        ]
    );
    let ran = Test::new(json!({ "noSetup": true, "noTeardown": true })).run().await;
    assert_eq!(ran.calls, [] as [&str; 0]);
}

#[tokio::test(start_paused = true)]
async fn vus_are_made_several_at_once() {
    let mut test = Test::new(json!({ "vus": 5, "iterations": 5 }));
    test.script.init = Duration::from_secs(1);
    let ran = test.run().await;
    // Two at a time: three rounds.
    assert_eq!(ran.took.as_millis(), 3100);
    assert_eq!(ran.status.vus_initialised(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_vu_that_can_not_be_made_ends_the_run_before_setup() {
    let mut test = Test::new(json!({ "vus": 5, "iterations": 5 }));
    test.script.init = Duration::from_secs(1);
    test.script.init_fails_at = Some(3);
    let ran = test.run().await;
    let error = VuError::Script("Error: boo".to_owned());
    let vu = VuIds { in_instance: 3, in_test: 3 };
    assert_eq!(ran.outcome.end, RunEnd::Failed(RunError::Init { vu, error }));
    assert_eq!(ran.calls, [] as [&str; 0]);
    assert_eq!(ran.outcome.duration, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn the_first_signal_interrupts_iterations_and_teardown_still_runs() {
    let mut test = Test::new(two_vus()).iteration(5000);
    test.script.teardown = function(0, Ok(()));
    let ran = run_told(test, 2500, None).await;
    assert_eq!(ran.outcome.end, RunEnd::Stopped);
    assert_eq!(ran.count(IterationEnd::Interrupted), 2);
    assert_eq!(ran.calls, ["setup", "teardown"]);
    assert_eq!(ran.outcome.duration.as_millis(), 2500);
    assert!(ran.events.contains(&RunEvent::Stopping));
}

#[tokio::test(start_paused = true)]
async fn a_signal_before_the_scenarios_leaves_out_teardown() {
    let mut test = Test::new(two_vus());
    test.script.init = Duration::from_secs(10);
    let ran = run_told(test, 2500, None).await;
    assert_eq!((ran.outcome.end, ran.calls.len()), (RunEnd::Stopped, 0));
    assert_eq!(ran.took.as_millis(), 2500);

    let mut test = Test::new(json!({ "vus": 2, "duration": "20s" }));
    test.script.setup = function(8, Ok(()));
    let ran = run_told(test, 2500, None).await;
    assert_eq!(ran.outcome.end, RunEnd::Stopped);
    assert_eq!(ran.calls, ["setup"]);
    // k6: the gauges are sampled during setup.
    assert_eq!(ran.metric("vus"), [(1000, 0.0), (2000, 0.0)]);
    assert_eq!(ran.metric("vus_max"), [(1000, 2.0), (2000, 2.0)]);
}

#[tokio::test(start_paused = true)]
async fn a_signal_does_not_cut_teardown_short() {
    let mut test = Test::new(json!({ "iterations": 1 }));
    test.script.teardown = function(3, Ok(()));
    let ran = run_told(test, 1000, None).await;
    assert_eq!(ran.outcome.end, RunEnd::Stopped);
    assert_eq!(ran.took.as_millis(), 3100);
    // k6: the gauges are not sampled during teardown.
    assert_eq!(ran.metric("vus"), []);
}

#[tokio::test(start_paused = true)]
async fn an_abort_ends_like_a_signal_for_its_own_reason() {
    for reason in [
        AbortReason::Script("why".to_owned()),
        AbortReason::Thresholds(vec!["iterations".to_owned()]),
    ] {
        let ran = run_told(Test::new(two_vus()), 2050, Some(reason.clone())).await;
        assert_eq!(ran.outcome.end, RunEnd::Aborted(reason));
        assert_eq!(ran.calls, ["setup", "teardown"]);
        assert_eq!(ran.count(IterationEnd::Interrupted), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn setup_and_teardown_have_their_limits() {
    let mut test = Test::new(two_vus());
    test.script.setup = function(8, Ok(()));
    let ran = test.run().await;
    let limit = Duration::from_secs(1);
    assert_eq!(ran.outcome.end, RunEnd::Failed(RunError::SetupTimeout(limit)));
    assert_eq!(ran.calls, ["setup"]);
    assert_eq!(ran.took, limit);
    assert_eq!(
        RunError::SetupTimeout(limit).to_string(),
        "setup() execution timed out after 1 seconds"
    );

    let mut test = Test::new(json!({ "iterations": 1, "teardownTimeout": "1s" }));
    test.script.teardown = function(8, Ok(()));
    let ran = test.run().await;
    assert_eq!(ran.outcome.end, RunEnd::Failed(RunError::TeardownTimeout(limit)));
}

#[tokio::test(start_paused = true)]
async fn what_setup_and_teardown_throw_ends_the_run() {
    let thrown = VuError::Script("Error: x".to_owned());
    let mut test = Test::new(two_vus());
    test.script.setup = function(0, Err(thrown.clone()));
    let ran = test.run().await;
    assert_eq!(ran.outcome.end, RunEnd::Failed(RunError::Setup(thrown.clone())));
    assert_eq!((ran.calls.len(), ran.iterations.len()), (1, 0));

    let mut test = Test::new(json!({ "iterations": 1 }));
    test.script.teardown = function(0, Err(thrown.clone()));
    let ran = test.run().await;
    assert_eq!(ran.outcome.end, RunEnd::Failed(RunError::Teardown(thrown.clone())));

    // Where the run was told to end before, that is why it ended.
    let mut test = Test::new(two_vus());
    test.script.teardown = function(0, Err(thrown.clone()));
    let ran = run_told(test, 1000, None).await;
    assert_eq!(ran.outcome.end, RunEnd::Stopped);
    assert_eq!(ran.outcome.teardown_error, Some(RunError::Teardown(thrown)));

    let mut test = Test::new(two_vus());
    test.script.setup = function(0, Err(VuError::Aborted("why".to_owned())));
    let ran = test.run().await;
    assert_eq!(ran.outcome.end, RunEnd::Aborted(AbortReason::Script("why".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_paused_run_waits() {
    let ran = Test::new(json!({ "iterations": 1, "paused": true }))
        .run_and(|control, _| async move {
            sleep(Duration::from_secs(5)).await;
            control.start();
        })
        .await;
    assert_eq!(ran.outcome.end, RunEnd::Finished);
    assert_eq!(ran.took.as_millis(), 5100);
    let ran = run_told(Test::new(json!({ "paused": true })), 3000, None).await;
    assert_eq!((ran.outcome.end, ran.calls.len()), (RunEnd::Stopped, 0));
}
