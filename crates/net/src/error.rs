//! What can go wrong on the way to a peer and back, in k6's words and with k6's numbers.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use thiserror::Error;

use crate::tls_error::TlsError;
use crate::trace::Peers;
use crate::websocket::Http2Error;

/// A failed lookup, dial, handshake, request or connection. Texts are those that k6 prints for
/// the same fault.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NetError {
    /// The URL cannot be used for this.
    #[error("invalid url `{url}`: {reason}")]
    InvalidUrl {
        /// The URL as given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The resolver knows no address for the name.
    #[error("lookup {host}: no such host")]
    NoSuchHost {
        /// The name.
        host: String,
    },
    /// The resolver could not answer.
    #[error("lookup {host}: {reason}")]
    Lookup {
        /// The name.
        host: String,
        /// The resolver's words.
        reason: String,
    },
    /// No TCP connection was made in time.
    #[error("dial tcp {address}: i/o timeout")]
    DialTimeout {
        /// Where it was to go.
        address: SocketAddr,
    },
    /// No TCP connection could be made.
    #[error("dial tcp {address}: {}: {source}", source.dial_step())]
    Dial {
        /// Where it was to go.
        address: SocketAddr,
        /// The system's reason.
        source: OsError,
    },
    /// No connection to a unix socket could be made.
    #[error("dial unix {}: connect: {source}", path.display())]
    DialUnix {
        /// The socket.
        path: PathBuf,
        /// The system's reason.
        source: OsError,
    },
    /// The address to connect from cannot be used.
    #[error("dial tcp {local}:0->{address}: bind: {source}")]
    Bind {
        /// Where it was to come from.
        local: IpAddr,
        /// Where it was to go.
        address: SocketAddr,
        /// The system's reason.
        source: OsError,
    },
    /// The option `blockHostnames` forbids the name.
    #[error("hostname ({host}) is in a blocked pattern ({pattern})")]
    BlockedHostname {
        /// The name.
        host: String,
        /// What forbids it.
        pattern: String,
    },
    /// Browsers do not connect to the port, and it was asked to do as they do.
    #[error("port {port} is blocked, as browsers block it")]
    BlockedPort {
        /// The port.
        port: u16,
    },
    /// The option `blacklistIPs` forbids the address.
    #[error("IP ({ip}) is in a blacklisted range ({range})")]
    BlacklistedIp {
        /// The address.
        ip: IpAddr,
        /// What forbids it.
        range: String,
    },
    /// The proxy refused to connect us, or is none.
    #[error("{0}")]
    Proxy(String),
    /// TLS was refused by one side, or failed.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The TLS handshake did not end in time.
    // k6: its words for a deadline, whatever the deadline was for.
    #[error("context deadline exceeded")]
    TlsTimeout,
    /// Nothing more was read in time.
    #[error("read {peers}: i/o timeout")]
    ReadTimeout {
        /// Between whom.
        peers: Peers,
    },
    /// The system refused to read or write.
    #[error("{operation} {peers}: {operation}: {source}")]
    Io {
        /// Reading or writing.
        operation: Operation,
        /// Between whom.
        peers: Peers,
        /// The system's reason.
        source: OsError,
    },
    /// The peer closed the connection where a TLS handshake or an answer was due.
    #[error("EOF")]
    Eof,
    /// The peer closed the connection inside the head of an answer.
    #[error("unexpected EOF")]
    UnexpectedEof,
    /// The peer's answer is not HTTP.
    #[error("malformed HTTP response {0:?}")]
    MalformedResponse(String),
    /// The head of the peer's answer exceeds what is read of one.
    #[error("response headers exceed {limit_bytes} bytes")]
    HeadersTooLarge {
        /// How much is read.
        limit_bytes: usize,
    },
    /// The server answered the upgrade request with another status than 101.
    // k6: the text does not say which.
    #[error("websocket: bad handshake")]
    HandshakeRefused {
        /// The status of the answer.
        status: u16,
    },
    /// The server's 101 breaks a rule of RFC 6455 §4.1.
    // k6: the text does not say which.
    #[error("websocket: bad handshake")]
    BadHandshake {
        /// Which rule.
        reason: String,
    },
    /// The server's 101 agrees to an extension that was not offered, or not like this.
    // k6: the text does not say which.
    #[error("websocket: invalid compression negotiation")]
    BadExtensions {
        /// What is wrong with it.
        reason: String,
    },
    /// The upgrade request cannot be sent.
    #[error("websocket: {0}")]
    InvalidRequest(String),
    /// The TCP connection ended without a close frame.
    #[error("websocket: close 1006 (abnormal closure): unexpected EOF")]
    AbnormalClosure,
    /// The peer broke the WebSocket protocol.
    #[error("websocket: {reason}")]
    Protocol {
        /// What it did.
        reason: String,
        /// The close code we answered with.
        close_code: u16,
    },
    /// HTTP/2 ended a stream, or a connection with all of its streams.
    #[error(transparent)]
    Http2(#[from] Http2Error),
    /// The whole request took too long.
    #[error("request timeout")]
    RequestTimeout,
    /// Another status than a success where a document was asked for.
    #[error("unexpected status {status}")]
    UnexpectedStatus {
        /// The status.
        status: u16,
    },
    /// More redirects than allowed.
    // k6: its words.
    #[error("stopped after {limit} redirects")]
    TooManyRedirects {
        /// How many were followed.
        limit: usize,
    },
    /// The body is larger than allowed.
    #[error("body exceeds {limit_bytes} bytes")]
    BodyTooLarge {
        /// How much is allowed.
        limit_bytes: usize,
    },
    /// HTTP failed in another way.
    #[error("{0}")]
    Http(String),
}

impl NetError {
    /// The text with what k6's words leave out: the status of a refusal, the rule that was broken.
    pub fn detail(&self) -> String {
        match self {
            Self::HandshakeRefused { status } => {
                format!("{self}: the server answered with status {status} instead of 101")
            }
            Self::BadHandshake { reason } => format!("{self}: {reason}"),
            Self::Dial { address, source } => match source.errno {
                Some(EADDRNOTAVAIL) => format!(
                    "{self}: no source port towards {address} is left: give more source addresses \
                     (--local-ips, a range or a network) or widen the system's range of ports \
                     (net.ipv4.ip_local_port_range)"
                ),
                Some(EMFILE | ENFILE) => format!(
                    "{self}: each connection is an open file, and the limit on them is reached: \
                     raise it (`ulimit -Hn` before the run), or share the test among processes \
                     (--execution-segment)"
                ),
                _ => self.to_string(),
            },
            _ => self.to_string(),
        }
    }

    /// k6's number for this error, as its page on error codes lists them.
    pub fn error_code(&self) -> u16 {
        match self {
            Self::InvalidUrl { .. } => 1020,
            Self::RequestTimeout => 1050,
            Self::Lookup { .. } => 1100,
            Self::NoSuchHost { .. } => 1101,
            Self::BlacklistedIp { .. } => 1110,
            Self::BlockedHostname { .. } => 1111,
            Self::DialTimeout { .. } => 1211,
            Self::Bind { .. } => 1210,
            Self::Dial { source, .. } => match source.kind {
                io::ErrorKind::ConnectionRefused => 1212,
                io::ErrorKind::ConnectionReset => 1220,
                io::ErrorKind::TimedOut => 1211,
                _ => 1210,
            },
            Self::Io { operation, source, .. } => match source.kind {
                io::ErrorKind::ConnectionReset => 1220,
                io::ErrorKind::BrokenPipe if *operation == Operation::Write => 1201,
                _ => 1202,
            },
            Self::Tls(error) => error.error_code(),
            // k6: 1600 to 1699 are those of HTTP/2; its page tells no more.
            Self::Http2(_) => 1600,
            Self::HandshakeRefused { status } | Self::UnexpectedStatus { status } => match status {
                400..600 => 1000 + status,
                _ => 1000,
            },
            Self::DialUnix { .. } => 1010,
            Self::TlsTimeout
            | Self::Proxy(_)
            | Self::ReadTimeout { .. }
            | Self::Eof
            | Self::UnexpectedEof
            | Self::MalformedResponse(_)
            | Self::HeadersTooLarge { .. }
            | Self::BadHandshake { .. }
            | Self::BadExtensions { .. }
            | Self::InvalidRequest(_)
            | Self::AbnormalClosure
            | Self::Protocol { .. }
            | Self::TooManyRedirects { .. }
            | Self::BodyTooLarge { .. }
            | Self::BlockedPort { .. }
            | Self::Http(_) => 1000,
        }
    }
}

/// What was being done to a connection when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Reading from it.
    Read,
    /// Writing to it.
    Write,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Write => "write",
        })
    }
}

