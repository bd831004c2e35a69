//! Execution segments: the parts of a test, run one by one, are the whole.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use sockeye_engine::{
    Plan,
    executor::ExecutorConfig,
    options::{self, Source},
};

use crate::fake_vu::{Ran, Test};

fn cut(mut options: Value, segment: &str, sequence: &str) -> Test {
    options["executionSegment"] = json!(segment);
    options["executionSegmentSequence"] = json!(sequence);
    Test::new(options)
}

fn scenario(fields: &Value) -> Value {
    json!({ "scenarios": { "a": fields } })
}

/// Numbers in the test of the iterations, in the order of those in the process.
fn numbers(ran: &Ran) -> Vec<u64> {
    let numbers = ran.iterations.iter().map(|one| (one.number, one.number_in_test));
    numbers.collect::<BTreeMap<_, _>>().into_values().collect()
}

fn vus(ran: &Ran) -> Vec<u64> {
    let mut vus: Vec<u64> = ran.iterations.iter().map(|one| one.vu_in_test).collect();
    vus.sort_unstable();
    vus.dedup();
    vus
}

#[tokio::test(start_paused = true)]
async fn iterations_and_vus_are_those_of_k6() {
    let thirds = "0,1/3,2/3,1";
    let shared = scenario(&json!({ "executor": "shared-iterations", "vus": 7, "iterations": 23 }));
    let ran = cut(shared, "0:1/3", thirds).run().await;
    assert_eq!(numbers(&ran), [0, 3, 5, 7, 10, 12, 14, 17, 19, 21]);
    assert_eq!(vus(&ran), [1, 4, 7]);
    let each = scenario(&json!({ "executor": "per-vu-iterations", "vus": 7, "iterations": 3 }));
    let ran = cut(each, "2/3:1", thirds).run().await;
    assert_eq!((numbers(&ran), vus(&ran)), (vec![2, 5, 8, 11, 14, 17], vec![3, 6]));
    let rate =
        scenario(&json!({ "executor": "constant-arrival-rate", "rate": 10, "duration": "1s",
                                "preAllocatedVUs": 5, "maxVUs": 7 }));
    let ran = cut(rate.clone(), "0:1/3", thirds).run().await;
    assert_eq!((numbers(&ran), vus(&ran)), (vec![0, 3, 5, 7], vec![1, 4]));
    assert_eq!(ran.starts(), [0, 300, 500, 700]);
    let ran = cut(rate, "2/3:1", thirds).run().await;
    assert_eq!((numbers(&ran), ran.starts()), (vec![2, 6, 9], vec![200, 600, 900]));
}

#[tokio::test(start_paused = true)]
async fn a_segment_without_a_vu_of_a_scenario_leaves_it_out() {
    let one = scenario(&json!({ "executor": "constant-vus", "vus": 1, "duration": "1s" }));
    let ran = cut(one, "0:1/10", "0,1/10,1").run().await;
    assert_eq!((ran.iterations.len(), ran.snapshot.vus_max), (0, 0));
    assert_eq!(ran.outcome.duration.as_millis(), 0);
    assert_eq!(ran.snapshot.max_duration.as_millis(), 0);
}

/// A sequence of a few cuts, and its segments.
fn sequences() -> impl Strategy<Value = (String, Vec<String>)> {
    (2u64..30, proptest::collection::btree_set(1u64..30, 0..5)).prop_map(|(parts, cuts)| {
        let mut points = vec!["0".to_owned()];
        points.extend(cuts.into_iter().filter(|n| *n < parts).map(|n| format!("{n}/{parts}")));
        points.push("1".to_owned());
        let segments = points.windows(2).map(|pair| pair.join(":")).collect();
        (points.join(","), segments)
    })
}

fn executors() -> impl Strategy<Value = Value> {
    let stages = || {
        let stage = (0u64..20, 0u64..25)
            .prop_map(|(tenths, target)| json!({ "duration": tenths * 100, "target": target }));
        proptest::collection::vec(stage, 1..4)
    };
    prop_oneof![
        (1u64..20, 0u64..30).prop_map(|(vus, more)| json!({
            "executor": "shared-iterations", "vus": vus, "iterations": vus + more })),
        (1u64..20, 1u64..5).prop_map(|(vus, iterations)| json!({
            "executor": "per-vu-iterations", "vus": vus, "iterations": iterations })),
        (1u64..20).prop_map(|vus| json!({
            "executor": "constant-vus", "vus": vus, "duration": "1s" })),
        (1u64..20, stages()).prop_map(|(vus, stages)| json!({
            "executor": "ramping-vus", "startVUs": vus, "stages": stages })),
        (1u64..30, 1u64..20).prop_map(|(rate, vus)| json!({
            "executor": "constant-arrival-rate", "rate": rate, "duration": "2s",
            "preAllocatedVUs": vus })),
        (0u64..30, 1u64..20, stages()).prop_map(|(rate, vus, stages)| json!({
            "executor": "ramping-arrival-rate", "startRate": rate, "preAllocatedVUs": vus,
            "stages": stages })),
    ]
}

