//! The crate from outside: samples in, summary out.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod aggregate;
mod pipeline;
