//! How late a worker's event loop is: the delay that it adds to everything that is measured on it.
//!
//! A worker that has more to do than its core can gets to a socket's bytes late, and what a script
//! then measures is our own delay as well as the server's. A timer that fires late shows it.

use std::{collections::VecDeque, rc::Rc, time::Duration};

use sockeye_engine::log::LogLevel;
use tokio::time::Instant;

use crate::vu::run::WorkerHost;

/// How often the loop is asked to be on time.
const EVERY: Duration = Duration::from_millis(200);

/// How long the last answers must have taken together for a verdict.
const WINDOW: Duration = Duration::from_secs(5);

/// How many they must be at least: a very late loop answers seldom.
const LEAST: usize = 3;

/// Half of the answers later than this is a saturated worker.
const SATURATED: Duration = Duration::from_millis(50);

/// Samples the lag of worker `number` for ever, and warns once when it is saturated.
pub(crate) async fn watch(worker: Rc<WorkerHost>, number: usize) {
    let metric = worker.process.registry.builtin().sockeye_loop_lag;
    let name = number.to_string();
    let tags = worker.shared.context.tags.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let tags = tags.chain([("worker", name.as_str())]).collect();
    let series = worker.series(metric, &tags);
    let mut window = Window::default();
    let mut warned = false;
    // Being late here delays the next answer as well: the ticks are not to be caught up with.
    let mut due = Instant::now() + EVERY;
    loop {
        tokio::time::sleep_until(due).await;
        let now = Instant::now();
        let lag = now - due;
        due = now + EVERY;
        worker.push(series, None, now, lag.as_secs_f64() * 1e3);
        let median = window.add(lag);
        if !warned && let Some(median) = median.filter(|median| *median > SATURATED) {
            warned = true;
            let median = median.as_millis();
            worker.process.log(
                LogLevel::Warning,
                format!(
                    "this machine is saturated: the event loop of worker {number} has been {median} \
                     ms late for 5 s, and what the test measures includes that delay. Lower the \
                     load, or share the test among machines (--execution-segment); the metric \
                     `sockeye_loop_lag` tells how late it is"
                ),
            );
        }
    }
}

/// The last lags.
#[derive(Default)]
struct Window {
    lags: VecDeque<Duration>,
    /// From one answer to the next it takes the pause and the lag.
    took: Duration,
}

impl Window {
    /// The median of a full window.
    fn add(&mut self, lag: Duration) -> Option<Duration> {
        self.lags.push_back(lag);
        self.took += EVERY + lag;
        while let Some(&oldest) = self.lags.front()
            && self.lags.len() > LEAST
            && self.took >= WINDOW + EVERY + oldest
        {
            self.lags.pop_front();
            self.took -= EVERY + oldest;
        }
        if self.lags.len() < LEAST || self.took < WINDOW {
            return None;
        }
        let mut sorted: Vec<Duration> = self.lags.iter().copied().collect();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{EVERY, SATURATED, WINDOW, Window};

    #[test]
    fn only_a_full_window_of_late_answers_is_a_verdict() {
        let mut window = Window::default();
        let late = SATURATED * 2;
        let count = WINDOW.div_duration_f64(EVERY + late).ceil() as usize;
        for _ in 1..count {
            assert_eq!(window.add(late), None);
        }
        assert_eq!(window.add(late), Some(late));
        // A pause now and then, as of a garbage collection or the start of many VUs, is not one.
        for _ in 0..count {
            window.add(Duration::ZERO);
        }
        assert_eq!(window.add(late), Some(Duration::ZERO));
    }

    #[test]
    fn a_loop_that_is_seconds_late_is_known_by_few_answers() {
        let mut window = Window::default();
        let late = Duration::from_secs(4);
        assert_eq!(
            [window.add(late), window.add(late), window.add(late)],
            [None, None, Some(late)]
        );
    }
}
