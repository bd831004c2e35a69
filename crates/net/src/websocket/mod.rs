//! WebSocket connections: [`connect`] dials and shakes hands, [`Opened::start`] hands the
//! connection to a task of its own, [`Socket`] sends, a [`Handler`] hears.
//!
//! A 3xx answer to the handshake is a refusal like any other, as k6 has it.

mod connect;
mod driver;
mod event;
mod outbox;
mod refusal;
mod socket;
mod tap;

pub use sockeye_ws::deflate::{ClientMaxWindowBits, Offer, WindowBits};
pub use sockeye_ws::frame::{Header, Opcode};

pub use connect::{Compression, ConnectFailure, ConnectRequest, Opened, Response, connect};
pub use event::{Closed, Handler, SocketEvent};
pub(crate) use outbox::Outbox;
pub use socket::Socket;
pub(crate) use tap::Transcript;
pub use tap::{Direction, PREVIEW_BYTES, Tap};
