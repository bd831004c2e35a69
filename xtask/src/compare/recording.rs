//! What k6 printed when it was last asked, in `compare/recorded`, one file a script.

use std::fs;
use std::path::PathBuf;

use super::facts::Facts;
use super::script::Script;
use crate::repository;

pub(super) fn read(script: &Script) -> Result<Facts, String> {
    let path = path(script);
    let text = fs::read_to_string(&path)
        .map_err(|error| format!("failed to read {}: {error}\nhint: --record", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

pub(super) fn write(script: &Script, facts: &Facts) -> Result<(), String> {
    let path = path(script);
    let text = serde_json::to_string_pretty(facts).map_err(|error| error.to_string())?;
    let folder = path.parent().map(fs::create_dir_all).transpose();
    folder
        .and_then(|_| fs::write(&path, text + "\n"))
        .map_err(|error| format!("failed to write {}: {error}", path.display()))
}

fn path(script: &Script) -> PathBuf {
    repository::root().join("compare/recorded").join(&script.name).with_extension("json")
}
