//! Broken and slow peers as loopback servers: what a client meets in the wild, on demand.
//!
//! Choose a [`Fault`], call [`Fault::serve`], connect to [`FaultServer::address`]. A peer that
//! has done its harm reads on until the client goes away, unless the harm is to go away first.

mod fault;
mod frames;
mod http2;
mod peer;
mod play;
mod server;
mod table;
mod upgrade;

pub use fault::Fault;
pub use http2::{HOSTILE_HTTP2_SERVERS, HostileHttp2Server, Http2Fault};
pub use server::FaultServer;
pub use table::{HOSTILE_SERVERS, HostileServer};
