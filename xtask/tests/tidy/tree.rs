//! The files of the checkout, read once per test, and the rules about their names and sizes.

use std::fs;
use std::path::{Path, PathBuf};

use crate::expect_none;

/// Folder names that say nothing about what is inside.
const VAGUE_FOLDERS: [&str; 6] = ["util", "common", "core", "helpers", "types", "misc"];

/// No source file is longer, except these, each with its reason.
const MAX_LINES: usize = 800;
const LONG_FILES: [(&str, &str); 0] = [];

/// One text file of the checkout.
pub(crate) struct SourceFile {
    /// Relative to the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl SourceFile {
    /// One breach, in the form that editors make clickable.
    pub(crate) fn breach(&self, line_index: usize, what: &str) -> String {
        format!("{}:{}: {what}", self.path, line_index + 1)
    }

    /// Whether the file is part of a crate itself, as opposed to its tests, benches and examples.
    pub(crate) fn is_in_src(&self) -> bool {
        self.path.contains("/src/")
    }
}

/// Every file with one of these endings, in the order of their paths.
pub(crate) fn files(endings: &[&str]) -> Vec<SourceFile> {
    let root = xtask::repository::root();
    let wanted = |path: &Path| {
        path.extension().and_then(|e| e.to_str()).is_some_and(|e| endings.contains(&e))
    };
    walk(&root)
        .into_iter()
        .filter(|path| wanted(path))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("source files are UTF-8");
            SourceFile { path: relative(&root, &path), text }
        })
        .collect()
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the checkout is readable")
        .map(|entry| entry.expect("the checkout is readable").path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            if ![".git", "target", "node_modules", "dist"].contains(&name) {
                found.extend(walk(&path));
            }
        } else {
            found.push(path);
        }
    }
    found
}

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).expect("walked from the root");
    path.to_string_lossy().replace('\\', "/")
}

#[test]
fn folders_are_named_for_what_is_in_them() {
    let root = xtask::repository::root();
    let breaches: Vec<String> = walk(&root)
        .iter()
        .map(|path| relative(&root, path))
        .filter(|path| {
            let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
            folders.split('/').any(|folder| VAGUE_FOLDERS.contains(&folder))
        })
        .collect();
    expect_none("a helper lives with its user, or gets a real name", &breaches);
}

#[test]
fn files_are_short_enough_to_read() {
    let breaches: Vec<String> = files(&["rs", "js", "ts"])
        .iter()
        .filter(|file| LONG_FILES.iter().all(|(path, _)| *path != file.path))
        .filter_map(|file| {
            let lines = file.text.lines().count();
            (lines > MAX_LINES).then(|| format!("{}: {lines} lines", file.path))
        })
        .collect();
    expect_none("split by concept, or add to LONG_FILES with a reason", &breaches);
}
