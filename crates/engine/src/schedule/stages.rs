//! The number of VUs along stages: when each is added and when each is retired.

use std::time::Duration;

/// A straight line to a number of VUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// How long it takes. Zero is a jump.
    pub duration: Duration,
    /// The number at its end.
    pub target: u64,
}

/// From a moment on, a number of VUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VuStep {
    /// Since the start.
    pub at: Duration,
    /// How many from then on.
    pub vus: u64,
}

/// The steps from `start` along `stages`: the first at zero, then one for each whole VU at the
/// moment when the line reaches it, also when the line goes down. Moments never fall; where stages
/// jump, one may have several numbers.
pub(crate) fn vus_along(start: u64, stages: &[Stage]) -> impl Iterator<Item = VuStep> + '_ {
    let mut from = start;
    let mut begin = Duration::ZERO;
    let lines = stages.iter().flat_map(move |stage| {
        let line = Line { from, to: stage.target, begin, duration: stage.duration, reached: from };
        from = stage.target;
        begin += stage.duration;
        line
    });
    std::iter::once(VuStep { at: Duration::ZERO, vus: start }).chain(lines)
}

/// Of steps at the same moment, the last: moments are strictly rising.
pub(crate) fn last_at_each_moment<I: Iterator<Item = VuStep>>(
    steps: I,
) -> impl Iterator<Item = VuStep> {
    LastAtEachMoment { steps, next: None }
}

/// One stage's steps.
struct Line {
    from: u64,
    to: u64,
    begin: Duration,
    duration: Duration,
    reached: u64,
}

impl Iterator for Line {
    type Item = VuStep;

    fn next(&mut self) -> Option<VuStep> {
        if self.reached == self.to {
            return None;
        }
        self.reached = if self.duration.is_zero() {
            self.to
        } else if self.reached < self.to {
            self.reached + 1
        } else {
            self.reached - 1
        };
        let gone = u128::from(self.reached.abs_diff(self.from));
        let whole = u128::from(self.to.abs_diff(self.from));
        // Rounded up, so that no VU starts before its moment.
        let nanos = self.duration.as_nanos().saturating_mul(gone).div_ceil(whole);
        let after = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        Some(VuStep { at: self.begin.saturating_add(after), vus: self.reached })
    }
}

struct LastAtEachMoment<I> {
    steps: I,
    next: Option<VuStep>,
}

impl<I: Iterator<Item = VuStep>> Iterator for LastAtEachMoment<I> {
    type Item = VuStep;

    fn next(&mut self) -> Option<VuStep> {
        let mut last = self.next.take().or_else(|| self.steps.next())?;
        for step in self.steps.by_ref() {
            if step.at > last.at {
                self.next = Some(step);
                break;
            }
            last = step;
        }
        Some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stage(millis: u64, target: u64) -> Stage {
        Stage { duration: Duration::from_millis(millis), target }
    }

    fn check(start: u64, stages: &[Stage], expect: &[(u64, u64)]) {
        let got: Vec<(u64, u64)> = last_at_each_moment(vus_along(start, stages))
            .map(|step| (u64::try_from(step.at.as_millis()).unwrap(), step.vus))
            .collect();
        assert_eq!(got, expect);
    }

    #[test]
    fn each_vu_comes_when_the_line_reaches_it() {
        check(
            1,
            &[stage(2000, 4), stage(1000, 4), stage(2000, 0), stage(0, 3), stage(1000, 1)],
            &[
                (0, 1),
                (666, 2),
                (1333, 3),
                (2000, 4),
                (3500, 3),
                (4000, 2),
                (4500, 1),
                (5000, 3),
                (5500, 2),
                (6000, 1),
            ],
        );
    }

    #[test]
    fn a_jump_at_the_start_is_the_start() {
        check(1, &[stage(0, 5), stage(100, 5)], &[(0, 5)]);
        check(0, &[stage(100, 0)], &[(0, 0)]);
    }

    proptest! {
        #[test]
        fn moments_rise_and_the_end_is_the_target(
            start in 0u64..50,
            stages in proptest::collection::vec((0u64..5000, 0u64..50), 1..6),
        ) {
            let stages: Vec<Stage> = stages.into_iter().map(|(ms, n)| stage(ms, n)).collect();
            let all = vus_along(start, &stages);
            prop_assert!(all.is_sorted_by_key(|step| step.at));
            let steps: Vec<VuStep> = last_at_each_moment(vus_along(start, &stages)).collect();
            prop_assert!(steps.windows(2).all(|pair| pair[0].at < pair[1].at));
            let total: Duration = stages.iter().map(|stage| stage.duration).sum();
            prop_assert!(steps.iter().all(|step| step.at <= total));
            prop_assert_eq!(steps.last().unwrap().vus, stages.last().unwrap().target);
        }
    }
}
