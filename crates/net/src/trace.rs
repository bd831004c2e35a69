//! How far an attempt to connect has come, and between whom.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use crate::error::{NetError, Operation, OsError};
use crate::target::Target;
use crate::timings::Timings;
use crate::tls_error::TlsError;
use crate::websocket::Http2Error;

/// How far an attempt has come; tells what to report when it fails or its time is up.
#[derive(Debug)]
pub(crate) struct Trace {
    pub(crate) timings: Timings,
    pub(crate) peers: Option<Peers>,
    pub(crate) step: Step,
}

impl Trace {
    pub(crate) fn start() -> Self {
        Self { timings: Timings::start(), peers: None, step: Step::Lookup }
    }

    /// The error for an attempt whose time is up now.
    pub(crate) fn timeout(&self, target: &Target) -> NetError {
        match self.step {
            Step::Lookup => {
                NetError::Lookup { host: target.host.clone(), reason: "i/o timeout".to_owned() }
            }
            Step::Connect(address) => NetError::DialTimeout { address },
            Step::Tls => NetError::TlsTimeout,
            Step::Exchange(peers) => NetError::ReadTimeout { peers },
            Step::Waiting => NetError::RequestTimeout,
        }
    }

    /// The address that was being dialled, if it had come so far.
    pub(crate) fn remote(&self) -> Option<SocketAddr> {
        match self.step {
            Step::Connect(address) => Some(address),
            _ => self.peers.and_then(Peers::remote),
        }
    }
}

/// What an attempt is at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Lookup,
    Connect(SocketAddr),
    Tls,
    Exchange(Peers),
    /// Another socket's dial.
    Waiting,
}

/// The two ends of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peers {
    /// Over TCP.
    Tcp {
        /// Our end.
        local: SocketAddr,
        /// The peer's end; with a proxy, the proxy's.
        remote: SocketAddr,
    },
    /// Over a unix socket, where ends have no names of their own.
    Unix,
}

impl Peers {
    /// The address of the peer, if it has one.
    pub fn remote(self) -> Option<SocketAddr> {
        match self {
            Self::Tcp { remote, .. } => Some(remote),
            Self::Unix => None,
        }
    }

    /// The error for a failed read or write on this connection.
    pub(crate) fn error(self, operation: Operation, error: &io::Error) -> NetError {
        let http2 = error.get_ref().and_then(|inner| inner.downcast_ref::<Http2Error>());
        if let Some(error) = http2 {
            return NetError::Http2(error.clone());
        }
        let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if let Some(error) = tls {
            return NetError::Tls(TlsError::from(error));
        }
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return NetError::UnexpectedEof;
        }
        NetError::Io { operation, peers: self, source: OsError::from(error) }
    }
}

/// As Go names a connection in an error.
impl fmt::Display for Peers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { local, remote } => write!(f, "tcp {local}->{remote}"),
            Self::Unix => f.write_str("unix"),
        }
    }
}
