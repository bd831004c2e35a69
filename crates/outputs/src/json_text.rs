//! JSON text byte for byte as k6 writes it to its `json` output: Go's shortest `%g` for numbers,
//! and strings escaped so that they may stand in HTML.

use std::io::Write;

/// From here up, Go writes an exponent.
const LARGE: f64 = 1e6;
/// Below this too.
const SMALL: f64 = 1e-4;

/// Appends a number.
///
/// k6 writes `+Inf`, which no JSON reader takes; here it is `null`.
pub(crate) fn push_number(out: &mut Vec<u8>, value: f64) {
    let magnitude = value.abs();
    if !value.is_finite() {
        out.extend_from_slice(b"null");
    } else if magnitude == 0.0 || (SMALL..LARGE).contains(&magnitude) {
        let _ = write!(out, "{value}");
    } else {
        let start = out.len();
        let _ = write!(out, "{value:e}");
        let Some(at) = out[start..].iter().position(|&byte| byte == b'e') else { return };
        // Go's exponents have a sign and two digits at least.
        let digits = out.split_off(start + at + 1);
        let (sign, digits) = match digits.strip_prefix(b"-") {
            Some(digits) => (b'-', digits),
            None => (b'+', &digits[..]),
        };
        out.push(sign);
        if digits.len() < 2 {
            out.push(b'0');
        }
        out.extend_from_slice(digits);
    }
}

/// Appends a string in quotes, with `<`, `>` and `&` escaped.
pub(crate) fn push_string(out: &mut Vec<u8>, text: &str) {
    push_escaped(out, text, |c| matches!(c, '<' | '>' | '&'));
}

/// Appends a string in quotes, with `<`, `>` and `&` as they are.
pub(crate) fn push_plain_string(out: &mut Vec<u8>, text: &str) {
    push_escaped(out, text, |_| false);
}

fn push_escaped(out: &mut Vec<u8>, text: &str, also: impl Fn(char) -> bool) {
    out.push(b'"');
    for c in text.chars() {
        match c {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\t' => out.extend_from_slice(b"\\t"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\n' => out.extend_from_slice(b"\\n"),
            c if c < ' ' || matches!(c, '\u{2028}' | '\u{2029}') || also(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_k6_writes_them() {
        for (value, text) in [
            (1e21, "1e+21"),
            (1e20, "1e+20"),
            (123_456_789.0, "1.23456789e+08"),
            (12_345_678.9, "1.23456789e+07"),
            (1e-7, "1e-07"),
            (1e-6, "1e-06"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (1.5, "1.5"),
            (0.0, "0"),
            (-0.0, "-0"),
            (-3.0, "-3"),
            (1e300, "1e+300"),
            (100_000.0, "100000"),
            (999_999.5, "999999.5"),
            (1e6, "1e+06"),
            (-2.1e7, "-2.1e+07"),
            (0.1 + 0.2, "0.30000000000000004"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "null"),
            (f64::NAN, "null"),
        ] {
            let mut out = Vec::new();
            push_number(&mut out, value);
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }

    #[test]
    fn strings_as_k6_writes_them() {
        let mut out = Vec::new();
        push_string(&mut out, "\"<>&é\u{2028}\t\u{8}\r\u{c}\u{b}\n\u{1}\\\u{7f}/😀");
        push_plain_string(&mut out, "p(95)<1");
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\"\\\"\\u003c\\u003e\\u0026é\\u2028\\t\\u0008\\r\\u000c\\u000b\\n\\u0001\\\\\u{7f}/😀\"\
             \"p(95)<1\""
        );
    }
}
