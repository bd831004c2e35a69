//! When iterations start at a constant or a ramping rate: the moment of the n-th comes from the
//! schedule alone, so no error adds up over a run.

use std::time::Duration;

use super::Stage;

/// The moments at which the iterations of a whole test start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrivals {
    /// What the rates count iterations per. Never zero.
    unit: Duration,
    shape: Shape,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    /// k6: the first at zero, then one every `unit / rate`, before the end.
    Constant { rate: u64, duration: Duration },
    /// k6: the n-th when the area below the rate reaches n, so that the first waits for it.
    Ramping(Vec<Slope>),
}

/// One stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slope {
    begin: Duration,
    duration: Duration,
    from: u64,
    to: u64,
    /// Twice the area below the stages before, in iterations times nanoseconds per unit: whole, so
    /// that stages join without error.
    before: u128,
}

impl Arrivals {
    /// At `rate` iterations per `unit`.
    pub(crate) fn constant(rate: u64, unit: Duration, duration: Duration) -> Self {
        Self { unit, shape: Shape::Constant { rate, duration } }
    }

    /// From `start` iterations per `unit` along `stages`.
    pub(crate) fn ramping(start: u64, unit: Duration, stages: &[Stage]) -> Self {
        let (mut from, mut begin, mut before) = (start, Duration::ZERO, 0u128);
        let slopes = stages.iter().map(|stage| {
            let slope = Slope { begin, duration: stage.duration, from, to: stage.target, before };
            from = stage.target;
            begin = begin.saturating_add(stage.duration);
            before = before.saturating_add(slope.twice_area());
            slope
        });
        Self { unit, shape: Shape::Ramping(slopes.collect()) }
    }

    /// When iteration `number`, from 0, starts; `None` if there are not so many. Never falls as
    /// numbers rise.
    pub(crate) fn at(&self, number: u64) -> Option<Duration> {
        match &self.shape {
            Shape::Constant { rate, duration } => {
                let (units, rate) = (u128::from(number) * self.unit.as_nanos(), u128::from(*rate));
                let is_before_end = units < duration.as_nanos().saturating_mul(rate);
                is_before_end.then(|| nanos_to_duration(units.div_ceil(rate)))
            }
            Shape::Ramping(slopes) => {
                let wanted = (u128::from(number) + 1).checked_mul(2 * self.unit.as_nanos())?;
                let next = slopes.partition_point(|slope| slope.before < wanted);
                let slope = slopes[..next].last()?;
                let area = wanted - slope.before;
                (area <= slope.twice_area()).then(|| slope.begin + slope.time_for(area))
            }
        }
    }

    /// Iterations per second at a moment.
    pub(crate) fn rate_at(&self, at: Duration) -> f64 {
        let rate = match &self.shape {
            Shape::Constant { rate, .. } => *rate as f64,
            Shape::Ramping(slopes) => {
                let next = slopes.partition_point(|slope| slope.begin <= at);
                slopes[..next].last().map_or(0.0, |slope| slope.rate_at(at))
            }
        };
        rate / self.unit.as_secs_f64()
    }

    /// The most iterations per second at any moment.
    pub(crate) fn peak_rate(&self) -> f64 {
        let peak = match &self.shape {
            Shape::Constant { rate, .. } => *rate,
            Shape::Ramping(slopes) => {
                slopes.iter().map(|slope| slope.from.max(slope.to)).max().unwrap_or(0)
            }
        };
        peak as f64 / self.unit.as_secs_f64()
    }
}

impl Slope {
    fn twice_area(&self) -> u128 {
        (u128::from(self.from) + u128::from(self.to)).saturating_mul(self.duration.as_nanos())
    }

    /// How far into the stage twice the area is `area`, which is more than zero.
    fn time_for(&self, area: u128) -> Duration {
        let nanos = if self.from == self.to {
            area.div_ceil(2 * u128::from(self.from))
        } else {
            let (from, to) = (self.from as f64, self.to as f64);
            let area = area as f64;
            // The root of `2·from·t + (to − from)·t² / duration = area` in the form that loses
            // nothing where the slope is small.
            let under = from * from + (to - from) * area / self.duration.as_nanos() as f64;
            (area / (from + under.max(0.0).sqrt())).ceil() as u128
        };
        nanos_to_duration(nanos).min(self.duration)
    }

    fn rate_at(&self, at: Duration) -> f64 {
        if self.duration.is_zero() {
            return self.to as f64;
        }
        let gone = at.saturating_sub(self.begin).as_secs_f64() / self.duration.as_secs_f64();
        self.from as f64 + (self.to as f64 - self.from as f64) * gone.min(1.0)
    }
}

