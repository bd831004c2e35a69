//! What a server is told before it starts: addresses, and how much a client may ask of it.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Where to listen and what to put up with.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// For `http` and `ws`; port 0 lets the system choose.
    pub address: SocketAddr,
    /// For `https` and `wss`; `None`: no TLS.
    pub tls_address: Option<SocketAddr>,
    /// Limits against bad clients.
    pub limits: Limits,
}

impl Default for ServerConfig {
    /// Both on 127.0.0.1, on ports of the system's choice.
    fn default() -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self { address, tls_address: Some(address), limits: Limits::default() }
    }
}

/// Limits against slow, greedy and broken clients. Sizes are in bytes.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections open at once; `None`: as many as the process may have open files, but for a
    /// reserve. Further ones are answered with 503 and closed.
    pub max_connections: Option<usize>,
    /// Streams open at once on a connection that speaks HTTP/2.
    pub max_streams: u32,
    /// The head of a request.
    pub max_header_size: usize,
    /// Header lines of a request.
    pub max_headers: usize,
    /// The body of a request.
    pub max_body_size: usize,
    /// A message to `/echo`.
    pub max_message_size: usize,
    /// A message to `/ws`, which each member of the room is sent.
    pub max_chat_message_size: usize,
    /// For the TLS handshake.
    pub tls_handshake_timeout: Duration,
    /// For a request head to arrive, the wait on an idle connection included.
    pub header_timeout: Duration,
    /// For a request body to arrive.
    pub body_timeout: Duration,
    /// How long a peer may read nothing of what waits to be sent.
    pub stall_timeout: Duration,
    /// How long a peer may take to answer a close frame or to close its side.
    pub close_timeout: Duration,
    /// How long open sockets may take to close when the server stops.
    pub shutdown_grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: None,
            max_streams: 1000,
            max_header_size: 64 << 10,
            max_headers: 128,
            max_body_size: 16 << 20,
            max_message_size: 16 << 20,
            max_chat_message_size: 64 << 10,
            tls_handshake_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_mins(1),
            body_timeout: Duration::from_mins(1),
            stall_timeout: Duration::from_secs(30),
            close_timeout: Duration::from_secs(5),
            shutdown_grace: Duration::from_secs(1),
        }
    }
}
