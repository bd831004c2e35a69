//! Sparse counters over buckets cut from the bit pattern of `f64`: pages of neighbours, made when
//! first hit. What they are good for is the histogram's business.

/// The bits of an `f64` below sign, exponent and the ten mantissa bits that name a bucket.
const DROPPED_BITS: u32 = 42;

/// Buckets for values from 0 up; as many again lie below them for the negative ones.
const HALF: u32 = 1 << (63 - DROPPED_BITS);

/// Buckets in a page. An octave of values is 1,024 buckets, so eight pages.
const PAGE: usize = 128;

/// Counts by bucket, in the order of the values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buckets {
    /// Sorted by page number.
    pages: Vec<(u16, Page)>,
}

/// Counters begin narrow, since most buckets of most series stay small; a page whose counter would
/// overflow is widened once.
#[derive(Clone, Debug)]
enum Page {
    Narrow(Box<[u16; PAGE]>),
    Wide(Box<[u64; PAGE]>),
}

impl Buckets {
    pub(crate) fn add(&mut self, value: f64, count: u64) {
        let bucket = bucket_of(value);
        self.page(bucket / PAGE as u32).add(bucket as usize % PAGE, count);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (number, page) in &other.pages {
            let mine = self.page(u32::from(*number));
            for (at, count) in page.counts().enumerate().filter(|&(_, count)| count > 0) {
                mine.add(at, count);
            }
        }
    }

    /// The values of two ranks, `below` not greater than `above`. A rank past the end has the
    /// greatest value.
    pub(crate) fn values_at(&self, below: u64, above: u64) -> (f64, f64) {
        let mut seen = 0;
        let mut low = None;
        let mut last = 0.0;
        for (number, page) in &self.pages {
            for (at, count) in page.counts().enumerate().filter(|&(_, count)| count > 0) {
                seen += count;
                last = middle_of(u32::from(*number) * PAGE as u32 + at as u32);
                if low.is_none() && seen > below {
                    low = Some(last);
                }
                if seen > above {
                    return (low.unwrap_or(last), last);
                }
            }
        }
        (low.unwrap_or(last), last)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let counters = self.pages.iter().map(|(_, page)| match page {
            Page::Narrow(_) => size_of::<[u16; PAGE]>(),
            Page::Wide(_) => size_of::<[u64; PAGE]>(),
        });
        self.pages.capacity() * size_of::<(u16, Page)>() + counters.sum::<usize>()
    }

    fn page(&mut self, number: u32) -> &mut Page {
        let number = u16::try_from(number).expect("2^22 buckets are 2^15 pages");
        let at = match self.pages.binary_search_by_key(&number, |(number, _)| *number) {
            Ok(at) => at,
            Err(at) => {
                self.pages.insert(at, (number, Page::Narrow(Box::new([0; PAGE]))));
                at
            }
        };
        &mut self.pages[at].1
    }
}

impl Page {
    fn add(&mut self, at: usize, count: u64) {
        if let Self::Narrow(counts) = self {
            match u16::try_from(u64::from(counts[at]) + count) {
                Ok(sum) => {
                    counts[at] = sum;
                    return;
                }
                Err(_) => *self = Self::Wide(Box::new(counts.map(u64::from))),
            }
        }
        if let Self::Wide(counts) = self {
            counts[at] += count;
        }
    }

    fn counts(&self) -> impl Iterator<Item = u64> {
        let count = |at| match self {
            Self::Narrow(counts) => u64::from(counts[at]),
            Self::Wide(counts) => counts[at],
        };
        (0..PAGE).map(count)
    }
}

/// The bucket of a value that is not NaN. Buckets are ordered as their values are; zero of either
/// sign is in the first of the upper half.
fn bucket_of(value: f64) -> u32 {
    let magnitude = (value.abs().to_bits() >> DROPPED_BITS) as u32;
    if value < 0.0 { HALF - 1 - magnitude } else { HALF + magnitude }
}

/// The value that stands for a bucket: its middle, but for zero and the infinities.
fn middle_of(bucket: u32) -> f64 {
    let (magnitude, sign) =
        if bucket < HALF { (HALF - 1 - bucket, -1.0) } else { (bucket - HALF, 1.0) };
    if magnitude == 0 {
        return 0.0;
    }
    let start = f64::from_bits(u64::from(magnitude) << DROPPED_BITS);
    if start.is_infinite() {
        return sign * start;
    }
    sign * f64::from_bits(u64::from(magnitude) << DROPPED_BITS | 1 << (DROPPED_BITS - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_around_its_value() {
        for value in [1.0, -1.0, 0.1, 1023.999, 1e-300, -1e300, f64::MAX, f64::MIN, f64::INFINITY] {
            let middle = middle_of(bucket_of(value));
            assert!(middle == value || (middle - value).abs() <= value.abs() / 2048.0, "{value}");
        }
        assert_eq!(middle_of(bucket_of(-0.0)), 0.0);
        assert_eq!(bucket_of(-0.0), bucket_of(0.0));
    }

    #[test]
    fn counters_widen_and_lose_nothing() {
        let mut buckets = Buckets::default();
        for _ in 0..3 {
            buckets.add(5.0, 40_000);
        }
        buckets.add(5000.0, 1);
        assert_eq!(buckets.values_at(119_999, 120_000).1, middle_of(bucket_of(5000.0)));
        assert_eq!(buckets.values_at(119_998, 119_999).1, middle_of(bucket_of(5.0)));
    }
}
