//! The aggregate of a Counter: a sum.

use std::time::Duration;

use crate::PerSecond;

/// The sum of all values.
#[derive(Clone, Debug, Default)]
pub struct CounterSink {
    sum: f64,
    any: bool,
}

impl CounterSink {
    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.sum += value;
        self.any = true;
    }

    /// The sum, in the unit of the metric.
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// The sum over the time that the run took.
    pub fn rate(&self, run_duration: Duration) -> PerSecond {
        PerSecond::over(self.sum, run_duration)
    }

    /// Whether no value was added yet.
    pub fn is_empty(&self) -> bool {
        !self.any
    }
}
