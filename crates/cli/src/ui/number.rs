//! Numbers as k6 writes them: metric values of each kind, and times of a progress line.
// k6: users' tools read these texts, down to where a digit is cut off instead of rounded.

use std::time::Duration;

/// The unit that all times of a summary are shown in, if one was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeUnit {
    /// `s`.
    Seconds,
    /// `ms`.
    Millis,
    /// `us`.
    Micros,
}

/// `0.666667`: six decimals at most, rounded.
pub(crate) fn plain(value: f64) -> String {
    if value.abs() >= 1e21 {
        let text = format!("{value:e}");
        return if text.contains("e-") { text } else { text.replacen('e', "e+", 1) };
    }
    without_trailing_zeros(&to_fixed(value, 6))
}

/// `91.66%`: cut off after two decimals, so that only a whole is 100 %.
pub(crate) fn percent(rate: f64) -> String {
    format!("{}%", to_fixed(truncate(rate * 100.0, 2), 2))
}

/// `1.8 kB`: powers of 1,000, one decimal below ten.
pub(crate) fn bytes(value: f64) -> String {
    const UNITS: [&str; 9] = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    if value < 10.0 {
        return format!("{value} B");
    }
    let mut unit = 0;
    let mut scaled = value;
    while scaled >= 1000.0 && unit + 1 < UNITS.len() {
        scaled /= 1000.0;
        unit += 1;
    }
    let tenths = (scaled * 10.0 + 0.5).floor() / 10.0;
    // A count of bytes has no decimals.
    let decimals = usize::from(tenths < 10.0);
    format!("{} {}", to_fixed(tenths, decimals), UNITS[unit])
}

/// `1.23s`, `12.34ms`, `2h3m4s`: the unit that suits the value, cut off after two decimals.
pub(crate) fn time(millis: f64) -> String {
    let cut = |value: f64, digits| {
        without_trailing_zeros(&to_fixed(truncate(value, digits), digits as usize))
    };
    if millis == 0.0 {
        "0s".to_owned()
    } else if millis < 0.001 {
        format!("{}ns", cut(millis * 1e6, 0))
    } else if millis < 1.0 {
        format!("{}µs", cut(millis * 1e3, 2))
    } else if millis < 1000.0 {
        format!("{}ms", cut(millis, 2))
    } else if millis < 60_000.0 {
        format!("{}s", cut(millis / 1e3, 2))
    } else {
        let seconds = (millis / 1e3).floor();
        let (minutes, seconds) = ((seconds / 60.0).floor(), seconds % 60.0);
        match (minutes / 60.0).floor() {
            0.0 => format!("{minutes}m{seconds}s"),
            hours => format!("{hours}h{}m{seconds}s", minutes % 60.0),
        }
    }
}

/// `1234.57ms`: the unit that was asked for, rounded to two decimals.
pub(crate) fn time_in(unit: TimeUnit, millis: f64) -> String {
    match unit {
        TimeUnit::Seconds => format!("{}s", to_fixed(millis / 1e3, 2)),
        TimeUnit::Millis => format!("{}ms", to_fixed(millis, 2)),
        TimeUnit::Micros => format!("{}µs", to_fixed(millis * 1e3, 2)),
    }
}

/// `00m05.0s`: tenths of a second, as wide as `longest` needs.
pub(crate) fn clock(duration: Duration, longest: Duration) -> String {
    let tenths = duration.as_millis() / 100;
    let (seconds, tenth) = (tenths / 10, tenths % 10);
    let longest = longest.as_secs();
    let digits = |value: u64| value.to_string().len();
    match longest {
        0..60 => format!("{seconds:0width$}.{tenth}s", width = digits(longest)),
        60..3600 => {
            let width = digits(longest / 60);
            format!("{:0width$}m{:02}.{tenth}s", seconds / 60, seconds % 60)
        }
        3600..86_400 => {
            let width = digits(longest / 3600);
            let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
            format!("{hours:0width$}h{minutes:02}m{:02}.{tenth}s", seconds % 60)
        }
        _ => {
            let width = digits(longest / 86_400);
            let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
            format!("{days:0width$}d{hours:02}h{minutes:02}m{:02}.{tenth}s", seconds % 60)
        }
    }
}

/// JavaScript's `toFixed`: unlike Rust's `{:.n}`, a tie goes away from zero.
fn to_fixed(value: f64, decimals: usize) -> String {
    let exact = format!("{:.*}", decimals + 40, value.abs());
    let tail = &exact[exact.len() - 40..];
    let tie = tail.starts_with('5') && tail[1..].bytes().all(|digit| digit == b'0');
    let value = match (tie, value < 0.0) {
        (false, _) => value,
        (true, false) => value.next_up(),
        (true, true) => value.next_down(),
    };
    format!("{value:.decimals$}")
}

