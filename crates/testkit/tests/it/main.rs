//! The peers themselves, seen by a client that speaks bytes.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod faults;
mod tls;
