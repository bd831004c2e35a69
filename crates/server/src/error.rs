//! Why a server could not start.

use std::io;
use std::net::SocketAddr;

/// Why a server could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address is taken, not ours, or not allowed.
    #[error("listen on {address}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// No certificate could be made.
    #[error("make a certificate")]
    Certificate(#[source] rcgen::Error),
    /// The certificate's key is of no use to the TLS library.
    #[error("set up TLS")]
    Tls(#[source] rustls::Error),
    /// The runtime or a thread could not be had.
    #[error("start the server")]
    Start(#[source] io::Error),
}
