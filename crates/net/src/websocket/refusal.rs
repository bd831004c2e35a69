//! The body of an answer that refuses the upgrade: a script may want to know why.

use std::time::Duration;

use sockeye_ws::handshake::Response;
use tokio::io::AsyncReadExt as _;

use crate::stream::Stream;

/// Reads what there is of the body, up to [`MAX_BODY_BYTES`]; `start` came with the head. A body
/// that is cut off or late is given as far as it came.
pub(super) async fn read_body(
    stream: &mut Stream,
    response: &Response,
    start: &[u8],
    buffer: &mut [u8],
) -> Vec<u8> {
    let framing = Framing::of(response);
    let mut raw = start.to_vec();
    let reading = async {
        while !framing.is_complete(&raw) {
            match stream.read(buffer).await {
                Ok(read) if read > 0 => raw.extend_from_slice(&buffer[..read]),
                // The end, or an error: the answer matters more than how its body ended.
                _ => break,
            }
        }
    };
    // Being late changes nothing either.
    let _ = tokio::time::timeout(BODY_TIMEOUT, reading).await;
    framing.content(raw)
}

/// The same of an answer whose body ends where the stream does, as in HTTP/2.
pub(super) async fn read_to_end(stream: &mut Stream) -> Vec<u8> {
    let mut body = Vec::new();
    let mut limited = stream.take(MAX_BODY_BYTES as u64);
    let reading = limited.read_to_end(&mut body);
    // However it ends, what came is what there is.
    let _ = tokio::time::timeout(BODY_TIMEOUT, reading).await;
    body
}

/// Where a body ends (RFC 9112 §6.3).
enum Framing {
    Length(usize),
    Chunked,
    UntilEnd,
}

impl Framing {
    fn of(response: &Response) -> Self {
        if matches!(response.status, 100..200 | 204 | 304) {
            return Self::Length(0);
        }
        let chunked = response
            .header("transfer-encoding")
            .is_some_and(|value| value.to_ascii_lowercase().ends_with("chunked"));
        if chunked {
            return Self::Chunked;
        }
        let length = response.header("content-length").and_then(|value| value.trim().parse().ok());
        length.map_or(Self::UntilEnd, Self::Length)
    }

    fn is_complete(&self, raw: &[u8]) -> bool {
        match self {
            Self::Length(length) => raw.len() >= (*length).min(MAX_BODY_BYTES),
            Self::Chunked => raw.len() >= MAX_RAW_BYTES || dechunk(raw).1,
            Self::UntilEnd => raw.len() >= MAX_BODY_BYTES,
        }
    }

    fn content(&self, mut raw: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Length(length) => raw.truncate(*length),
            Self::Chunked => raw = dechunk(&raw).0,
            Self::UntilEnd => {}
        }
        raw.truncate(MAX_BODY_BYTES);
        raw
    }
}

/// The content of chunks (RFC 9112 §7.1) and whether it has ended; what is malformed ends it.
fn dechunk(mut raw: &[u8]) -> (Vec<u8>, bool) {
    let mut content = Vec::new();
    loop {
        let Some(line_end) = raw.windows(2).position(|pair| pair == b"\r\n") else {
            return (content, false);
        };
        let digits = raw[..line_end].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let size = std::str::from_utf8(&raw[..digits])
            .ok()
            .and_then(|digits| usize::from_str_radix(digits, 16).ok());
        raw = &raw[line_end + 2..];
        let Some(size @ 1..) = size else { return (content, true) };
        content.extend_from_slice(&raw[..size.min(raw.len())]);
        if content.len() >= MAX_BODY_BYTES {
            return (content, true);
        }
        match raw.get(size.saturating_add(2)..) {
            Some(rest) => raw = rest,
            None => return (content, false),
        }
    }
}

/// How much of a body a script gets to see.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// One-byte chunks are six bytes each; nobody sends those in earnest.
const MAX_RAW_BYTES: usize = 2 * MAX_BODY_BYTES;
/// The refusal itself must not wait long for its explanation.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::{MAX_BODY_BYTES, dechunk};

    fn check(raw: &str, content: &str, ended: bool) {
        assert_eq!(dechunk(raw.as_bytes()), (content.as_bytes().to_vec(), ended), "{raw:?}");
    }

    #[test]
    fn chunks() {
        check("3\r\nbus\r\n1;x=y\r\ny\r\n0\r\n\r\n", "busy", true);
        check("3\r\nbus\r\n1\r\n", "bus", false);
        check("A\r\nbu", "bu", false);
        check("", "", false);
        check("nonsense\r\n", "", true);
        check("ffffffffffffffff\r\nab", "ab", false);
        check("ffffffffffffffffff\r\nab", "", true);
        let large = format!("fffff\r\n{}", "x".repeat(MAX_BODY_BYTES + 1));
        assert!(dechunk(large.as_bytes()).1);
    }
}
