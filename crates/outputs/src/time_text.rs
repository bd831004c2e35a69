//! Times as text: RFC 3339 as Go writes it.

use std::{fmt::Write as _, io::Write as _};

use jiff::{Timestamp, tz::TimeZone};
use sockeye_metrics::UnixNanos;

/// RFC 3339 with as many digits of the second as there are, as Go writes it. What the times of one
/// second share is kept.
#[derive(Debug)]
pub(crate) struct TimeText {
    zone: TimeZone,
    second: Option<i64>,
    /// Date and time of that second.
    prefix: String,
    /// The offset from UTC then.
    suffix: String,
}

const NANOS: i64 = 1_000_000_000;

impl TimeText {
    pub(crate) fn new(zone: TimeZone) -> Self {
        Self { zone, second: None, prefix: String::new(), suffix: String::new() }
    }

    /// Appends a time.
    pub(crate) fn push(&mut self, out: &mut Vec<u8>, at: UnixNanos) {
        let (second, nanos) = (at.0.div_euclid(NANOS), at.0.rem_euclid(NANOS));
        if self.second != Some(second) {
            self.keep(second);
        }
        out.extend_from_slice(self.prefix.as_bytes());
        if nanos != 0 {
            let _ = write!(out, ".{nanos:09}");
            while out.last() == Some(&b'0') {
                out.pop();
            }
        }
        out.extend_from_slice(self.suffix.as_bytes());
    }

    fn keep(&mut self, second: i64) {
        self.second = Some(second);
        self.prefix.clear();
        self.suffix.clear();
        // Seconds that fit nanoseconds in an `i64` are within the years that jiff knows.
        let timestamp = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
        let offset = self.zone.to_offset(timestamp);
        let local = offset.to_datetime(timestamp);
        let _ = write!(self.prefix, "{local}");
        let minutes = offset.seconds() / 60;
        if minutes == 0 {
            self.suffix.push('Z');
        } else {
            let sign = if minutes < 0 { '-' } else { '+' };
            let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
            let _ = write!(self.suffix, "{sign}{hours:02}:{minutes:02}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_go_prints_them() {
        let berlin = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let kathmandu = TimeZone::fixed(jiff::tz::Offset::from_seconds(20_700).unwrap());
        let newfoundland = TimeZone::fixed(jiff::tz::Offset::from_seconds(-12_600).unwrap());
        for (zone, nanos, text) in [
            (TimeZone::UTC, 0, "1970-01-01T00:00:00Z"),
            (TimeZone::UTC, 1_795_389_912_252_753_110, "2026-11-22T23:25:12.25275311Z"),
            (TimeZone::UTC, -1, "1969-12-31T23:59:59.999999999Z"),
            (berlin.clone(), 1_795_390_824_651_956_307, "2026-11-23T00:40:24.651956307+01:00"),
            (berlin, 1_782_864_000_500_000_000, "2026-07-01T02:00:00.5+02:00"),
            (kathmandu, 1_795_390_824_000_000_000, "2026-11-23T05:25:24+05:45"),
            (newfoundland, 0, "1969-12-31T20:30:00-03:30"),
            (TimeZone::UTC, i64::MAX, "2262-04-11T23:47:16.854775807Z"),
            (TimeZone::UTC, i64::MIN, "1677-09-21T00:12:43.145224192Z"),
        ] {
            let mut out = Vec::new();
            TimeText::new(zone).push(&mut out, UnixNanos(nanos));
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }
}
