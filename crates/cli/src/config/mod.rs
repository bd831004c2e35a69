//! From flags, variables and the script to what a command works with: text becomes types here.

mod dialer;
mod log;
mod network;
mod options;
mod options_json;
mod settings;
mod thresholds;
mod tls;

pub(crate) use dialer::{dialer, loader_dialer};
pub(crate) use log::{logger, style};
pub(crate) use options::options;
pub(crate) use options_json::options_json;
pub(crate) use settings::{RunSettings, look, run_settings};
pub(crate) use thresholds::thresholds;
pub(crate) use tls::system_roots;
