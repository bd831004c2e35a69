//! Generated pages are fresh, and numbered pages have no holes.

use std::fs;

use crate::expect_none;
use crate::tree::files;

#[test]
fn the_compatibility_page_is_fresh() {
    xtask::compat::check_page().unwrap_or_else(|message| panic!("{message}"));
}

#[test]
fn the_page_of_options_is_fresh() {
    xtask::options::check_page().unwrap_or_else(|message| panic!("{message}"));
}

#[test]
fn decision_records_are_numbered_without_holes() {
    let numbers: Vec<String> = files(&["md"])
        .iter()
        .filter_map(|file| file.path.strip_prefix("docs/adr/").map(str::to_owned))
        .map(|name| name.chars().take_while(char::is_ascii_digit).collect())
        .collect();
    let expected: Vec<String> = (1..=numbers.len()).map(|number| format!("{number:04}")).collect();
    assert_eq!(numbers, expected, "docs/adr/NNNN-title.md, from 0001 on");
}

#[test]
fn decision_records_have_the_same_three_parts() {
    let mut breaches = Vec::new();
    for file in files(&["md"]).iter().filter(|file| file.path.starts_with("docs/adr/")) {
        for part in ["## Context", "## Decision", "## Consequences"] {
            if !file.text.lines().any(|line| line == part) {
                breaches.push(format!("{}: no `{part}`", file.path));
            }
        }
    }
    expect_none("a decision says what it met, what it is and what it costs", &breaches);
}

#[test]
fn the_map_stays_a_map() {
    let root = xtask::repository::root();
    let map = fs::read_to_string(root.join("ARCHITECTURE.md")).expect("ARCHITECTURE.md exists");
    assert!(map.lines().count() < 300, "ARCHITECTURE.md is a map: under 300 lines");
}

#[test]
fn every_script_to_compare_has_a_recording() {
    let scripts = xtask::compare::scripts().unwrap_or_else(|message| panic!("{message}"));
    assert!(scripts.len() >= 20, "the comparison covers what is built");
    let recorded = xtask::repository::root().join("compare/recorded");
    let breaches: Vec<String> = scripts
        .into_iter()
        .map(|script| script.name)
        .filter(|name| !recorded.join(name).with_extension("json").exists())
        .collect();
    expect_none("run `cargo xtask compare --k6 PATH --record NAME`", &breaches);
}
