//! The aggregate of a Trend: a distribution, and the statistics one may ask of it.

use std::{fmt, str::FromStr};

use crate::Histogram;

/// A distribution of values. Without values, every statistic is 0, as in k6.
#[derive(Clone, Debug, Default)]
pub struct TrendSink {
    histogram: Histogram,
}

impl TrendSink {
    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.histogram.record(value);
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.histogram.count()
    }

    /// The arithmetic mean.
    pub fn avg(&self) -> f64 {
        self.histogram.avg()
    }

    /// The least value.
    pub fn min(&self) -> f64 {
        self.histogram.min()
    }

    /// The greatest value.
    pub fn max(&self) -> f64 {
        self.histogram.max()
    }

    /// The median.
    pub fn med(&self) -> f64 {
        self.histogram.quantile(0.5)
    }

    /// The percentile `p`, from 0 to 100.
    pub fn percentile(&self, p: f64) -> f64 {
        self.histogram.quantile(p / 100.0)
    }

    /// The statistic that `stat` names, in the unit of the metric but for the count.
    pub fn stat(&self, stat: TrendStat) -> f64 {
        match stat {
            TrendStat::Avg => self.avg(),
            TrendStat::Min => self.min(),
            TrendStat::Med => self.med(),
            TrendStat::Max => self.max(),
            TrendStat::Count => self.count() as f64,
            TrendStat::Percentile(p) => self.percentile(p),
        }
    }

    /// The distribution itself.
    pub fn histogram(&self) -> &Histogram {
        &self.histogram
    }
}

/// A statistic of a Trend, as `summaryTrendStats` lists them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TrendStat {
    /// The arithmetic mean.
    Avg,
    /// The least value.
    Min,
    /// The median.
    Med,
    /// The greatest value.
    Max,
    /// How many values there are.
    Count,
    /// The percentile, from 0 to 100.
    Percentile(f64),
}

impl TrendStat {
    /// k6: what the summary shows unless told otherwise.
    pub const DEFAULT: [Self; 6] = [
        Self::Avg,
        Self::Min,
        Self::Med,
        Self::Max,
        Self::Percentile(90.0),
        Self::Percentile(95.0),
    ];
}

impl FromStr for TrendStat {
    type Err = UnknownTrendStat;

    fn from_str(text: &str) -> Result<Self, UnknownTrendStat> {
        Ok(match text {
            "avg" => Self::Avg,
            "min" => Self::Min,
            "med" => Self::Med,
            "max" => Self::Max,
            "count" => Self::Count,
            _ => text
                .strip_prefix("p(")
                .and_then(|rest| rest.strip_suffix(')'))
                .and_then(|p| p.parse().ok())
                .filter(|p| (0.0..=100.0).contains(p))
                .map(Self::Percentile)
                .ok_or_else(|| UnknownTrendStat(text.to_owned()))?,
        })
    }
}

impl fmt::Display for TrendStat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Avg => f.write_str("avg"),
            Self::Min => f.write_str("min"),
            Self::Med => f.write_str("med"),
            Self::Max => f.write_str("max"),
            Self::Count => f.write_str("count"),
            Self::Percentile(p) => write!(f, "p({p})"),
        }
    }
}

/// A word that names no statistic.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{0}` is not a statistic of a trend: use avg, min, med, max, count or p(N) with N from 0 to 100"
)]
pub struct UnknownTrendStat(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_read_and_print() {
        for text in ["avg", "min", "med", "max", "count", "p(90)", "p(99.9)", "p(0)", "p(100)"] {
            assert_eq!(text.parse::<TrendStat>().unwrap().to_string(), text);
        }
        for bad in ["", "p", "p()", "p(101)", "p(-1)", "p(x)", "p(NaN)", "AVG", "p(5", "rate"] {
            assert_eq!(bad.parse::<TrendStat>(), Err(UnknownTrendStat(bad.to_owned())));
        }
    }
}
