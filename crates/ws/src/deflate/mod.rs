//! permessage-deflate for one connection (RFC 7692): its negotiation, both directions of messages,
//! and the states that connections without context takeover share.

mod answer;
mod compress;
mod extension;
mod inflate;
mod offer;
mod params;
mod pool;
mod window;

pub use answer::{ServerPolicy, negotiate};
pub use offer::{Agreed, NegotiationError, Offer};
pub use params::{ClientMaxWindowBits, WindowBits};

pub(crate) use compress::{Compressor, Piece};
pub(crate) use extension::is_token_byte;
pub(crate) use inflate::Inflater;
pub(crate) use pool::Pool;
use window::{Between, TAIL};
