//! One segment's places among those of all: what is counted in a test (VUs, iterations) goes to
//! the segments in turns.

use std::sync::Arc;

use super::{
    Segment, SegmentError, SegmentSequence,
    ratio::{Ratio, gcd},
};

/// The longest turn that is worked out; each place in it takes memory.
const LONGEST_PERIOD: u64 = 10_000_000;

/// Which of the numbers 0, 1, 2, … of a whole test are this process's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stripe {
    /// How many places each segment has in a period, in the order of the sequence.
    counts: Arc<[u64]>,
    /// Whose each place of a period is.
    owners: Arc<[u32]>,
    /// The places of a period that are this segment's, rising.
    own: Arc<[u64]>,
    /// Its place in the sequence.
    index: usize,
}

impl Stripe {
    /// All of a test.
    pub(crate) fn whole() -> Self {
        Self::new(vec![1], 0)
    }

    /// The stripe of a segment, where nothing is said the whole.
    ///
    /// # Errors
    /// `NotInSequence` and `TooFine`.
    pub(crate) fn of(
        segment: Option<Segment>,
        sequence: Option<&SegmentSequence>,
    ) -> Result<Self, SegmentError> {
        let segment = segment.unwrap_or(Segment::WHOLE);
        let mut points = match sequence {
            Some(sequence) => sequence.points.clone(),
            None => vec![segment.start, segment.end],
        };
        // k6: what a sequence leaves out before and behind is somebody else's.
        points.extend([Ratio::ZERO, Ratio::ONE]);
        points.sort_unstable();
        points.dedup();
        let too_fine = SegmentError::TooFine(LONGEST_PERIOD);
        let mut period = 1u64;
        for point in &points {
            let factor = point.under() / gcd(period, point.under());
            period = period
                .checked_mul(factor)
                .filter(|period| *period <= LONGEST_PERIOD)
                .ok_or_else(|| too_fine.clone())?;
        }
        let ends: Option<Vec<u64>> = points.iter().map(|point| point.of(period)).collect();
        let counts = ends.ok_or(too_fine)?.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let index = points
            .windows(2)
            .position(|pair| pair == [segment.start, segment.end])
            .ok_or_else(|| SegmentError::NotInSequence {
                segment,
                sequence: sequence.cloned().unwrap_or(SegmentSequence { points: points.clone() }),
            })?;
        Ok(Self::new(counts, index))
    }

    /// `counts` holds at least one that is not zero.
    fn new(mut counts: Vec<u64>, index: usize) -> Self {
        let divisor = counts.iter().copied().fold(0, gcd).max(1);
        for count in &mut counts {
            *count /= divisor;
        }
        let owners = deal(&counts);
        let own = (0u64..).zip(&owners).filter(|(_, owner)| **owner as usize == index);
        let own = own.map(|(place, _)| place).collect();
        Self { counts: counts.into(), owners: owners.into(), own, index }
    }

    /// How a test is cut whose parts have as many of `total` as they have here. k6: iterations that
    /// belong to no VU are dealt so, for a segment with more VUs to have more of them.
    pub(crate) fn in_proportion(&self, total: u64) -> Self {
        let segments = 0..self.counts.len();
        let counts: Vec<u64> = segments.map(|index| self.share_of_segment(index, total)).collect();
        let divisor = counts.iter().copied().fold(0, gcd);
        if divisor == 0 || total / divisor > LONGEST_PERIOD {
            return self.clone();
        }
        Self::new(counts, self.index)
    }

    /// How many of the first `total` numbers are its own.
    pub(crate) fn share(&self, total: u64) -> u64 {
        let (turns, rest) = (total / self.period(), total % self.period());
        let begun = self.own.partition_point(|place| *place < rest) as u64;
        (turns * self.own.len() as u64).saturating_add(begun)
    }

    fn share_of_segment(&self, index: usize, total: u64) -> u64 {
        let (turns, rest) = (total / self.period(), total % self.period());
        let begun = self.owners[..rest as usize].iter().filter(|owner| **owner as usize == index);
        turns * self.counts[index] + begun.count() as u64
    }

    /// Which number of the whole test its own `number`, from 0, is. The largest number there is
    /// for a segment that has none.
    pub(crate) fn position(&self, number: u64) -> u64 {
        let own = self.own.len() as u64;
        let (Some(turns), Some(rest)) = (number.checked_div(own), number.checked_rem(own)) else {
            return u64::MAX;
        };
        turns.saturating_mul(self.period()).saturating_add(self.own[rest as usize])
    }

    /// Its part of the whole, from 0 to 1.
    pub(crate) fn fraction(&self) -> f64 {
        self.own.len() as f64 / self.period() as f64
    }

    fn period(&self) -> u64 {
        self.owners.len() as u64
    }
}

