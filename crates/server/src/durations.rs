//! A distribution of durations in a fixed table of atomic counters: one for each microsecond up to
//! 512, then 256 for each power of two, so a value that is told is within 0.2 % of the true one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

/// Written by many threads at once; read whole only when somebody asks.
#[derive(Debug)]
pub(crate) struct Durations {
    buckets: Box<[AtomicU64]>,
    longest_micros: AtomicU64,
}

impl Default for Durations {
    fn default() -> Self {
        let buckets = (0..BUCKETS).map(|_| AtomicU64::new(0)).collect();
        Self { buckets, longest_micros: AtomicU64::new(0) }
    }
}

impl Durations {
    /// Counts one; longer ones than [`MOST_MICROS`] as if they were that long.
    pub(crate) fn record(&self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        if let Some(bucket) = self.buckets.get(bucket_of(micros.min(MOST_MICROS))) {
            // Relaxed: no other memory is published by a counter.
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.longest_micros.fetch_max(micros, Ordering::Relaxed);
    }

    /// How many there are, and percentiles in milliseconds; zeros if there is none.
    pub(crate) fn to_json(&self) -> Value {
        let counts: Vec<u64> =
            self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed)).collect();
        let count = counts.iter().sum();
        let percentile = |percent| at_rank(&counts, rank(count, percent));
        json!({
            "count": count,
            "p50": percentile(50.0),
            "p90": percentile(90.0),
            "p99": percentile(99.0),
            "p99.9": percentile(99.9),
            "max": milliseconds(self.longest_micros.load(Ordering::Relaxed)),
        })
    }

    /// Forgets all.
    pub(crate) fn reset(&self) {
        for bucket in &self.buckets {
            bucket.store(0, Ordering::Relaxed);
        }
        self.longest_micros.store(0, Ordering::Relaxed);
    }
}

/// Which value of `count`, counted from 1, has this percentage of all at or below it.
fn rank(count: u64, percent: f64) -> u64 {
    ((count as f64 * percent / 100.0).ceil() as u64).max(1)
}

/// The middle of the bucket in which the value of this rank is, in milliseconds.
fn at_rank(counts: &[u64], rank: u64) -> f64 {
    let mut seen = 0;
    let reaches = |count: &u64| {
        seen += count;
        seen >= rank
    };
    counts.iter().position(reaches).map_or(0.0, |bucket| milliseconds(middle_of(bucket)))
}

fn milliseconds(micros: u64) -> f64 {
    micros as f64 / 1e3
}

fn bucket_of(micros: u64) -> usize {
    // Below twice the number of steps, a bucket is a microsecond.
    let octave = (u64::BITS - micros.leading_zeros()).saturating_sub(STEP_BITS + 1);
    ((u64::from(octave) << STEP_BITS) + (micros >> octave)) as usize
}

fn middle_of(bucket: usize) -> u64 {
    let octave = (bucket >> STEP_BITS).saturating_sub(1);
    let least = ((bucket - (octave << STEP_BITS)) as u64) << octave;
    least + ((1 << octave) >> 1)
}

/// 256 steps for each power of two.
const STEP_BITS: u32 = 8;
/// A little over an hour.
const MOST_MICROS: u64 = (1 << 32) - 1;
const BUCKETS: usize = ((32 - STEP_BITS + 1) as usize) << STEP_BITS;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_duration_has_a_bucket_near_it() {
        assert_eq!(bucket_of(MOST_MICROS), BUCKETS - 1);
        let mut last = 0;
        for power in 1..32 {
            for micros in [1 << power, (1 << power) + 1, (1 << power) * 3 / 2, (2 << power) - 1] {
                let bucket = bucket_of(micros);
                assert!(bucket >= last, "{micros}");
                last = bucket;
                let error = middle_of(bucket).abs_diff(micros) as f64 / micros as f64;
                assert!(error < 0.002, "{micros}: {}", middle_of(bucket));
            }
        }
    }

    #[test]
    fn percentiles() {
        let durations = Durations::default();
        let check = |expect: [f64; 5]| {
            let [p50, p90, p99, p999, max] = expect;
            let expect = json!({ "p50": p50, "p90": p90, "p99": p99, "p99.9": p999, "max": max });
            let mut json = durations.to_json();
            let count = json.as_object_mut().unwrap().remove("count");
            assert_eq!((json, count.unwrap().as_u64().unwrap() > 0), (expect, max > 0.0));
        };
        check([0.0; 5]);
        for micros in 1..=200 {
            durations.record(Duration::from_micros(micros));
        }
        check([0.1, 0.18, 0.198, 0.2, 0.2]);
        durations.record(Duration::from_hours(2));
        check([0.101, 0.181, 0.199, 4_290_772.992, 7_200_000.0]);
        durations.reset();
        check([0.0; 5]);
    }
}
