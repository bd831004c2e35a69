//! `cargo xtask`: chores that are programs. The rules of the repository are tests instead: see
//! `xtask/tests/tidy`.
#![forbid(unsafe_code)]

use std::io::Write as _;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <chore>

  compat [--check]               write docs/compat.md from compat/k6.toml
                                 (--check: only say whether it is stale)
  options [--check]              write docs/options.md from the engine's table of options
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["compat"] => xtask::compat::write_page().map(|()| ExitCode::SUCCESS),
        ["compat", "--check"] => xtask::compat::check_page().map(|()| ExitCode::SUCCESS),
        ["options"] => xtask::options::write_page().map(|()| ExitCode::SUCCESS),
        ["options", "--check"] => xtask::options::check_page().map(|()| ExitCode::SUCCESS),
        ["bench", rest @ ..] => xtask::bench::run(rest),
        ["reach", rest @ ..] => xtask::bench::reach(rest),
        ["compare", rest @ ..] => xtask::compare::run(rest),
        _ => Err(format!(
            "{USAGE}{}{}{}",
            xtask::compare::USAGE,
            xtask::bench::USAGE,
            xtask::bench::REACH_USAGE
        )),
    };
    outcome.unwrap_or_else(|message| {
        // A closed stderr leaves nobody to tell.
        let _ = writeln!(std::io::stderr(), "{message}");
        ExitCode::FAILURE
    })
}
