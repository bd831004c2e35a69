//! Redaction for snapshots: what differs from run to run becomes a word in brackets.
//! A scanner of our own over numbers and what follows them; it knows nothing of any report.

/// Which kinds of text to redact.
///
/// ```
/// use sockeye_testkit::redact::Redactor;
///
/// let redactor = Redactor::all().path("/tmp/run-17", "dir");
/// assert_eq!(
///     redactor.redact("avg=1.52ms, 12.5/s from 127.0.0.1:40123, see /tmp/run-17/a.js"),
///     "avg=[duration], [rate] from 127.0.0.1:[port], see [dir]/a.js",
/// );
/// ```
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    kinds: Vec<Kind>,
    paths: Vec<(String, String)>,
}

impl Redactor {
    /// Redacts nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Redacts times, durations, ports, rates and byte sizes.
    pub fn all() -> Self {
        Self::new().times().durations().ports().rates().sizes()
    }

    /// `2026-01-31T12:00:00.5Z`, also with a space or an offset → `[time]`.
    #[must_use]
    pub fn times(self) -> Self {
        self.with(Kind::Time)
    }

    /// `1.52ms`, `3s`, `1m02.3s`, `250µs` → `[duration]`.
    #[must_use]
    pub fn durations(self) -> Self {
        self.with(Kind::Duration)
    }

    /// The port of `127.0.0.1:40123`, `[::1]:40123` or `localhost:40123` → `[port]`.
    #[must_use]
    pub fn ports(self) -> Self {
        self.with(Kind::Port)
    }

    /// `12.5/s`, `3.1 kB/s` → `[rate]`.
    #[must_use]
    pub fn rates(self) -> Self {
        self.with(Kind::Rate)
    }

    /// `3.1 kB`, `20 B` → `[size]`.
    #[must_use]
    pub fn sizes(self) -> Self {
        self.with(Kind::Size)
    }

