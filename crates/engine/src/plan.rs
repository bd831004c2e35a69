//! The plan: the VUs that a whole run needs at each moment, and when it is over at the latest.

use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

use crate::{options::Options, schedule::VuStep};

/// What a run needs, known before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    max_vus: u64,
    max_duration: Duration,
}

impl Plan {
    /// The plan of all scenarios together.
    pub fn new(options: &Options) -> Self {
        let mut plan = Self { max_vus: 0, max_duration: Duration::ZERO };
        let mut held = 0u64;
        let mut parts: Vec<_> = options
            .scenarios
            .iter()
            .map(|scenario| Part {
                start: scenario.start_time,
                now: 0,
                steps: scenario.executor.vu_steps(scenario.graceful_stop),
            })
            .collect();
        let mut queue: BinaryHeap<_> =
            (0..parts.len()).filter_map(|index| parts[index].next(index)).map(Reverse).collect();
        // All changes of a moment are made before the sum is looked at: VUs that are given back
        // then can be taken then.
        while let Some(Reverse((at, index, vus))) = queue.pop() {
            let part = &mut parts[index];
            held = held.saturating_sub(part.now).saturating_add(vus);
            part.now = vus;
            if vus == 0 {
                plan.max_duration = plan.max_duration.max(at);
            }
            queue.extend(part.next(index).map(Reverse));
            if queue.peek().is_none_or(|Reverse((next, ..))| *next > at) {
                plan.max_vus = plan.max_vus.max(held);
            }
        }
        plan
    }

    /// How many VUs must be made.
    pub fn max_vus(&self) -> u64 {
        self.max_vus
    }

    /// After which nothing runs any more, graceful stops included; `setup` and `teardown` not.
    pub fn max_duration(&self) -> Duration {
        self.max_duration
    }
}

struct Part<'a> {
    start: Duration,
    now: u64,
    steps: Box<dyn Iterator<Item = VuStep> + 'a>,
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
    }
}
