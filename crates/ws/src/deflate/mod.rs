//! permessage-deflate for one connection (RFC 7692 §7.2): messages to DEFLATE data and back, and
//! the states that connections without context takeover share.

pub mod offer;

mod codec;
mod extension;
mod pool;

pub use offer::{
    Agreed, ClientMaxWindowBits, NegotiationError, Offer, ServerPolicy, WindowBits, negotiate,
};

pub(crate) use codec::{Deflate, Piece};
pub(crate) use extension::is_token_byte;
pub(crate) use pool::Pool;