/// The operating system's reason. Displays as the system's own words, in lower case and without
/// the number, as Go programs print it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text}")]
pub struct OsError {
    /// The standard library's name for it.
    pub kind: io::ErrorKind,
    /// The number, if the error came from the system.
    pub errno: Option<i32>,
    text: String,
}

impl OsError {
    /// Whether the source address has no port left.
    pub(crate) fn is_out_of_ports(&self) -> bool {
        self.errno == Some(EADDRNOTAVAIL)
    }

    /// Which call of a dial fails like this: making the socket or connecting it.
    fn dial_step(&self) -> &'static str {
        match self.errno {
            Some(ENFILE | EMFILE) => "socket",
            _ => "connect",
        }
    }
}

impl From<&io::Error> for OsError {
    fn from(error: &io::Error) -> Self {
        let mut text = error.to_string();
        if let Some(end) = text.find(" (os error ") {
            text.truncate(end);
        }
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        Self { kind: error.kind(), errno: error.raw_os_error(), text }
    }
}

/// Too many open files: in the whole system, and in this process.
const ENFILE: i32 = 23;
const EMFILE: i32 = 24;

/// Cannot assign requested address: when connecting, all source ports are taken.
#[cfg(target_os = "linux")]
const EADDRNOTAVAIL: i32 = 99;
#[cfg(not(target_os = "linux"))]
const EADDRNOTAVAIL: i32 = 49;

