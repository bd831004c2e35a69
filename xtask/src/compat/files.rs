//! Reading the table from the checkout and keeping the page beside it fresh.

use std::fs;
use std::path::PathBuf;

use super::{read, render};
use crate::repository;

/// Writes `docs/compat.md` from `compat/k6.toml`.
///
/// # Errors
/// A message for the terminal when the table cannot be read or the page cannot be written.
pub fn write_page() -> Result<(), String> {
    let page = fresh_page()?;
    fs::write(page_path(), page).map_err(|error| format!("failed to write docs/compat.md: {error}"))
}

/// Says whether `docs/compat.md` is what `compat/k6.toml` asks for.
///
/// # Errors
/// A message for the terminal when the page is stale or either file cannot be read.
pub fn check_page() -> Result<(), String> {
    let page = fresh_page()?;
    let committed = fs::read_to_string(page_path())
        .map_err(|error| format!("failed to read docs/compat.md: {error}"))?;
    if committed == page {
        Ok(())
    } else {
        Err("docs/compat.md is stale\nhint: run `cargo xtask compat`".to_owned())
    }
}

/// Where the table is.
pub fn table_path() -> PathBuf {
    repository::root().join("compat/k6.toml")
}

/// Where the generated page is.
pub fn page_path() -> PathBuf {
    repository::root().join("docs/compat.md")
}

fn fresh_page() -> Result<String, String> {
    let text = fs::read_to_string(table_path())
        .map_err(|error| format!("failed to read compat/k6.toml: {error}"))?;
    let table = read(&text).map_err(|error| format!("compat/k6.toml: {error}"))?;
    Ok(render(&table))
}
