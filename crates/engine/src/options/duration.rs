//! k6's duration syntax: Go's (`1h30m`, `1.5s`, `100ms`), with days in front (`1d12h`) and plain
//! numbers as milliseconds where a script or a variable says them.

use std::{fmt, time::Duration};

const NANOS_PER_MILLI: f64 = 1e6;
const NANOS_PER_SECOND: u128 = 1_000_000_000;
const NANOS_PER_DAY: i128 = 86_400_000_000_000;

/// A duration as written, which may be negative: the checks that refuse it name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignedDuration {
    nanos: i64,
}

impl SignedDuration {
    /// A number in a script means milliseconds. `None` if it is out of range.
    pub fn from_millis(millis: f64) -> Option<Self> {
        let nanos = millis * NANOS_PER_MILLI;
        (nanos.is_finite() && nanos.abs() < i64::MAX as f64).then_some(Self { nanos: nanos as i64 })
    }

    /// What a script, a configuration file or a variable may say.
    ///
    /// # Errors
    /// [`DurationError`] for anything else than a number of milliseconds or `[Nd]` and Go's form.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        // k6: "1" is a millisecond, and so is the number 1.
        if let Ok(millis) = text.parse::<f64>()
            && let Some(duration) = Self::from_millis(millis)
        {
            return Ok(duration);
        }
        Self::parse_with_unit(text)
    }

    /// What a flag may say.
    ///
    /// # Errors
    /// As [`SignedDuration::parse`], and for a number without a unit. k6: it is refused there only.
    pub fn parse_with_unit(text: &str) -> Result<Self, DurationError> {
        let bad = || DurationError(text.to_owned());
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let mut total: i128 = 0;
        let rest = match unsigned.split_once('d') {
            Some((days, rest)) => {
                let days: u32 = digits(days).and_then(|d| d.parse().ok()).ok_or_else(bad)?;
                total += i128::from(days) * NANOS_PER_DAY;
                rest
            }
            None if unsigned.is_empty() => return Err(bad()),
            None => unsigned,
        };
        if rest != "0" {
            total += nanos_of_parts(rest).ok_or_else(bad)?;
        }
        let signed = if negative { -total } else { total };
        i64::try_from(signed).map(|nanos| Self { nanos }).map_err(|_| bad())
    }

    /// Whether it is less than nothing.
    pub fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// It as the engine uses it. Negative is zero.
    pub fn clamped(self) -> Duration {
        Duration::from_nanos(u64::try_from(self.nanos).unwrap_or(0))
    }
}

impl From<Duration> for SignedDuration {
    fn from(duration: Duration) -> Self {
        Self { nanos: i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX) }
    }
}

impl fmt::Display for SignedDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_negative() {
            f.write_str("-")?;
        }
        GoDuration(Duration::from_nanos(self.nanos.unsigned_abs())).fmt(f)
    }
}

/// A duration as k6 writes it: `10m0s`, `1.5s`, `300ms`, `0s`.
#[derive(Clone, Copy, Debug)]
pub struct GoDuration(pub Duration);

impl fmt::Display for GoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0.as_nanos();
        match nanos {
            0 => return f.write_str("0s"),
            1..1_000 => return write!(f, "{nanos}ns"),
            1_000..1_000_000 => return decimal(f, nanos, 1_000, "µs"),
            1_000_000..NANOS_PER_SECOND => return decimal(f, nanos, 1_000_000, "ms"),
            _ => {}
        }
        let minutes = nanos / (60 * NANOS_PER_SECOND);
        if minutes >= 60 {
            write!(f, "{}h", minutes / 60)?;
        }
        if minutes > 0 {
            write!(f, "{}m", minutes % 60)?;
        }
        decimal(f, nanos % (60 * NANOS_PER_SECOND), NANOS_PER_SECOND, "s")
    }
}

/// `count / unit` without trailing zeros.
fn decimal(f: &mut fmt::Formatter<'_>, count: u128, unit: u128, name: &str) -> fmt::Result {
    write!(f, "{}", count / unit)?;
    if !count.is_multiple_of(unit) {
        let width = unit.ilog10() as usize;
        let fraction = format!("{:0width$}", count % unit);
        write!(f, ".{}", fraction.trim_end_matches('0'))?;
    }
    f.write_str(name)
}

/// The sum of `1h30m1.5s`. `None` where a number or a unit is missing or unknown.
fn nanos_of_parts(mut text: &str) -> Option<i128> {
    let mut total: i128 = 0;
    while !text.is_empty() {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, rest) = text.split_at(end);
        let end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let (unit, rest) = rest.split_at(end);
        let unit: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
            return None;
        }
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        total = total.checked_add(whole.checked_mul(unit)?)?;
        if !fraction.is_empty() {
            // Digits past a nanosecond are below every unit's resolution.
            let fraction = &fraction[..fraction.len().min(15)];
            let scale = 10i128.pow(u32::try_from(fraction.len()).ok()?);
            total = total.checked_add(fraction.parse::<i128>().ok()? * unit / scale)?;
        }
        text = rest;
    }
    Some(total)
}

fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

/// The text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid duration `{0}`")]
pub struct DurationError(pub String);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: &str) {
        let got = SignedDuration::parse(text).map(|d| d.to_string());
        assert_eq!(got.as_deref().unwrap_or("error"), expect, "{text}");
    }

    #[test]
    fn as_k6_reads_them() {
        check("1m30s", "1m30s");
        check("90s", "1m30s");
        check("10m", "10m0s");
        check("1.5h", "1h30m0s");
        check("100", "100ms");
        check("100.7", "100.7ms");
        check("1d1h1.5ms", "25h0m0.0015s");
        check("0d1s", "1s");
        check("1d", "24h0m0s");
        check("0", "0s");
        check("-1s", "-1s");
        check("1µs", "1µs");
        check("1500us", "1.5ms");
        check(".5s", "500ms");
        for bad in ["", "xx", "1d1", "1h2d", "s", ".s", "1..s", "1s ", "-", "d", "-d", "1x", "é"] {
            check(bad, "error");
        }
        check("99999999999999999999999999h", "error");
        check("1e400", "error");
        check("NaN", "error");
    }

    #[test]
    fn flags_need_a_unit() {
        assert!(SignedDuration::parse_with_unit("1").is_err());
        assert!(SignedDuration::parse_with_unit("1s").is_ok());
    }

    proptest! {
        #[test]
        fn nothing_panics(text in ".{0,20}") {
            let _ = SignedDuration::parse(&text);
        }

        #[test]
        fn written_is_read_back(nanos in 0..i64::MAX) {
            let duration = SignedDuration { nanos };
            prop_assert_eq!(SignedDuration::parse(&duration.to_string()), Ok(duration));
        }
    }
}