fn nanos_to_duration(nanos: u128) -> Duration {
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn all(arrivals: &Arrivals) -> Vec<Duration> {
        (0..).map_while(|number| arrivals.at(number)).collect()
    }

    fn millis(arrivals: &Arrivals) -> Vec<u128> {
        all(arrivals).iter().map(Duration::as_millis).collect()
    }

    fn stage(millis: u64, target: u64) -> Stage {
        Stage { duration: Duration::from_millis(millis), target }
    }

    #[test]
    fn a_constant_rate_begins_at_once_and_stays_before_the_end() {
        let check = |rate, unit, expect: &[u128]| {
            assert_eq!(millis(&Arrivals::constant(rate, unit, 2 * SECOND)), expect);
        };
        check(3, SECOND, &[0, 333, 666, 1000, 1333, 1666]);
        check(1, SECOND, &[0, 1000]);
        check(90, Duration::from_mins(1), &[0, 666, 1333]);
        check(1, Duration::from_mins(1), &[0]);
    }

    #[test]
    fn no_error_adds_up() {
        let arrivals = Arrivals::constant(3, SECOND, Duration::from_hours(24 * 30));
        assert_eq!(arrivals.at(3 * 86_400 * 29), Some(Duration::from_hours(24 * 29)));
        let stages = [stage(1_000, 7), stage(86_400_000 * 29, 7), stage(1_000, 9)];
        let arrivals = Arrivals::ramping(7, SECOND, &stages);
        let last_of_the_second = 7 * (86_400 * 29 + 1) - 1;
        assert_eq!(arrivals.at(last_of_the_second), Some(Duration::from_secs(86_400 * 29 + 1)));
    }

    #[test]
    fn a_ramp_waits_for_a_whole_iteration() {
        // As k6 starts them, to the millisecond.
        let arrivals = Arrivals::ramping(0, SECOND, &[stage(1000, 10), stage(1000, 0)]);
        assert_eq!(millis(&arrivals), [447, 632, 774, 894, 1000, 1105, 1225, 1367, 1552, 2000]);
        let arrivals = Arrivals::ramping(
            5,
            SECOND,
            &[
                stage(1000, 5),
                stage(0, 20),
                stage(500, 20),
                stage(0, 0),
                stage(500, 0),
                stage(1000, 6),
            ],
        );
        let expect = [
            200, 400, 600, 800, 1000, 1050, 1100, 1150, 1200, 1250, 1300, 1350, 1400, 1450, 1500,
            2577, 2816, 3000,
        ];
        assert_eq!(millis(&arrivals), expect);
        assert_eq!(millis(&Arrivals::ramping(0, SECOND, &[stage(1000, 0)])), []);
        assert_eq!(millis(&Arrivals::ramping(9, SECOND, &[stage(0, 9)])), []);
    }

    #[test]
    fn the_rate_of_a_moment() {
        let arrivals =
            Arrivals::ramping(5, 2 * SECOND, &[stage(2000, 7), stage(0, 10), stage(1000, 2)]);
        let rate = |millis| arrivals.rate_at(Duration::from_millis(millis));
        let got = [rate(0), rate(1000), rate(1999), rate(2000), rate(2500), rate(9000)];
        for (got, expect) in got.iter().zip([2.5, 3.0, 3.4995, 5.0, 3.0, 1.0]) {
            assert!((got - expect).abs() < 1e-9, "{got} {expect}");
        }
        assert_eq!(arrivals.peak_rate(), 5.0);
    }

    proptest! {
        #[test]
        fn as_many_as_the_area_in_their_order(
            start in 0u64..200,
            unit in 1u64..3000,
            stages in proptest::collection::vec((0u64..4000, 0u64..200), 1..6),
        ) {
            let stages: Vec<Stage> = stages.into_iter().map(|(ms, n)| stage(ms, n)).collect();
            let arrivals = Arrivals::ramping(start, Duration::from_millis(unit), &stages);
            let mut area = 0u128;
            let mut from = start;
            for stage in &stages {
                area += u128::from(from + stage.target) * stage.duration.as_millis();
                from = stage.target;
            }
            let end: Duration = stages.iter().map(|stage| stage.duration).sum();
            let all = all(&arrivals);
            prop_assert_eq!(all.len() as u128, area / (2 * u128::from(unit)));
            prop_assert!(all.is_sorted() && all.iter().all(|at| *at <= end));
        }
    }
}