    /// Each occurrence of `path` → `[word]`.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>, word: &str) -> Self {
        self.paths.push((path.into(), format!("[{word}]")));
        self
    }

    /// The text with all that was asked for redacted. Padding beside a redacted word shrinks to
    /// one space, since its width follows the hidden value's.
    pub fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (path, word) in &self.paths {
            text = text.replace(path, word);
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let word = if at_word_border(&out) { self.recognise(&out, rest) } else { None };
            let Some((word, length)) = word else {
                out.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            };
            shrink_padding(&mut out);
            out.push_str(word);
            rest = &rest[length..];
            let trimmed = rest.trim_start_matches(' ');
            if rest.len() - trimmed.len() > 1 {
                rest = &rest[rest.len() - trimmed.len() - 1..];
            }
        }
        out
    }

    fn with(mut self, kind: Kind) -> Self {
        self.kinds.push(kind);
        self
    }

    /// The word for what begins here, and how many bytes it replaces.
    fn recognise(&self, before: &str, text: &str) -> Option<(&'static str, usize)> {
        ORDER.iter().filter(|(kind, ..)| self.kinds.contains(kind)).find_map(
            |(kind, word, scan)| {
                if *kind == Kind::Port && !follows_host(before) {
                    return None;
                }
                let length = scan(text)?;
                let ends = !text[length..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
                ends.then_some((*word, length))
            },
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Port,
    Time,
    Rate,
    Size,
    Duration,
}

/// Each kind, its word, and its scanner, which returns the length of what it recognises at the
/// start of a text. A rate begins like a size.
const ORDER: [(Kind, &str, Scan); 5] = [
    (Kind::Port, "[port]", digits),
    (Kind::Time, "[time]", time),
    (Kind::Rate, "[rate]", rate),
    (Kind::Size, "[size]", size),
    (Kind::Duration, "[duration]", duration),
];

type Scan = fn(&str) -> Option<usize>;

/// Whether a number that starts after `before` is not the tail of a word or number.
fn at_word_border(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.')
}

fn follows_host(before: &str) -> bool {
    let Some(host) = before.strip_suffix(':') else { return false };
    let start = host.rfind(|c: char| !(c.is_ascii_digit() || c == '.')).map_or(0, |i| i + 1);
    host.ends_with(']')
        || host.ends_with("localhost")
        || (host[start..].split('.').count() == 4 && !host[start..].starts_with('.'))
}

fn shrink_padding(out: &mut String) {
    let trimmed = out.trim_end_matches(' ').len();
    let at_line_start = out[..trimmed].ends_with('\n') || trimmed == 0;
    if !at_line_start && out.len() - trimmed > 1 {
        out.truncate(trimmed + 1);
    }
}

fn time(text: &str) -> Option<usize> {
    const SHAPE: &str = "dddd-dd-dd dd:dd:dd";
    let bytes = text.as_bytes().get(..SHAPE.len())?;
    let fits = bytes.iter().zip(SHAPE.bytes()).all(|(&byte, shape)| match shape {
        b'd' => byte.is_ascii_digit(),
        b' ' => byte == b'T' || byte == b' ',
        literal => byte == literal,
    });
    if !fits {
        return None;
    }
    let mut end = SHAPE.len();
    if let Some(fraction) = text[end..].strip_prefix('.') {
        end += 1 + digits(fraction)?;
    }
    match text.as_bytes().get(end) {
        Some(b'Z') => end += 1,
        Some(b'+' | b'-') if text[end + 1..].len() >= 5 => end += "+hh:mm".len(),
        _ => {}
    }
    text.is_char_boundary(end).then_some(end)
}

fn rate(text: &str) -> Option<usize> {
    let end = size(text).or_else(|| number(text))?;
    text[end..].starts_with("/s").then_some(end + "/s".len())
}

fn size(text: &str) -> Option<usize> {
    let end = number(text)?;
    let unit = text[end..].strip_prefix(' ').unwrap_or(&text[end..]);
    let end = text.len() - unit.len();
    ["kB", "MB", "GB", "TB", "B"]
        .iter()
        .find(|name| unit.starts_with(**name))
        .map(|name| end + name.len())
}

fn duration(text: &str) -> Option<usize> {
    let mut end = 0;
    while let Some(length) = number(&text[end..]) {
        let unit = &text[end + length..];
        let name = ["ms", "µs", "μs", "us", "ns", "d", "h", "m", "s"]
            .iter()
            .find(|name| unit.starts_with(**name))?;
        end += length + name.len();
    }
    (end > 0).then_some(end)
}

fn number(text: &str) -> Option<usize> {
    let whole = digits(text)?;
    let fraction = text[whole..].strip_prefix('.').and_then(digits);
    Some(whole + fraction.map_or(0, |length| length + 1))
}

fn digits(text: &str) -> Option<usize> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    (length > 0).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::Redactor;

    fn check(input: &str, expect: &str) {
        assert_eq!(Redactor::all().redact(input), expect);
    }

    #[test]
    fn times() {
        check("time=\"2026-01-31T12:00:00Z\" x", "time=\"[time]\" x");
        check("2026-01-31 12:00:00.123456+02:00", "[time]");
        check("2026-01-31", "2026-01-31");
    }

    #[test]
    fn durations() {
        check("avg=1.52ms    min=3µs", "avg=[duration] min=[duration]");
        check("1m02.3s/10m0s", "[duration]/[duration]");
        check("running (00m10.0s), 3/10 VUs", "running ([duration]), 3/10 VUs");
        check("5 seconds, v1.2s3, 12sx", "5 seconds, v1.2s3, 12sx");
    }

    #[test]
    fn rates_and_sizes() {
        check("data_sent..: 3.1 kB  310 B/s", "data_sent..: [size] [rate]");
        check("ws_sessions: 4   0.79/s\n", "ws_sessions: 4 [rate]\n");
    }

    #[test]
    fn ports() {
        check("ws://127.0.0.1:40123/ws", "ws://127.0.0.1:[port]/ws");
        check("[::1]:9 localhost:9 other:9", "[::1]:[port] localhost:[port] other:9");
    }

    #[test]
    fn indentation_stays() {
        check("a\n    3s\n", "a\n    [duration]\n");
    }

    #[test]
    fn only_what_is_asked_for() {
        let redactor = Redactor::new().durations().path("/tmp/x", "dir");
        assert_eq!(redactor.redact("/tmp/x 3s 5/s :80"), "[dir] [duration] 5/s :80");
        assert_eq!(Redactor::new().redact("3s ümlaut €"), "3s ümlaut €");
    }
}
