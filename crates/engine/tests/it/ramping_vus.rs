//! `ramping-vus`, against what k6 1.1.0 was seen to do with the same options.

use serde_json::{Value, json};
use sockeye_engine::{RunEnd, vu::IterationEnd};

use crate::fake_vu::Test;

fn up_down_up() -> Value {
    json!({ "scenarios": { "r": {
        "executor": "ramping-vus", "startVUs": 1, "gracefulRampDown": "1s", "gracefulStop": "2s",
        "stages": [
            { "duration": "2s", "target": 4 },
            { "duration": "1s", "target": 4 },
            { "duration": "2s", "target": 0 },
            { "duration": "0s", "target": 3 },
            { "duration": "1s", "target": 1 },
        ]
    } } })
}

#[tokio::test(start_paused = true)]
async fn vus_come_in_order_and_go_last_in_first_out() {
    // Not 400, so that no iteration ends in the moment in which a VU comes or goes.
    let ran = Test::new(up_down_up()).iteration(401).run().await;
    assert_eq!(ran.outcome.end, RunEnd::Finished);
    let starts = |vu| ran.of_vu(vu).iter().map(|&(start, _)| start).collect::<Vec<_>>();
    // The first VU is wanted at all times but the moment at 5 s, at which it is busy.
    assert_eq!(starts(1), (0..15).map(|n| n * 401).collect::<Vec<_>>());
    // The second comes at 2/3 s and goes at 4.5 s.
    assert_eq!(starts(2), (0..10).map(|n| 667 + n * 401).collect::<Vec<_>>());
    // The fourth and the third have been idle for longest when two more are wanted at 5 s. The
    // fourth then has the second place, so the third goes before it.
    assert_eq!(starts(3), [1334, 1735, 2136, 2537, 2938, 3339, 3740, 5000, 5401]);
    assert_eq!(starts(4), [2000, 2401, 2802, 3203, 5000, 5401, 5802]);
    assert_eq!(ran.count(IterationEnd::Interrupted), 0);
    assert_eq!(
        ran.metric("vus"),
        [(1000, 2.0), (2000, 3.0), (3000, 4.0), (4000, 3.0), (5000, 1.0), (6000, 2.0)]
    );
    assert_eq!(ran.metric("vus_max")[0], (1000, 4.0));
}

#[tokio::test(start_paused = true)]
async fn a_vu_in_graceful_ramp_down_is_used_again_and_else_cut_off() {
    let ran = Test::new(up_down_up()).iteration(1700).run().await;
    assert_eq!(ran.of_vu(1), [(0, 1700), (1700, 3400), (3400, 5100), (5100, 6800)]);
    // Retired at 4.5 s, wanted again at 5 s, retired at 6 s for good.
    assert_eq!(ran.of_vu(2), [(667, 2367), (2367, 4067), (4067, 5767), (5767, 7000)]);
    assert_eq!(ran.of_vu(3), [(1334, 3034), (3034, 4734)]);
    assert_eq!(ran.of_vu(4), [(2000, 3700), (5000, 6500)]);
    assert_eq!((ran.count(IterationEnd::Complete), ran.count(IterationEnd::Interrupted)), (10, 2));
    assert_eq!(ran.status.vus_active(), 0);
}

#[tokio::test(start_paused = true)]
async fn stages_and_vus_as_shortcuts() {
    let ran = Test::new(json!({
        "vus": 3, "stages": [{ "duration": "1s", "target": 0 }]
    }))
    .iteration(101)
    .run()
    .await;
    assert_eq!(ran.snapshot.vus_planned, 3);
    assert_eq!(ran.of_vu(3).len(), 4);
    assert_eq!(ran.of_vu(2).len(), 7);
    assert_eq!(ran.of_vu(1).len(), 10);
}

#[tokio::test(start_paused = true)]
async fn vus_that_come_and_go_in_the_same_moment_start_no_iteration() {
    let ran = Test::new(json!({ "scenarios": { "r": {
        "executor": "ramping-vus", "startVUs": 6, "gracefulRampDown": "30s",
        "stages": [
            { "duration": "0s", "target": 2 },
            { "duration": "1s", "target": 2 },
            { "duration": "0s", "target": 9 },
            { "duration": "0s", "target": 1 },
            { "duration": "1s", "target": 1 },
        ]
    } } }))
    .iteration(700)
    .run()
    .await;
    assert_eq!(ran.snapshot.vus_planned, 9);
    assert_eq!(ran.of_vu(1), [(0, 700), (700, 1400), (1400, 2100)]);
    // Retired at 1 s for good, not retired and wanted again.
    assert_eq!(ran.of_vu(2), [(0, 700), (700, 1400)]);
    assert_eq!(ran.iterations.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_ramp_is_stopped_at_once() {
    let mut options = up_down_up();
    options["scenarios"]["r"]["gracefulStop"] = json!("30s");
    let ran = Test::new(options)
        .iteration(60_000)
        .run_and(|control, _| async move {
            tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
            control.stop();
        })
        .await;
    assert_eq!(ran.outcome.end, RunEnd::Stopped);
    assert_eq!(ran.outcome.duration.as_millis(), 1500);
    assert_eq!(ran.count(IterationEnd::Interrupted), 3);
    assert_eq!(ran.status.vus_active(), 0);
}
