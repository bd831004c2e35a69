//! permessage-deflate for one connection (RFC 7692): its negotiation, both directions of messages,
//! and the states that connections without context takeover share.

mod compress;
mod extension;
mod inflate;
pub mod offer;
mod pool;
mod window;

pub use offer::{
    Agreed, ClientMaxWindowBits, NegotiationError, Offer, ServerPolicy, WindowBits, negotiate,
};

pub(crate) use compress::{Compressor, Piece};
pub(crate) use extension::is_token_byte;
pub(crate) use inflate::Inflater;
pub(crate) use pool::Pool;
use window::{Between, TAIL};
