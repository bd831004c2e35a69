//! Repository chores that are worth testing: the compatibility table and its page, the page of options, the
//! comparison with k6, and the licence evaluator. Nothing here ships in the `sockeye` binary.
#![forbid(unsafe_code)]

pub mod bench;
pub mod compare;
pub mod compat;
pub mod options;
pub mod repository;
mod server;
pub mod spdx;
mod tool;
