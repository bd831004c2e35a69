//! Paths that prose names must exist: a map of files that are gone misleads more than none.

use std::path::Path;

use crate::expect_none;
use crate::tree::{SourceFile, files};

/// Endings that make a word in backticks a path even without a folder.
const FILE_ENDINGS: [&str; 7] = [".rs", ".md", ".toml", ".js", ".ts", ".json", ".lock"];

/// Imports of scripts look like paths and are none.
const NOT_PATHS: [&str; 3] = ["k6/", "https:", "internal:"];

#[test]
fn the_map_names_only_what_exists() {
    let root = xtask::repository::root();
    let mut breaches = Vec::new();
    for file in files(&["md"]).iter().filter(|file| file.path == "ARCHITECTURE.md") {
        for (index, line) in file.text.lines().enumerate() {
            for path in named_paths(line) {
                if !exists(&root, path) {
                    breaches.push(file.breach(index, path));
                }
            }
        }
    }
    expect_none("named in ARCHITECTURE.md and not there", &breaches);
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut breaches = Vec::new();
    for file in &files(&["md"]) {
        for (index, line) in file.text.lines().enumerate() {
            for target in link_targets(line) {
                if !leads_somewhere(file, target) {
                    breaches.push(file.breach(index, target));
                }
            }
        }
    }
    expect_none("broken links", &breaches);
}

/// The words in backticks that are paths from the root: with a folder, or with a file's ending.
fn named_paths(line: &str) -> impl Iterator<Item = &str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    line.split('`')
        .skip(1)
        .step_by(2)
        .filter(move |word| !word.is_empty() && word.chars().all(plain))
        .filter(|word| !NOT_PATHS.iter().any(|import| word.starts_with(import)))
        .filter(|word| {
            word.contains('/') || FILE_ENDINGS.iter().any(|ending| word.ends_with(ending))
        })
        .filter(|word| !word.starts_with('/') && !word.starts_with("--"))
}

fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

fn leads_somewhere(file: &SourceFile, target: &str) -> bool {
    let path = target.split('#').next().unwrap_or_default();
    if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
        return true;
    }
    let root = xtask::repository::root();
    let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
    exists(&root.join(folder), path)
}

fn exists(base: &Path, path: &str) -> bool {
    base.join(path).exists()
}

#[test]
fn paths_are_told_from_other_words() {
    let line = "`crates/ws` and `build.rs`, not `k6/ws`, `Vec<u8>`, `cargo`, `a b/c`, `/echo`";
    assert_eq!(named_paths(line).collect::<Vec<_>>(), ["crates/ws", "build.rs"]);
    let links: Vec<&str> = link_targets("[a](b.md#c) and [d](https://e/f)").collect();
    assert_eq!(links, ["b.md#c", "https://e/f"]);
}
