//! The server as its clients see it: over real sockets, by bytes and by our own codec.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod client;
mod running;

mod chat;
mod echo;
mod handshake;
mod hostile;
mod http;
mod http2;
mod shutdown;
mod stats;
mod tls;