/// Of each part of a test: the steps of its VUs in milliseconds, and how many iterations it plans.
fn parts(whole: &Value, sequence: &str, segments: &[String]) -> Vec<(Vec<(u128, u64)>, u64)> {
    let part = |segment: &String| {
        let mut options = whole.clone();
        options["executionSegment"] = json!(segment);
        options["executionSegmentSequence"] = json!(sequence);
        let layer = options::from_json(Source::Script, &options).unwrap().layer;
        let options = options::resolve(vec![(Source::Script, layer)]).unwrap().options;
        let scenario = &options.scenarios[0];
        let steps: Vec<_> = match &scenario.executor {
            ExecutorConfig::RampingVus(config) => config.wanted().collect(),
            executor => executor.vu_steps(scenario.graceful_stop).collect(),
        };
        let steps = steps.iter().map(|step| (step.at.as_nanos(), step.vus)).collect();
        assert!(Plan::new(&options).max_vus() <= scenario.executor.max_vus());
        (steps, scenario.executor.planned_iterations().unwrap_or(0))
    };
    segments.iter().map(part).collect()
}

fn at(steps: &[(u128, u64)], moment: u128) -> u64 {
    steps.iter().take_while(|(from, _)| *from <= moment).last().map_or(0, |(_, vus)| *vus)
}

fn in_a_paused_runtime<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn vus_at_every_moment_and_planned_iterations_add_up(
        (sequence, segments) in sequences(),
        executor in executors(),
    ) {
        let whole = scenario(&executor);
        let parts = parts(&whole, &sequence, &segments);
        let (all, planned) = &self::parts(&whole, "0,1", &["0:1".to_owned()])[0];
        let moments = parts.iter().flat_map(|(steps, _)| steps).chain(all).map(|(from, _)| *from);
        for moment in moments {
            let sum: u64 = parts.iter().map(|(steps, _)| at(steps, moment)).sum();
            prop_assert_eq!(sum, at(all, moment), "at {} ns", moment);
        }
        prop_assert_eq!(parts.iter().map(|(_, planned)| planned).sum::<u64>(), *planned);
    }

    #[test]
    fn runs_of_the_parts_are_a_run_of_the_whole(
        (sequence, segments) in sequences(),
        executor in executors(),
    ) {
        let timed = executor["executor"].as_str().unwrap().ends_with("arrival-rate");
        let shared = executor["executor"] == "shared-iterations";
        let counted = executor["executor"].as_str().unwrap().ends_with("iterations");
        let whole = scenario(&executor);
        // Iterations that take next to no time: nothing is dropped that a part would not drop.
        let seen = |test: Test| {
            let ran = in_a_paused_runtime(test.iteration(1).run());
            let dropped = ran.sum("dropped_iterations");
            let of = ran.iterations.iter();
            (of.map(|one| (one.number_in_test, one.start)).collect::<Vec<_>>(), vus(&ran), dropped)
        };
        let (mut all, all_vus, dropped) = seen(cut(whole.clone(), "0:1", "0,1"));
        all.sort_unstable();
        let parts: Vec<_> =
            segments.iter().map(|segment| seen(cut(whole.clone(), segment, &sequence))).collect();
        let mut sum: Vec<_> = parts.iter().flat_map(|(one, ..)| one.clone()).collect();
        sum.sort_unstable();
        if timed && dropped == 0.0 && parts.iter().all(|(_, _, dropped)| *dropped == 0.0) {
            prop_assert_eq!(&sum, &all);
        }
        let numbers = |from: &[(u64, u128)]| from.iter().map(|one| one.0).collect::<Vec<_>>();
        if counted {
            prop_assert_eq!(sum.len(), all.len());
            if shared {
                prop_assert_eq!(numbers(&sum), numbers(&all));
            }
            let mut vus: Vec<u64> = parts.iter().flat_map(|(_, vus, _)| vus.clone()).collect();
            vus.sort_unstable();
            prop_assert_eq!(vus, all_vus);
        }
        // Each number is given once at most, whatever the executor.
        prop_assert!(numbers(&sum).windows(2).all(|pair| pair[0] < pair[1]));
    }
}
