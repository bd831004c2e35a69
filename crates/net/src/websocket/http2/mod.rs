//! WebSockets over HTTP/2 (RFC 8441): many of them on one TCP connection, each a stream of it that
//! an extended CONNECT opened.
//!
//! A [`Http2Pool`] has the connections of one virtual user, a [`Channel`] is the bytes of one stream;
//! above it, a socket is driven as any other.

mod channel;
mod error;
mod link;
mod open;
mod pool;

pub(crate) use channel::Channel;
pub use error::Http2Error;
pub(super) use open::{Reached, open};
pub use pool::Http2Pool;
