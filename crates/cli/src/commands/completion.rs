//! `sockeye completion`: what a shell needs to complete our command lines.

use crate::{
    args::{self, Shell},
    exit_code::ExitCode,
    ui::screen::Screen,
};

/// Prints the script for a shell.
pub(crate) fn completion(shell: Shell, screen: &Screen) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::command(), "sockeye", &mut script);
    screen.print(&String::from_utf8_lossy(&script));
    ExitCode::Ok
}
