//! The WebSocket protocol (RFC 6455, and RFC 7692's permessage-deflate) as a pure state machine:
//! bytes in, events out. No I/O, no clock, no async; both roles.
//!
//! A [`ClientHandshake`] makes the request and checks the response. Then a [`Connection`] turns
//! bytes that were read into [`Event`]s, and messages into bytes to write. Whatever the calls need
//! for a moment is lent by a [`Context`], one per thread, so that idle connections stay small.
//!
//! ```
//! use sockeye_ws::{CloseCode, Config, Connection, Context, Event, Role, State};
//!
//! let config = |role| Config { role, max_message_size: 1 << 20, deflate: None };
//! let mut client = Connection::new(config(Role::Client));
//! let mut server = Connection::new(config(Role::Server));
//! let mut cx = Context::new();
//!
//! // What the client wants to say...
//! let mut to_server = Vec::new();
//! client.send_text(&mut cx, "hello", &mut to_server)?;
//! client.close(&mut cx, Some(CloseCode::NORMAL), "bye", &mut to_server)?;
//!
//! // ...is what the server hears. Its echo of the close frame is written by itself.
//! let mut heard = Vec::new();
//! let mut to_client = Vec::new();
//! server.receive(&mut cx, &mut to_server, &mut to_client, &mut |event| {
//!     if let Event::Text(text) = event {
//!         heard.push(text.to_owned());
//!     }
//! })?;
//! assert_eq!(heard, ["hello"]);
//! assert_eq!(server.received_close(), Some((Some(CloseCode::NORMAL), "bye")));
//!
//! client.receive(&mut cx, &mut to_client, &mut Vec::new(), &mut |_| ())?;
//! assert_eq!(client.state(), State::Closed);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod close;
mod connection;
mod context;
pub mod deflate;
mod error;
mod extended_connect;
pub mod frame;
pub mod handshake;
mod incoming;
pub mod mask;
mod message;
mod outgoing;
mod utf8;

pub use close::CloseCode;
pub use connection::{Config, Connection, Role, State};
pub use context::Context;
pub use error::{CloseError, ProtocolError, SendError};
pub use extended_connect::ExtendedConnect;
pub use handshake::{ClientHandshake, accept_key};
pub use incoming::Event;
pub use mask::{MaskSource, SystemMask};
pub use message::MessageKind;
pub use outgoing::Fragment;
