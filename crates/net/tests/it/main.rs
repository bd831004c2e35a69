//! The crate against real sockets on the loopback interface: `testkit`'s peers and small servers.

#![allow(clippy::unwrap_used, reason = "also in the helpers of tests")]

mod dial;
mod exchange;
mod fetch;
mod handshake;
mod hostile;
mod http2;
mod identity;
mod local;
mod peer;
mod proxy;
mod recorder;
mod tls;
mod websocket;