/// The value with nothing after so many decimals.
fn truncate(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    (value * scale).trunc() / scale
}

fn without_trailing_zeros(text: &str) -> String {
    if !text.contains('.') {
        return text.to_owned();
    }
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Every expectation here is what k6 printed for the same value.

    #[test]
    fn plain_values_have_six_decimals_at_most() {
        let cases = [
            (0.0, "0"),
            (0.000_000_4, "0"),
            (0.000_001_6, "0.000002"),
            (1.0 / 3.0, "0.333333"),
            (2.0 / 3.0, "0.666667"),
            (0.1 + 0.2, "0.3"),
            (1.005, "1.005"),
            (123_456.789_123_4, "123456.789123"),
            (1e6, "1000000"),
            (1e15, "1000000000000000"),
            (1e21, "1e+21"),
            (1.5e22, "1.5e+22"),
            (-0.5, "-0.5"),
            (-1500.0, "-1500"),
        ];
        for (value, text) in cases {
            assert_eq!(plain(value), text);
        }
    }

    #[test]
    fn percentages_are_cut_off() {
        let cases = [(0.0, "0.00%"), (2.0 / 3.0, "66.66%"), (0.999, "99.90%"), (1.0, "100.00%")];
        for (rate, text) in cases {
            assert_eq!(percent(rate), text);
        }
    }

    #[test]
    fn bytes_have_one_decimal_below_ten() {
        let cases = [
            (0.0, "0 B"),
            (9.088_991_362_481_652, "9.088991362481652 B"),
            (100.0, "100 B"),
            (999.0, "999 B"),
            (1000.0, "1.0 kB"),
            (1049.0, "1.0 kB"),
            (1050.0, "1.1 kB"),
            (9949.0, "9.9 kB"),
            (9950.0, "10 kB"),
            (10_499.0, "11 kB"),
            (999_999.0, "1000 kB"),
            (1e6, "1.0 MB"),
            (12_345_678.0, "12 MB"),
        ];
        for (value, text) in cases {
            assert_eq!(bytes(value), text, "{value}");
        }
    }

    #[test]
    fn times_choose_their_unit() {
        let cases = [
            (0.0, "0s"),
            (0.000_000_4, "0ns"),
            (0.000_001_6, "1ns"),
            (0.000_999_99, "999ns"),
            (0.001_999_9, "1.99µs"),
            (0.123_45, "123.45µs"),
            (0.999_999, "999.99µs"),
            (1.005, "1ms"),
            (12.3456, "12.34ms"),
            (999.999, "999.99ms"),
            (1001.0, "1s"),
            (1234.567, "1.23s"),
            (59_999.9, "59.99s"),
            (60_001.0, "1m0s"),
            (61_500.0, "1m1s"),
            (123_456.0, "2m3s"),
            (3_599_999.0, "59m59s"),
            (3_661_000.0, "1h1m1s"),
            (90_061_000.0, "25h1m1s"),
            (-5.0, "-5000000ns"),
        ];
        for (millis, text) in cases {
            assert_eq!(time(millis), text, "{millis}");
        }
    }

    #[test]
    fn a_fixed_unit_rounds() {
        assert_eq!(time_in(TimeUnit::Millis, 12.3456), "12.35ms");
        assert_eq!(time_in(TimeUnit::Millis, 999.999), "1000.00ms");
        assert_eq!(time_in(TimeUnit::Seconds, 9999.99), "10.00s");
        assert_eq!(time_in(TimeUnit::Seconds, -0.5), "-0.00s");
        assert_eq!(time_in(TimeUnit::Micros, 0.123_45), "123.45µs");
    }

    #[test]
    fn clocks_are_as_wide_as_the_longest_time() {
        let cases = [
            (1_040, 1_500, "1.0s"),
            (1_000, 20_000, "01.0s"),
            (1_000, 100_000, "0m01.0s"),
            (60_000, 630_000, "01m00.0s"),
            (1_000, 3_661_000, "0h00m01.0s"),
            (1_000, 93_600_000, "0d00h00m01.0s"),
        ];
        for (millis, longest, text) in cases {
            let (time, longest) = (Duration::from_millis(millis), Duration::from_millis(longest));
            assert_eq!(clock(time, longest), text);
        }
    }

    #[test]
    fn ties_go_away_from_zero() {
        assert_eq!(to_fixed(10.5, 0), "11");
        assert_eq!(to_fixed(0.125, 2), "0.13");
        assert_eq!(to_fixed(-2.5, 0), "-3");
        assert_eq!(to_fixed(1.005, 2), "1.00");
    }
}
