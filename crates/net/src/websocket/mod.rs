//! WebSocket connections: [`connect`] dials and shakes hands, [`Opened::start`] hands the
//! connection to a task of its own, [`Socket`] sends, a [`Handler`] hears.
//!
//! Over HTTP/1.1 each socket has a TCP connection of its own; over HTTP/2 (RFC 8441) the sockets of
//! a [`Http2Pool`] share theirs. What comes after the handshake is the same for both.
//!
//! A 3xx answer to the handshake is a refusal like any other, as k6 has it.

mod connect;
mod driver;
mod event;
mod flusher;
mod http2;
mod outbox;
mod refusal;
mod shared;
mod socket;
mod tap;
mod upgrade;
mod url;

pub use sockeye_ws::deflate::{ClientMaxWindowBits, Offer, WindowBits};
pub use sockeye_ws::frame::{Header, Opcode};

pub use connect::{
    Compression, ConnectFailure, ConnectRequest, HttpVersion, Opened, Ports, Response, connect,
};
pub use event::{Closed, Handler, SocketEvent};
pub(crate) use flusher::Flusher;
pub(crate) use http2::Channel;
pub use http2::{Http2Error, Http2Pool};
pub(crate) use outbox::Outbox;
pub use socket::Socket;
pub(crate) use tap::Transcript;
pub use tap::{Direction, PREVIEW_BYTES, Tap};
pub use url::{UrlError, host_and_resource, parse_url};
