//! What a Trend stores: a distribution in bounded memory, exact while it is small.
//!
//! Up to [`EXACT`] values are kept as they are, so small runs have k6's exact percentiles. Beyond
//! that, values are counted in buckets cut from the bit pattern of `f64`: sign, exponent and the
//! top ten bits of the mantissa. A bucket is 1/1024 of its power of two wide and answers with its
//! middle, so **the value given for a rank is within 1/2048 (0.049 %) of the true one**, and so is
//! an interpolation between two neighbours of one sign. Count, sum, least and greatest value are
//! exact always. Magnitudes below 2^-1032, the subnormal ones that share zero's bucket, read as 0.
//!
//! Infinities are values with a bucket each; NaN is no value and is not recorded.

use crate::buckets::Buckets;

/// How many values are kept exactly.
pub const EXACT: usize = 512;

/// A distribution of values.
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    count: u64,
    sum: f64,
    least: f64,
    greatest: f64,
    store: Store,
}

#[derive(Clone, Debug)]
enum Store {
    /// Every value, in order of arrival.
    Exact(Vec<f64>),
    /// Counts by bucket.
    Buckets(Buckets),
}

impl Default for Store {
    fn default() -> Self {
        Self::Exact(Vec::new())
    }
}

impl Histogram {
    /// A distribution of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value. NaN is ignored.
    pub fn record(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        if self.count == 0 {
            (self.least, self.greatest) = (value, value);
        } else {
            self.least = self.least.min(value);
            self.greatest = self.greatest.max(value);
        }
        self.count += 1;
        self.sum += value;
        match &mut self.store {
            Store::Exact(values) if values.len() < EXACT => values.push(value),
            Store::Exact(_) => self.buckets().add(value, 1),
            Store::Buckets(buckets) => buckets.add(value, 1),
        }
    }

