//! Repository chores that are worth testing: the compatibility table and its page, the licence
//! evaluator, and the comparison with k6. Nothing here ships in the `sockeye` binary.
#![forbid(unsafe_code)]

pub mod compat;
pub mod repository;
pub mod spdx;
