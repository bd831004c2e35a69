//! VUs that are still held after they are no longer wanted, since they may finish an iteration.

use std::{collections::VecDeque, iter::Peekable, time::Duration};

use super::VuStep;

/// The steps of VUs that are wanted or were so less than `hold` ago. At `end` no more are wanted,
/// and at `limit` none is held. Moments never fall, numbers change at each step; a number that is
/// wanted for no time is a step too.
pub(crate) fn held_for<I: Iterator<Item = VuStep>>(
    wanted: I,
    hold: Duration,
    end: Duration,
    limit: Duration,
) -> impl Iterator<Item = VuStep> {
    Held {
        wanted: wanted.peekable(),
        hold,
        end: Some(end),
        limit,
        now_wanted: 0,
        past: VecDeque::new(),
        told: None,
    }
}

struct Held<I: Iterator<Item = VuStep>> {
    wanted: Peekable<I>,
    hold: Duration,
    /// Until it has come.
    end: Option<Duration>,
    limit: Duration,
    now_wanted: u64,
    /// Numbers that were wanted, each with the moment until which it is held: numbers fall and
    /// moments rise from front to back.
    past: VecDeque<VuStep>,
    told: Option<u64>,
}

impl<I: Iterator<Item = VuStep>> Held<I> {
    /// When the next thing happens.
    fn next_moment(&mut self) -> Option<Duration> {
        let change = self.wanted.peek().map(|step| step.at).or(self.end);
        let release = self.past.front().map(|step| step.at);
        change.into_iter().chain(release).min()
    }

    fn want(&mut self, vus: u64, until: Duration) {
        if vus < self.now_wanted {
            while self.past.back().is_some_and(|step| step.vus <= self.now_wanted) {
                self.past.pop_back();
            }
            self.past.push_back(VuStep { at: until.min(self.limit), vus: self.now_wanted });
        }
        self.now_wanted = vus;
    }
}

impl<I: Iterator<Item = VuStep>> Iterator for Held<I> {
    type Item = VuStep;

    fn next(&mut self) -> Option<VuStep> {
        loop {
            let now = self.next_moment()?;
            if let Some(step) = self.wanted.next_if(|step| step.at <= now) {
                self.want(step.vus, now.saturating_add(self.hold));
            } else if self.end.take_if(|end| *end <= now).is_some() {
                self.want(0, self.limit);
            }
            while self.past.front().is_some_and(|step| step.at <= now) {
                self.past.pop_front();
            }
            let held = self.past.front().map_or(0, |step| step.vus).max(self.now_wanted);
            if self.told != Some(held) {
                self.told = Some(held);
                return Some(VuStep { at: now, vus: held });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Stage, vus_along},
        *,
    };

    fn check(stages: &[(u64, u64)], hold: u64, stop: u64, expect: &[(u64, u64)]) {
        let seconds = Duration::from_secs;
        let stages: Vec<Stage> = stages
            .iter()
            .map(|&(duration, target)| Stage { duration: seconds(duration), target })
            .collect();
        let end: Duration = stages.iter().map(|stage| stage.duration).sum();
        let wanted = vus_along(0, &stages);
        let got: Vec<(u64, u64)> = held_for(wanted, seconds(hold), end, end + seconds(stop))
            .map(|step| (step.at.as_secs(), step.vus))
            .collect();
        assert_eq!(got, expect);
    }

    #[test]
    fn held_while_an_iteration_may_finish() {
        let ramp = [(2, 2), (2, 0), (4, 0)];
        check(&ramp, 1, 5, &[(0, 0), (1, 1), (2, 2), (4, 1), (5, 0)]);
        check(&ramp, 30, 5, &[(0, 0), (1, 1), (2, 2), (13, 0)]);
        check(&ramp, 0, 0, &[(0, 0), (1, 1), (2, 2), (3, 1), (4, 0)]);
    }

    #[test]
    fn a_new_ramp_takes_held_ones_again() {
        check(&[(0, 3), (2, 3), (0, 1), (1, 1), (0, 3), (2, 3)], 2, 1, &[(0, 0), (0, 3), (6, 0)]);
        check(
            &[(0, 3), (0, 0), (3, 0), (0, 1), (1, 1)],
            2,
            1,
            &[(0, 0), (0, 3), (2, 0), (3, 1), (5, 0)],
        );
    }
}
