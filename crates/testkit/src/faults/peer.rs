//! What a fault needs of a connection beyond bytes: the TCP socket under it.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// A plain or encrypted connection from a client.
pub(super) trait Peer: AsyncRead + AsyncWrite + Unpin + Send {
    /// The socket that carries it.
    fn tcp(&self) -> &TcpStream;
}

impl Peer for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Peer for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// Makes dropping the connection send a RST in place of a FIN.
pub(super) fn reset<P: Peer>(peer: &P) -> io::Result<()> {
    peer.tcp().set_zero_linger()
}
