//! What HTTP/2 itself can say of a failure, in the words of Go and with k6's numbers.

use std::io;

use h2::Reason;
use thiserror::Error;

/// A stream or a connection that ended by an error of HTTP/2 (RFC 9113 §5.4). `reason` is its name
/// there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Http2Error {
    /// RST_STREAM: one socket is concerned.
    #[error("stream error: {reason}{}", by(*.by_peer))]
    Stream {
        /// `CANCEL`, `REFUSED_STREAM` and so on.
        reason: String,
        /// Whether the server said it.
        by_peer: bool,
    },
    /// GOAWAY: this socket came too late, or all sockets of the connection are concerned.
    #[error("connection error: GOAWAY: {reason}{}", by(*.by_peer))]
    GoAway {
        /// `NO_ERROR` and so on.
        reason: String,
        /// Whether the server said it.
        by_peer: bool,
    },
    /// What else can go wrong.
    #[error("{0}")]
    Other(String),
}

impl Http2Error {
    fn of(error: &h2::Error) -> Self {
        let reason = || match error.reason() {
            Some(reason) => name(reason),
            None => "unknown".to_owned(),
        };
        if error.is_reset() {
            Self::Stream { reason: reason(), by_peer: error.is_remote() }
        } else if error.is_go_away() {
            Self::GoAway { reason: reason(), by_peer: error.is_remote() }
        } else {
            Self::Other(format!("http2: {error}"))
        }
    }
}

/// The error as that of a stream of bytes: those of the TCP connection below as they are, its end
/// as the end that came too early, and HTTP/2's own inside.
pub(super) fn into_io(error: h2::Error) -> io::Error {
    if error.is_io() {
        let error = error.into_io().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into());
        return match error.kind() {
            // What h2 makes of the end of the connection.
            io::ErrorKind::BrokenPipe => io::ErrorKind::UnexpectedEof.into(),
            _ => error,
        };
    }
    io::Error::other(Http2Error::of(&error))
}

/// RFC 9113 §7.
fn name(reason: Reason) -> String {
    let known = [
        (Reason::NO_ERROR, "NO_ERROR"),
        (Reason::PROTOCOL_ERROR, "PROTOCOL_ERROR"),
        (Reason::INTERNAL_ERROR, "INTERNAL_ERROR"),
        (Reason::FLOW_CONTROL_ERROR, "FLOW_CONTROL_ERROR"),
        (Reason::SETTINGS_TIMEOUT, "SETTINGS_TIMEOUT"),
        (Reason::STREAM_CLOSED, "STREAM_CLOSED"),
        (Reason::FRAME_SIZE_ERROR, "FRAME_SIZE_ERROR"),
        (Reason::REFUSED_STREAM, "REFUSED_STREAM"),
        (Reason::CANCEL, "CANCEL"),
        (Reason::COMPRESSION_ERROR, "COMPRESSION_ERROR"),
        (Reason::CONNECT_ERROR, "CONNECT_ERROR"),
        (Reason::ENHANCE_YOUR_CALM, "ENHANCE_YOUR_CALM"),
        (Reason::INADEQUATE_SECURITY, "INADEQUATE_SECURITY"),
        (Reason::HTTP_1_1_REQUIRED, "HTTP_1_1_REQUIRED"),
    ];
    match known.iter().find(|(known, _)| *known == reason) {
        Some((_, name)) => (*name).to_owned(),
        None => format!("{:#x}", u32::from(reason)),
    }
}

fn by(peer: bool) -> &'static str {
    if peer { "; received from peer" } else { "" }
}
