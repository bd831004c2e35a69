//! The aggregate of a Rate: how many values are not zero.

/// The share of values that are not zero.
#[derive(Clone, Debug, Default)]
pub struct RateSink {
    trues: u64,
    total: u64,
}

impl RateSink {
    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.total += 1;
        // k6: any number but 0 counts, negative ones too.
        self.trues += u64::from(value != 0.0);
    }

    /// How many values are not zero.
    pub fn passes(&self) -> u64 {
        self.trues
    }

    /// How many values are zero.
    pub fn fails(&self) -> u64 {
        self.total - self.trues
    }

    /// How many values there are.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The share from 0 to 1, 0 if there is no value.
    pub fn rate(&self) -> f64 {
        if self.total == 0 { 0.0 } else { self.trues as f64 / self.total as f64 }
    }
}
