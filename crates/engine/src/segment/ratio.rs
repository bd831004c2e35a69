//! A fraction as segments are written: `1/3`, `0.25`, `25%`.

use std::{cmp::Ordering, fmt};

/// A fraction in lowest terms. Its denominator is positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ratio {
    over: i64,
    under: i64,
}

impl Ratio {
    pub(super) const ZERO: Self = Self { over: 0, under: 1 };
    pub(super) const ONE: Self = Self { over: 1, under: 1 };

    fn new(over: i64, under: i64) -> Option<Self> {
        let (over, under) = if under < 0 { (over.checked_neg()?, -under) } else { (over, under) };
        let divisor = i64::try_from(gcd(over.unsigned_abs(), under.unsigned_abs())).ok()?;
        (under > 0).then(|| Self { over: over / divisor, under: under / divisor })
    }

    /// `None` for what is no number, or one with more digits than a segment can use.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some((over, under)) = text.split_once('/') {
            let whole = |text: &str| {
                text.parse::<i64>().ok().filter(|n| n.unsigned_abs() <= LIMIT.unsigned_abs())
            };
            return Self::new(whole(over)?, whole(under)?);
        }
        let (text, mut places) = match text.strip_suffix('%') {
            Some(text) => (text, 2),
            None => (text, 0),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{part}");
        if !part.bytes().all(|byte| byte.is_ascii_digit()) || digits.len() > 19 {
            return None;
        }
        let over =
            digits.parse::<i64>().ok().filter(|n| n.unsigned_abs() <= LIMIT.unsigned_abs())?;
        places += i32::try_from(part.len()).ok()? - exponent.clamp(-20, 20);
        let power = 10i64.checked_pow(places.unsigned_abs()).filter(|n| *n <= LIMIT)?;
        if places < 0 { Self::new(over.checked_mul(power)?, 1) } else { Self::new(over, power) }
    }

    pub(super) fn under(self) -> u64 {
        self.under.unsigned_abs()
    }

    /// How many of `parts` equal parts of one it is, if that is whole and not negative.
    pub(super) fn of(self, parts: u64) -> Option<u64> {
        let over = u64::try_from(self.over).ok()?;
        over.checked_mul(parts.checked_div(self.under())?)
    }

    pub(super) fn as_f64(self) -> f64 {
        self.over as f64 / self.under as f64
    }
}

/// More than any test is cut into.
const LIMIT: i64 = 1_000_000_000_000;

pub(super) fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        let cross = |a: &Self, b: &Self| i128::from(a.over) * i128::from(b.under);
        cross(self, other).cmp(&cross(other, self))
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.under {
            1 => write!(f, "{}", self.over),
            under => write!(f, "{}/{under}", self.over),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form() {
        let check = |text: &str, expect: &str| {
            let got = Ratio::parse(text).map_or("-".to_owned(), |ratio| ratio.to_string());
            assert_eq!(got, expect, "{text}");
        };
        for (text, expect) in [
            ("1/3", "1/3"),
            ("2/6", "1/3"),
            ("0", "0"),
            ("1", "1"),
            ("0.30", "3/10"),
            (".5", "1/2"),
            ("25%", "1/4"),
            ("12.5%", "1/8"),
            ("5e-1", "1/2"),
            ("0.5e0", "1/2"),
            ("1e400", "-"),
            ("-1/-2", "1/2"),
            ("-1", "-1"),
            ("", "-"),
            ("1/0", "-"),
            (" 1/2", "-"),
            ("x", "-"),
            ("1.-5", "-"),
            ("0.1234567890123456789", "-"),
            ("99999999999999999999", "-"),
            ("-9223372036854775808/-1", "-"),
            ("é%", "-"),
        ] {
            check(text, expect);
        }
    }
}
