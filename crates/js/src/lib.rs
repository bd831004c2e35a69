//! The script: QuickJS, VUs pinned to worker threads, and the modules that a test imports.
//!
//! [`Bundle::load`] reads and compiles a script and learns its options; [`JsVuFactory`] makes the
//! VUs that the engine asks for. `unsafe` lives where the engine's C interface is called (`runtime`,
//! `interop/bytes.rs`, `web/kind.rs`) and where a marker trait of rquickjs is asserted
//! (`web/opaque.rs`, `web/event_class.rs`).
#![allow(
    clippy::needless_pass_by_value,
    clippy::elidable_lifetime_names,
    reason = "functions that JavaScript calls get their arguments as values, with the engine's lifetime"
)]

mod bundle;
mod factory;
mod finale;
mod interop;
mod jslib;
mod loader;
mod loop_lag;
mod modules;
mod runtime;
mod secrets;
mod vu;
mod web;
mod worker;

pub use bundle::{Bundle, BundleError, LoadRequest, ScriptSource, dependencies};
pub use factory::{JsVu, JsVuFactory};
pub use finale::{HandleSummaryError, SummaryHandler};
pub use loader::{
    LoadError,
    dependencies::Dependencies,
    files::{Keep, SourceFiles},
    graph::Fetching,
};
pub use runtime::engine::Limits;
pub use secrets::{SecretSource, Secrets, Told};
pub use vu::{
    run::{RunContext, SetupData, WsDebug},
    summary::{Summarized, SummaryAnswer},
};
