//! From flags, variables and the script to what a command works with: text becomes types here.

mod dialer;
mod log;
mod network;
mod options;
mod outside;
mod place;
mod secrets;
mod settings;
mod source;
mod thresholds;
mod tls;

pub(crate) use dialer::{dialer, loader_dialer, loki_dialer};
pub(crate) use log::{logger, style};
pub(crate) use options::{Mistakes, ScriptOptions, check_start, options, script_options};
pub(crate) use outside::{Outside, outside};
pub(crate) use secrets::secrets;
pub(crate) use settings::{ApiSettings, AtEnd, RunSettings, SystemEnv, look, run_settings};
pub(crate) use source::TestSource;
pub(crate) use thresholds::thresholds;
pub(crate) use tls::system_roots;
