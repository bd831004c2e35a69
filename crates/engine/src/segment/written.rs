//! Segments and their sequences as options say them.

use std::{fmt, str::FromStr};

use super::ratio::Ratio;

/// A part of a test: `1/3:2/3`, or its end alone, `1/3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub(super) start: Ratio,
    pub(super) end: Ratio,
}

/// The points at which a test is cut, `0,1/3,2/3,1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentSequence {
    /// At least two, rising.
    pub(super) points: Vec<Ratio>,
}

/// What is wrong with a text that should be one of them.
// k6: its words.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SegmentError {
    /// It has no number where there should be one.
    #[error("'{0}' is not a valid percentage, decimal, fraction or interval value")]
    NotANumber(String),
    /// It begins before the test.
    #[error("segment start value must be at least 0 but was {0:.2}")]
    Start(f64),
    /// It ends before it begins.
    #[error("segment start({start:.2}) must be less than its end({end:.2})")]
    Empty {
        /// Where it begins.
        start: f64,
        /// Where it ends.
        end: f64,
    },
    /// It ends after the test.
    #[error("segment end value can't be more than 1 but was {0:.2}")]
    End(f64),
    /// A sequence of nothing.
    #[error("at least 2 points are needed for an execution segment sequence, {0} given")]
    Points(usize),
    /// The segment is not of the sequence.
    #[error("provided segment {segment} can't be found in sequence {sequence}")]
    NotInSequence {
        /// What is to be run.
        segment: Segment,
        /// What the test is cut into.
        sequence: SegmentSequence,
    },
    /// The fractions have no common denominator of a sensible size.
    #[error("the segments have no common denominator up to {0}; use simpler fractions")]
    TooFine(u64),
}

impl Segment {
    /// The whole test.
    pub const WHOLE: Self = Self { start: Ratio::ZERO, end: Ratio::ONE };

    fn new(start: Ratio, end: Ratio) -> Result<Self, SegmentError> {
        if start < Ratio::ZERO {
            return Err(SegmentError::Start(start.as_f64()));
        }
        if start >= end {
            return Err(SegmentError::Empty { start: start.as_f64(), end: end.as_f64() });
        }
        if end > Ratio::ONE {
            return Err(SegmentError::End(end.as_f64()));
        }
        Ok(Self { start, end })
    }
}

impl SegmentSequence {
    /// A test in one piece.
    pub fn whole() -> Self {
        Self { points: vec![Ratio::ZERO, Ratio::ONE] }
    }
}

fn ratio(text: &str) -> Result<Ratio, SegmentError> {
    Ratio::parse(text).ok_or_else(|| SegmentError::NotANumber(text.to_owned()))
}

impl FromStr for Segment {
    type Err = SegmentError;

    fn from_str(text: &str) -> Result<Self, SegmentError> {
        match text.split_once(':') {
            Some((start, end)) => Self::new(ratio(start)?, ratio(end)?),
            None => Self::new(Ratio::ZERO, ratio(text)?),
        }
    }
}

impl FromStr for SegmentSequence {
    type Err = SegmentError;

    fn from_str(text: &str) -> Result<Self, SegmentError> {
        let points = text.split(',').map(ratio).collect::<Result<Vec<_>, _>>()?;
        if points.len() < 2 {
            return Err(SegmentError::Points(points.len()));
        }
        for pair in points.windows(2) {
            Segment::new(pair[0], pair[1])?;
        }
        Ok(Self { points })
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.start, self.end)
    }
}

impl fmt::Display for SegmentSequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, point) in self.points.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}{point}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_as_k6_reads_them() {
        let check = |text: &str, expect: &str| {
            let got = text.parse::<Segment>().map_or_else(|e| e.to_string(), |s| s.to_string());
            assert_eq!(got, expect);
        };
        check("1/4", "0:1/4");
        check("50%:100%", "1/2:1");
        check("0:2", "segment end value can't be more than 1 but was 2.00");
        check("150%", "segment end value can't be more than 1 but was 1.50");
        check("-1:1", "segment start value must be at least 0 but was -1.00");
        check("1/2:1/3", "segment start(0.50) must be less than its end(0.33)");
        check("0:0", "segment start(0.00) must be less than its end(0.00)");
        check("1/3:", "'' is not a valid percentage, decimal, fraction or interval value");
        check("abc", "'abc' is not a valid percentage, decimal, fraction or interval value");
    }

    #[test]
    fn sequences_as_k6_reads_them() {
        let check = |text: &str, expect: &str| {
            let got = text.parse::<SegmentSequence>();
            assert_eq!(got.map_or_else(|e| e.to_string(), |s| s.to_string()), expect);
        };
        check("0,1/3,2/3,1", "0,1/3,2/3,1");
        check("1/3,50%", "1/3,1/2");
        check("0", "at least 2 points are needed for an execution segment sequence, 1 given");
        check("1,0", "segment start(1.00) must be less than its end(0.00)");
        check("0,x", "'x' is not a valid percentage, decimal, fraction or interval value");
    }
}