/// Whose each place is. k6: the segments take their places in the order of their lengths, the
/// longest first; each wants them evenly spread from zero on, and takes the next one that is free.
fn deal(counts: &[u64]) -> Vec<u32> {
    const NOBODY: u32 = u32::MAX;
    let period: u64 = counts.iter().sum();
    let mut owners = vec![NOBODY; period as usize];
    let mut longest_first: Vec<usize> = (0..counts.len()).collect();
    longest_first.sort_by_key(|index| std::cmp::Reverse(counts[*index]));
    // From each place, a place to look on for a free one: searches of many do not add up.
    let mut onward: Vec<u32> = (0..=owners.len() as u32).collect();
    for index in longest_first {
        let count = counts[index];
        for number in 0..count {
            let wanted = (u128::from(number) * u128::from(period)).div_ceil(count.into()) as usize;
            let mut place = next_free(&mut onward, wanted);
            if place == owners.len() {
                place = next_free(&mut onward, 0);
            }
            owners[place] = index as u32;
            onward[place] = place as u32 + 1;
        }
    }
    owners
}

fn next_free(onward: &mut [u32], from: usize) -> usize {
    let mut place = from;
    while onward[place] as usize != place {
        let next = onward[place] as usize;
        onward[place] = onward[next];
        place = next;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stripe(segment: &str, sequence: &str) -> Stripe {
        let sequence = (!sequence.is_empty()).then(|| sequence.parse().unwrap());
        Stripe::of(Some(segment.parse().unwrap()), sequence.as_ref()).unwrap()
    }

    fn own_below(stripe: &Stripe, total: u64) -> Vec<u64> {
        (0..stripe.share(total)).map(|number| stripe.position(number)).collect()
    }

    #[test]
    fn as_k6_deals() {
        let check = |segment: &str, sequence: &str, expect: &[u64]| {
            assert_eq!(own_below(&stripe(segment, sequence), 12), expect, "{segment} {sequence}");
        };
        check("0:1/3", "0,1/3,2/3,1", &[0, 3, 6, 9]);
        check("2/3:1", "0,1/3,2/3,1", &[2, 5, 8, 11]);
        check("0:1/4", "0,1/4,1", &[1, 5, 9]);
        check("1/4:1", "0,1/4,1", &[0, 2, 3, 4, 6, 7, 8, 10, 11]);
        check("3/4:1", "0,1/2,3/4,1", &[3, 7, 11]);
        check("0:1/5", "0,1/5,1/2,1", &[3, 9]);
        check("1/5:1/2", "0,1/5,1/2,1", &[1, 5, 7, 11]);
        check("0:1/6", "0,1/6,1/2,1", &[5, 11]);
        check("0:1/3", "", &[1, 4, 7, 10]);
        check("1/3:2/3", "", &[1, 4, 7, 10]);
        check("1/7:3/7", "", &[1, 5, 8]);
        check("30%", "", &[1, 4, 7, 11]);
        check("0:1/3", "0,1/3,1/2", &[1, 3, 7, 9]);
        check("1", "", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    }

    #[test]
    fn in_proportion_to_vus_as_k6() {
        let thirds = ["0:1/3", "1/3:2/3", "2/3:1"].map(|one| stripe(one, "0,1/3,2/3,1"));
        let [a, b, c] = thirds.map(|one| own_below(&one.in_proportion(7), 11));
        assert_eq!(a, [0, 3, 5, 7, 10]);
        assert_eq!(b, [1, 4, 8]);
        assert_eq!(c, [2, 6, 9]);
        // A segment without a VU has no iterations.
        let tenth = stripe("0:1/10", "").in_proportion(1);
        assert_eq!((tenth.share(1000), tenth.position(0)), (0, u64::MAX));
        assert_eq!(stripe("0:1/10", "").in_proportion(5).share(50), 10);
    }

    #[test]
    fn refused() {
        let whole = Stripe::of(None, Some(&"0,1/2,1".parse().unwrap()));
        let error = whole.unwrap_err().to_string();
        assert_eq!(error, "provided segment 0:1 can't be found in sequence 0,1/2,1");
        let fine = Stripe::of(Some("0.123456789".parse().unwrap()), None);
        assert_eq!(fine, Err(SegmentError::TooFine(LONGEST_PERIOD)));
        assert!(Stripe::of(Some("0.1234567".parse().unwrap()), None).is_ok());
    }

    proptest! {
        #[test]
        fn the_parts_are_the_whole(
            parts in 2u64..60,
            cuts in proptest::collection::btree_set(1u64..60, 0..7),
            total in 0u64..500,
            vus in 1u64..100,
        ) {
            let cuts = cuts.into_iter().filter(|cut| *cut < parts);
            let points: Vec<String> = std::iter::once("0".to_owned())
                .chain(cuts.map(|cut| format!("{cut}/{parts}")))
                .chain(["1".to_owned()])
                .collect();
            let sequence = points.join(",");
            let stripes: Vec<Stripe> = points
                .windows(2)
                .map(|pair| stripe(&format!("{}:{}", pair[0], pair[1]), &sequence))
                .collect();
            let vus_dealt: Vec<Stripe> = stripes.iter().map(|one| one.in_proportion(vus)).collect();
            for stripes in [stripes, vus_dealt] {
                let mut all: Vec<u64> =
                    stripes.iter().flat_map(|stripe| own_below(stripe, total)).collect();
                all.sort_unstable();
                prop_assert_eq!(all, (0..total).collect::<Vec<_>>());
                let fractions: f64 = stripes.iter().map(Stripe::fraction).sum();
                prop_assert!((fractions - 1.0).abs() < 1e-9);
            }
        }
    }
}
