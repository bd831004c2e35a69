//! When the next request may leave. Time is an argument.

use std::time::{Duration, Instant};

/// A number of requests at once, and then one each interval.
#[derive(Debug)]
pub(super) struct Pace {
    interval: Duration,
    /// By how much requests may be early together.
    slack: Duration,
    /// When the next one is due, if all came one each interval.
    due: Option<Instant>,
}

impl Pace {
    /// `burst` is at least one.
    pub(super) fn new(per_minute: u32, burst: u32) -> Self {
        let interval = Duration::from_mins(1) / per_minute.max(1);
        Self { interval, slack: interval.saturating_mul(burst.saturating_sub(1)), due: None }
    }

    /// Reserves a request, and says how long it has to wait.
    pub(super) fn reserve(&mut self, now: Instant) -> Duration {
        let due = self.due.map_or(now, |due| due.max(now));
        self.due = Some(due + self.interval);
        due.saturating_duration_since(now + self.slack)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bursts_pass_and_the_rest_waits() {
        let mut pace = Pace::new(60, 3);
        let begin = Instant::now();
        let waits: Vec<u64> = (0..5).map(|_| pace.reserve(begin).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 1, 2]);
        // Five of them used five seconds; after six, there is room for three again.
        let later = begin + Duration::from_secs(6);
        let waits: Vec<u64> = (0..5).map(|_| pace.reserve(later).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 1, 2]);
    }
}