    /// Adds all that `other` recorded. What was exact stays exact if both fit.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            self.clone_from(other);
            return;
        }
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
        self.count += other.count;
        self.sum += other.sum;
        match (&mut self.store, &other.store) {
            (Store::Exact(mine), Store::Exact(theirs)) if mine.len() + theirs.len() <= EXACT => {
                mine.extend_from_slice(theirs);
            }
            (_, Store::Exact(theirs)) => {
                let buckets = self.buckets();
                for &value in theirs {
                    buckets.add(value, 1);
                }
            }
            (_, Store::Buckets(theirs)) => self.buckets().merge(theirs),
        }
    }

    /// How many values were recorded.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The sum of all values.
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// The least value, 0 if there is none.
    pub fn min(&self) -> f64 {
        self.least
    }

    /// The greatest value, 0 if there is none.
    pub fn max(&self) -> f64 {
        self.greatest
    }

    /// The arithmetic mean, 0 if there is no value.
    pub fn avg(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.sum / self.count as f64 }
    }

    /// The `q`-quantile, `q` from 0 to 1, 0 if there is no value.
    ///
    /// k6: linear interpolation between the closest ranks, `q * (count - 1)` being the rank.
    pub fn quantile(&self, q: f64) -> f64 {
        if self.count == 0 {
            return 0.0;
        }
        let rank = q.clamp(0.0, 1.0) * (self.count - 1) as f64;
        let below = rank.floor() as u64;
        let above = (rank.ceil() as u64).min(self.count - 1);
        let (low, high) = self.values_at(below, above);
        let part = rank - below as f64;
        if part == 0.0 || low == high {
            low
        } else if low.is_finite() && high.is_finite() {
            low + (high - low) * part
        } else if part < 0.5 {
            low
        } else {
            high
        }
    }

    /// The approximate size on the heap, in bytes.
    pub fn heap_bytes(&self) -> usize {
        match &self.store {
            Store::Exact(values) => values.capacity() * size_of::<f64>(),
            Store::Buckets(buckets) => buckets.heap_bytes(),
        }
    }

    /// The values of two neighbouring ranks, counted from 0.
    fn values_at(&self, below: u64, above: u64) -> (f64, f64) {
        match &self.store {
            Store::Exact(values) => {
                let mut sorted = values.clone();
                sorted.sort_unstable_by(f64::total_cmp);
                (sorted[below as usize], sorted[above as usize])
            }
            Store::Buckets(buckets) => {
                let (low, high) = buckets.values_at(below, above);
                // The ends are known exactly.
                let low = if below == 0 { self.least } else { low };
                let high = if above == self.count - 1 { self.greatest } else { high };
                let low = if below == self.count - 1 { self.greatest } else { low };
                (low.clamp(self.least, self.greatest), high.clamp(self.least, self.greatest))
            }
        }
    }

    /// The buckets, made from the exact values if need be.
    fn buckets(&mut self) -> &mut Buckets {
        if let Store::Exact(values) = &self.store {
            let mut buckets = Buckets::default();
            for &value in values {
                buckets.add(value, 1);
            }
            self.store = Store::Buckets(buckets);
        }
        match &mut self.store {
            Store::Buckets(buckets) => buckets,
            Store::Exact(_) => unreachable!("made just above"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOUND: f64 = 1.0 / 2048.0;

    fn of(values: &[f64]) -> Histogram {
        let mut histogram = Histogram::new();
        for &value in values {
            histogram.record(value);
        }
        histogram
    }

    /// k6's percentile of sorted values.
    fn exact(sorted: &[f64], q: f64) -> f64 {
        let rank = q * (sorted.len() - 1) as f64;
        let (low, high) = (sorted[rank.floor() as usize], sorted[rank.ceil() as usize]);
        low + (high - low) * (rank - rank.floor())
    }

    #[test]
    fn a_small_run_has_k6s_numbers() {
        let small = of(&[3.0, 0.0, 1.5]);
        assert_eq!(small.quantile(95.0 / 100.0), 2.849_999_999_999_999_6);
        assert_eq!(small.quantile(99.9 / 100.0), 2.997_000_000_000_000_3);
        assert_eq!((small.quantile(0.5), small.avg(), small.count()), (1.5, 1.5, 3));
        let nine = of(&[100.0, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 10.0, 20.0]);
        assert_eq!(nine.quantile(0.95), 67.999_999_999_999_97);
        assert_eq!(nine.quantile(0.9), 36.000_000_000_000_014);
    }

    #[test]
    fn nothing_is_zero_and_one_value_is_all() {
        let empty = Histogram::new();
        assert_eq!((empty.min(), empty.max(), empty.avg(), empty.quantile(0.5)), (0., 0., 0., 0.));
        let one = of(&[-4.25]);
        assert_eq!((one.min(), one.max(), one.avg()), (-4.25, -4.25, -4.25));
        for q in [0.0, 0.3, 1.0, 7.0, -1.0] {
            assert_eq!(one.quantile(q), -4.25);
        }
    }

    #[test]
    fn infinities_count_and_nan_does_not() {
        let mut values = vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        values.extend((0..1000).map(f64::from));
        let histogram = of(&values);
        assert_eq!(histogram.count(), 1002);
        assert_eq!(histogram.quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(histogram.quantile(1.0), f64::INFINITY);
        assert!((histogram.quantile(0.5) - 499.5).abs() <= 499.5 * BOUND);
        assert_eq!(of(&[f64::NEG_INFINITY, f64::INFINITY]).quantile(0.5), f64::INFINITY);
    }

    #[test]
    fn a_thousand_series_fit_in_fifty_mebibytes() {
        // Three decades of latency, 0.3 ms to 300 ms, 100,000 values: a busy series.
        let mut histogram = Histogram::new();
        for n in 0..100_000_u32 {
            let spread = f64::from(n.wrapping_mul(2_654_435_761) % 100_000) / 100_000.0;
            histogram.record(0.3 * 1000_f64.powf(spread));
        }
        assert!(histogram.heap_bytes() * 1000 < 50 << 20, "{}", histogram.heap_bytes());
    }

    #[test]
    fn memory_does_not_grow_with_the_run() {
        let mut histogram = Histogram::new();
        let record = |histogram: &mut Histogram| {
            (0..100_000).for_each(|n| histogram.record(1.0 + f64::from(n % 1000)));
        };
        record(&mut histogram);
        record(&mut histogram);
        let early = histogram.heap_bytes();
        (0..20).for_each(|_| record(&mut histogram));
        assert_eq!(histogram.heap_bytes(), early);
    }

    fn any_value() -> impl Strategy<Value = f64> {
        prop_oneof![
            Just(0.0),
            -1e3..1e3,
            1e-9..1e9_f64,
            prop::num::f64::NORMAL.prop_filter("no overflow of sums", |v| v.abs() < 1e300),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn every_rank_is_within_the_bound(
            mut values in prop::collection::vec(any_value(), 1..1500),
            q in 0.0..=1.0_f64,
        ) {
            let histogram = of(&values);
            values.sort_unstable_by(f64::total_cmp);
            // A rank that is a whole number asks for one order statistic.
            let last = (values.len() - 1) as f64;
            let whole = (q * last).round();
            let q = if last == 0.0 { 0.0 } else { whole / last };
            if q * last == whole {
                let truth = values[whole as usize];
                let got = histogram.quantile(q);
                prop_assert!((got - truth).abs() <= truth.abs() * BOUND, "{got} is not {truth}");
            }
            prop_assert_eq!(histogram.min(), values[0]);
            prop_assert_eq!(histogram.max(), values[values.len() - 1]);
            prop_assert_eq!(histogram.count(), values.len() as u64);
        }

        #[test]
        fn interpolation_is_within_the_bound_of_its_neighbours(
            mut values in prop::collection::vec(0.0..1e6_f64, 1..1500),
            q in 0.0..=1.0_f64,
        ) {
            let histogram = of(&values);
            values.sort_unstable_by(f64::total_cmp);
            let truth = exact(&values, q);
            let got = histogram.quantile(q);
            // A rounding error of the rank may shift the weight by some units in the last place.
            prop_assert!((got - truth).abs() <= truth.abs() * (BOUND + 1e-9), "{got} is not {truth}");
        }

        #[test]
        fn merging_is_recording_all(
            left in prop::collection::vec(any_value(), 0..900),
            right in prop::collection::vec(any_value(), 0..900),
            q in 0.0..=1.0_f64,
        ) {
            let mut merged = of(&left);
            merged.merge(&of(&right));
            let whole = of(&[left, right].concat());
            prop_assert_eq!(merged.count(), whole.count());
            prop_assert_eq!((merged.min(), merged.max()), (whole.min(), whole.max()));
            prop_assert_eq!(merged.quantile(q), whole.quantile(q));
        }
    }
}
