//! The aggregate of a Gauge: the last value, with the least and the greatest.

use crate::UnixNanos;

/// The value with the latest time, and the range of all values.
#[derive(Clone, Debug, Default)]
pub struct GaugeSink {
    value: f64,
    least: f64,
    greatest: f64,
    /// When `value` was measured; batches of several workers may arrive out of order.
    latest: Option<UnixNanos>,
}

impl GaugeSink {
    /// Adds a value measured at `time`.
    pub fn add(&mut self, value: f64, time: UnixNanos) {
        if self.is_empty() {
            (self.least, self.greatest) = (value, value);
        } else {
            self.least = self.least.min(value);
            self.greatest = self.greatest.max(value);
        }
        if self.latest.is_none_or(|latest| time >= latest) {
            self.value = value;
            self.latest = Some(time);
        }
    }

    /// The last value, 0 if there is none.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The least value, 0 if there is none.
    pub fn min(&self) -> f64 {
        self.least
    }

    /// The greatest value, 0 if there is none.
    pub fn max(&self) -> f64 {
        self.greatest
    }

    /// Whether no value was added yet.
    pub fn is_empty(&self) -> bool {
        self.latest.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_value_wins_however_it_arrives() {
        let mut gauge = GaugeSink::default();
        assert!(gauge.is_empty());
        gauge.add(-3.0, UnixNanos(20));
        gauge.add(7.0, UnixNanos(10));
        assert_eq!((gauge.value(), gauge.min(), gauge.max()), (-3.0, -3.0, 7.0));
        gauge.add(2.0, UnixNanos(20));
        assert_eq!(gauge.value(), 2.0);
    }
}
