//! The units of samples, and the only conversions between them and bare numbers.

use std::time::Duration;

/// Milliseconds, the unit of time metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Millis(f64);

impl Millis {
    /// The value of a sample.
    pub fn value(self) -> f64 {
        self.0
    }
}

impl From<Duration> for Millis {
    fn from(duration: Duration) -> Self {
        // From whole nanoseconds, so that 0.1 ms is the number 0.1.
        Self(duration.as_nanos() as f64 / 1e6)
    }
}

/// Bytes, the unit of data metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

impl Bytes {
    /// The value of a sample.
    pub fn value(self) -> f64 {
        self.0 as f64
    }
}

/// Some quantity per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct PerSecond(f64);

impl PerSecond {
    /// `total` over `duration`; 0 if no time has passed.
    pub fn over(total: f64, duration: Duration) -> Self {
        if duration.is_zero() { Self(0.0) } else { Self(total / duration.as_secs_f64()) }
    }

    /// The bare number.
    pub fn value(self) -> f64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_become_milliseconds_without_noise() {
        assert_eq!(Millis::from(Duration::from_micros(100)).value(), 0.1);
        assert_eq!(Millis::from(Duration::from_nanos(189_624)).value(), 0.189_624);
        assert_eq!(PerSecond::over(3.0, Duration::from_millis(1500)).value(), 2.0);
        assert_eq!(PerSecond::over(3.0, Duration::ZERO).value(), 0.0);
    }
}
