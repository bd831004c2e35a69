//! The plan: the VUs that a whole run needs at each moment, and when it is over at the latest.

use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

use crate::{Scenario, options::Options, schedule::VuStep};

/// What a run needs, known before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    planned_vus: u64,
    max_vus: u64,
    max_duration: Duration,
}

impl Plan {
    /// The plan of all scenarios together.
    pub fn new(options: &Options) -> Self {
        let parts = |steps: fn(&Scenario) -> Steps<'_>| {
            let scenarios = options.scenarios.iter().filter(|scenario| scenario.has_work());
            scenarios
                .map(|scenario| Part { start: scenario.start_time, now: 0, steps: steps(scenario) })
                .collect()
        };
        let planned = parts(|scenario| scenario.executor.vu_steps(scenario.graceful_stop));
        let possible =
            parts(|scenario| scenario.executor.possible_vu_steps(scenario.graceful_stop));
        let (planned_vus, _) = most(planned);
        let (max_vus, mut max_duration) = most(possible);
        if !options.scenarios.iter().any(Scenario::has_work) {
            // k6: a test of which nothing is here is over when the first scenario would begin.
            let starts = options.scenarios.iter().map(|scenario| scenario.start_time);
            max_duration = starts.min().unwrap_or_default();
        }
        Self { planned_vus, max_vus, max_duration }
    }

    /// How many VUs are made before the run.
    pub fn planned_vus(&self) -> u64 {
        self.planned_vus
    }

    /// How many VUs there can be, those that are made when scenarios miss them included.
    pub fn max_vus(&self) -> u64 {
        self.max_vus
    }

    /// After which nothing runs any more, graceful stops included; `setup` and `teardown` not.
    pub fn max_duration(&self) -> Duration {
        self.max_duration
    }
}

/// The most VUs at any time, and when the last is given back.
fn most(mut parts: Vec<Part<'_>>) -> (u64, Duration) {
    let (mut most, mut end, mut held) = (0, Duration::ZERO, 0u64);
    let mut queue: BinaryHeap<_> =
        (0..parts.len()).filter_map(|index| parts[index].next(index)).map(Reverse).collect();
    // k6: the changes of a moment are made in the order of the scenarios' starts, and of their
    // names, and the sum is looked at after each: VUs that an earlier scenario gives back then can
    // be taken then, those of a later one can not.
    while let Some(Reverse((at, index, vus))) = queue.pop() {
        let part = &mut parts[index];
        held = held.saturating_sub(part.now).saturating_add(vus);
        part.now = vus;
        if vus == 0 {
            end = end.max(at);
        }
        queue.extend(part.next(index).map(Reverse));
        most = most.max(held);
    }
    (most, end)
}

type Steps<'a> = Box<dyn Iterator<Item = VuStep> + 'a>;

struct Part<'a> {
    start: Duration,
    now: u64,
    steps: Steps<'a>,
}

impl Part<'_> {
    fn next(&mut self, index: usize) -> Option<(Duration, usize, u64)> {
        let step = self.steps.next()?;
        Some((self.start.saturating_add(step.at), index, step.vus))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::{Source, from_json, resolve};

    fn check(scenarios: &str, max_vus: u64, seconds: u64) {
        let json = serde_json::from_str(&format!("{{\"scenarios\":{scenarios}}}")).unwrap();
        let layer = from_json(Source::Script, &json).unwrap().layer;
        let options = resolve(vec![(Source::Script, layer)]).unwrap().options;
        let plan = Plan::new(&options);
        assert_eq!((plan.max_vus(), plan.max_duration()), (max_vus, Duration::from_secs(seconds)));
    }

    /// The numbers of k6's `inspect --execution-requirements`.
    #[test]
    fn as_k6_plans() {
        check(
            r#"{"a":{"executor":"constant-vus","vus":3,"duration":"1s","startTime":"5s","gracefulStop":"0s"},
                "b":{"executor":"per-vu-iterations","vus":2,"iterations":3,"maxDuration":"90s"},
                "c":{"executor":"ramping-vus","startVUs":2,"gracefulRampDown":"3s",
                     "stages":[{"duration":"10s","target":5},{"duration":"5s","target":0}]}}"#,
            8,
            120,
        );
        check(
            r#"{"a":{"executor":"ramping-vus","gracefulRampDown":"1s","gracefulStop":"2s","stages":
                [{"duration":"6s","target":2},{"duration":"6s","target":0},{"duration":"6s","target":0}]}}"#,
            2,
            13,
        );
        check(
            r#"{"a":{"executor":"ramping-vus","gracefulRampDown":"5s","gracefulStop":"2s",
                     "stages":[{"duration":"6s","target":2}]},
                "b":{"executor":"constant-vus","vus":3,"duration":"2s","gracefulStop":"1s","startTime":"7s"},
                "c":{"executor":"constant-vus","vus":3,"duration":"2s","gracefulStop":"1s","startTime":"10s"}}"#,
            5,
            13,
        );
        // Jumped from when it is reached.
        check(
            r#"{"a":{"executor":"ramping-vus","gracefulRampDown":"0s",
                     "stages":[{"duration":"10s","target":8},{"duration":"0s","target":1}]}}"#,
            8,
            40,
        );
        // What a scenario behind gives back can't be taken in that moment.
        check(
            r#"{"a":{"executor":"ramping-vus","startVUs":0,"gracefulStop":"0s",
                     "stages":[{"duration":"9s","target":0},{"duration":"0s","target":5}]},
                "b":{"executor":"constant-vus","vus":3,"duration":"4s","gracefulStop":"0s","startTime":"5s"}}"#,
            8,
            9,
        );
    }
}
