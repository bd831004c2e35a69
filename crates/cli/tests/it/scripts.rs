//! Scripts with what the program prints for them beside them. A script's first lines may say how it
//! is run: `// run: --vus 2` for further arguments.

use std::{fs, path::Path};

use crate::harness::Folder;

#[test]
fn errors() {
    run_all("errors");
}

#[test]
fn summaries() {
    run_all("summary");
}

#[test]
fn with_the_built_in_server() {
    run_all("server");
}

/// Runs every script of a folder, in a copy of it, and compares with the snapshots.
fn run_all(area: &str) {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/scripts").join(area);
    let folder = Folder::new();
    let mut names = Vec::new();
    for entry in fs::read_dir(&scripts).expect("a folder of scripts") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "js" || ending == "ts") {
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            fs::copy(&path, folder.path().join(&name)).expect("copied");
            names.push(name);
        }
    }
    names.sort();
    assert!(!names.is_empty(), "no scripts in {}", scripts.display());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&scripts);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for name in names {
        let text = fs::read_to_string(folder.path().join(&name)).expect("text");
        let arguments = text.lines().find_map(|line| line.strip_prefix("// run:"));
        let line = format!("run {name} {}", arguments.unwrap_or_default());
        let finished = folder.run(&line);
        settings.set_description(format!("$ sockeye {}", line.trim_end()));
        settings.bind(|| insta::assert_snapshot!(name.as_str(), finished.snapshot()));
    }
}
