//! The sockeye program: arguments in, a run or a server, an exit code out.
#![forbid(unsafe_code)]
#![allow(dead_code, reason = "what only the `run` command uses is here before it")]

mod args;
mod commands;
mod config;
mod diagnostic;
mod exit_code;
mod logging;
mod process;
mod ui;

fn main() -> std::process::ExitCode {
    commands::main().into()
}
