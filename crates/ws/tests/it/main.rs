//! The protocol from outside: two connections over a pipe, and the RFCs' own examples.

#![allow(clippy::unwrap_used, reason = "also in the helpers of tests")]

mod rfc;
