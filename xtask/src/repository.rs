//! Where the repository is on disk. Chores are always run from a checkout, never installed.

use std::path::{Path, PathBuf};

/// The root of the checkout that this crate was compiled in.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}
