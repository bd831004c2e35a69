//! `sockeye version`.

use crate::{exit_code::ExitCode, ui::screen::Screen};

/// Prints the version and what it was built for.
pub(crate) fn version(json: bool, screen: &Screen) -> ExitCode {
    let version = env!("CARGO_PKG_VERSION");
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    if json {
        let version = serde_json::json!({ "version": version, "os": system, "arch": machine });
        screen.print(&format!("{version}\n"));
    } else {
        screen.print(&format!("sockeye v{version} ({system}/{machine})\n"));
    }
    ExitCode::Ok
}
