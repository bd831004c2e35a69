//! The sockeye program: arguments in, a run or a server, an exit code out.
#![forbid(unsafe_code)]

mod api;
mod archive;
mod args;
mod built_in_server;
mod commands;
mod config;
mod diagnostic;
mod end_of_test;
mod ending;
mod exit_code;
mod json;
mod limits;
mod logging;
mod outputs;
mod process;
mod secrets;
mod ui;

fn main() -> std::process::ExitCode {
    // The panic's own words are on stderr by then; what is left is to end as k6 does.
    std::panic::catch_unwind(commands::main).unwrap_or(exit_code::ExitCode::Panic).into()
}