#[cfg(test)]
mod tests {
    use super::{EADDRNOTAVAIL, EMFILE, NetError, Operation, OsError};
    use crate::trace::Peers;
    use std::io;

    const ECONNRESET: i32 = 104;
    const ECONNREFUSED: i32 = 111;
    const EPIPE: i32 = 32;

    fn os(errno: i32) -> OsError {
        OsError::from(&io::Error::from_raw_os_error(errno))
    }

    fn dial(errno: i32) -> NetError {
        NetError::Dial { address: "127.0.0.1:1".parse().unwrap(), source: os(errno) }
    }

    fn io(operation: Operation, errno: i32) -> NetError {
        let local = "127.0.0.1:2".parse().unwrap();
        let remote = "127.0.0.1:1".parse().unwrap();
        NetError::Io { operation, peers: Peers::Tcp { local, remote }, source: os(errno) }
    }

    fn check(error: &NetError, text: &str, code: u16) {
        assert_eq!((error.to_string().as_str(), error.error_code()), (text, code));
    }

    #[test]
    fn system_errors_read_like_k6() {
        check(&dial(ECONNREFUSED), "dial tcp 127.0.0.1:1: connect: connection refused", 1212);
        check(&dial(EMFILE), "dial tcp 127.0.0.1:1: socket: too many open files", 1210);
        check(
            &io(Operation::Read, ECONNRESET),
            "read tcp 127.0.0.1:2->127.0.0.1:1: read: connection reset by peer",
            1220,
        );
        check(
            &io(Operation::Write, EPIPE),
            "write tcp 127.0.0.1:2->127.0.0.1:1: write: broken pipe",
            1201,
        );
    }

    #[test]
    fn what_runs_out_is_told_with_the_remedy() {
        assert!(dial(EADDRNOTAVAIL).detail().contains("--local-ips"));
        assert!(dial(EMFILE).detail().contains("ulimit -Hn"));
        assert_eq!(dial(ECONNREFUSED).detail(), dial(ECONNREFUSED).to_string());
    }

    #[test]
    fn refused_handshakes_have_the_status_in_their_number() {
        for (status, code) in [(503, 1503), (404, 1404), (302, 1000), (200, 1000), (600, 1000)] {
            check(&NetError::HandshakeRefused { status }, "websocket: bad handshake", code);
        }
    }
}
