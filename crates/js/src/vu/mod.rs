//! One VU: its engine, its event loop, what exists in init code and what exists in an iteration.

mod deep_json;
mod engine_loader;
pub(crate) mod globals;
pub(crate) mod groups;
#[cfg(test)]
mod groups_tests;
pub(crate) mod host;
pub(crate) mod init;
pub(crate) mod iteration;
pub(crate) mod lifecycle;
pub(crate) mod module;
mod offload;
mod options;
pub(crate) mod process;
pub(crate) mod resources;
mod returned;
pub(crate) mod run;
mod setup_data;
pub(crate) mod shared_arrays;
pub(crate) mod summary;

pub(crate) use host::{Host, Phase};
pub(crate) use init::Vu;
pub(crate) use offload::to_threads;
