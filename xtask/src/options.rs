//! The page `docs/options.md`, from the engine's table of options.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use sockeye_engine::options::{Flag, FlagValue, Group, OptionSpec, TABLE};

use crate::repository;

/// Writes `docs/options.md`.
///
/// # Errors
/// A message for the terminal when the page cannot be written.
pub fn write_page() -> Result<(), String> {
    fs::write(page_path(), render()).map_err(|error| format!("failed to write {PAGE}: {error}"))
}

/// Says whether `docs/options.md` is what the table says.
///
/// # Errors
/// A message for the terminal when the page is stale or cannot be read.
pub fn check_page() -> Result<(), String> {
    let committed = fs::read_to_string(page_path())
        .map_err(|error| format!("failed to read {PAGE}: {error}"))?;
    if committed == render() {
        Ok(())
    } else {
        Err(format!("{PAGE} is stale\nhint: run `cargo xtask options`"))
    }
}

const PAGE: &str = "docs/options.md";

fn page_path() -> PathBuf {
    repository::root().join(PAGE)
}

fn render() -> String {
    let mut page = HEAD.to_owned();
    for group in Group::ALL {
        push(&mut page, &format!("\n## {}\n", group.heading()));
        push(&mut page, taken_by(group));
        push(&mut page, "\n| in a script | flag | variable | default | |");
        push(&mut page, "| --- | --- | --- | --- | --- |");
        for row in TABLE.iter().filter(|row| row.group == group) {
            push(&mut page, &line(row));
        }
    }
    page
}

fn line(row: &OptionSpec) -> String {
    let code = |text: &str| format!("`{}`", text.replace('|', "\\|"));
    let key = match (row.key, row.config_key) {
        (Some(key), _) => code(key),
        (None, Some(key)) => format!("{} (configuration file only)", code(key)),
        (None, None) => String::new(),
    };
    let flag = row.flag.map(|flag| code(&usage(flag))).unwrap_or_default();
    let env = row.env.map(code).unwrap_or_default();
    let default = row.default.map(code).unwrap_or_default();
    let help = row.help.replace('|', "\\|");
    format!("| {key} | {flag} | {env} | {default} | {help} |")
}

/// `-u, --vus INT`
fn usage(flag: Flag) -> String {
    let short = flag.short.map(|short| format!("-{short}, ")).unwrap_or_default();
    let value = match flag.value {
        FlagValue::Switch => String::new(),
        FlagValue::One(name) => format!(" {name}"),
        FlagValue::Many(name) => format!(" {name} …"),
        FlagValue::OneOr(name, _) => format!("[={name}]"),
    };
    format!("{short}--{}{value}", flag.name)
}

fn taken_by(group: Group) -> &'static str {
    match group {
        Group::Test => "Flags of `run` and `archive`.",
        Group::Script => "Flags of all commands that read a script.",
        Group::Summary => "Flags of `run`, `archive` and `inspect`.",
        Group::Run => "Flags of `run`.",
        Group::Program => "Flags of every command, before or after its name.",
    }
}

fn push(page: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(page, "{line}");
}

const HEAD: &str = "\
# Options

<!-- Written by `cargo xtask options` from crates/engine/src/options/table.rs. -->

Every option, by whichever name it is said. What is said later in this list wins: the default, the
JSON configuration file, the script's `options`, the variable, the flag. A source that says
`duration`, `iterations` or `stages` puts aside the scenarios, and the others of these three, of
those before it.

The configuration file is what `--config` names, or `k6/config.json` in the folder of the user's
configuration if it is there: `~/.config` on Unix (or `$XDG_CONFIG_HOME`),
`~/Library/Application Support` on macOS, `%AppData%` on Windows. It has the keys of a script.

A switch may be followed by `=true` or `=false`. A duration is `1m30s`, `500ms` or `1d`; a number
without a unit means milliseconds, except in a flag, which needs a unit. Which options do what they
say, and which are only read until the protocol that they belong to is there, is told in
[compat.md](compat.md).
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_has_a_line() {
        let page = render();
        for row in TABLE {
            assert_eq!(page.matches(line(row).as_str()).count(), 1, "{row:?}");
        }
        let vus = "| `vus` | `-u, --vus INT` | `K6_VUS` | `1` | number of virtual users |";
        assert!(page.lines().any(|line| line == vus), "{page}");
    }
}
