//! The protocol from outside: two connections over a pipe, the opening handshake, and the RFCs'
//! own examples.

#![allow(clippy::unwrap_used, reason = "also in the helpers of tests")]

mod closing;
mod handshake;
mod heard;
mod inflate;
mod pair;
mod rfc;
mod window;
