//! Who may depend on whom. The compiler keeps the arrows between crates; this keeps the manifests
//! from gaining one.

use crate::expect_none;
use crate::tree::files;

/// The arrows of ARCHITECTURE.md: a crate and all it may depend on among ours.
const ARROWS: [(&str, &[&str]); 11] = [
    ("sockeye", &["engine", "js", "metrics", "net", "outputs", "server"]),
    ("sockeye-js", &["engine", "fiber", "metrics", "net"]),
    ("sockeye-engine", &["metrics"]),
    ("sockeye-outputs", &["metrics", "net"]),
    ("sockeye-net", &["ws"]),
    ("sockeye-server", &["ws"]),
    ("sockeye-ws", &[]),
    ("sockeye-metrics", &[]),
    ("sockeye-fiber", &[]),
    ("sockeye-testkit", &[]),
    ("xtask", &["engine"]),
];

/// Third-party crates that would break what a crate promises.
const NEVER: [(&str, &[&str]); 2] = [
    // The codec is bytes in, events out.
    ("sockeye-ws", &["tokio", "tokio-util"]),
    // What was measured knows no executor.
    ("sockeye-metrics", &["tokio", "tokio-util"]),
];

/// One crate's manifest, as far as these rules read it.
struct Manifest {
    name: String,
    dependencies: Vec<String>,
    inherits_lints: bool,
}

#[test]
fn arrows_point_where_the_architecture_says() {
    let mut breaches = Vec::new();
    for manifest in manifests() {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == manifest.name) else {
            breaches
                .push(format!("{}: add the crate to ARROWS and ARCHITECTURE.md", manifest.name));
            continue;
        };
        for target in manifest.dependencies.iter().filter_map(|d| d.strip_prefix("sockeye-")) {
            if !allowed.contains(&target) {
                breaches.push(format!("{} -> {target}", manifest.name));
            }
        }
        for (name, never) in NEVER {
            let found = manifest.dependencies.iter().filter(|d| never.contains(&d.as_str()));
            if name == manifest.name {
                breaches.extend(found.map(|dependency| format!("{name} -> {dependency}")));
            }
        }
    }
    expect_none("a new arrow needs a decision record", &breaches);
}

#[test]
fn every_crate_keeps_the_workspace_lints() {
    let breaches: Vec<String> = manifests()
        .into_iter()
        .filter(|manifest| !manifest.inherits_lints)
        .map(|manifest| manifest.name)
        .collect();
    expect_none("`[lints] workspace = true` is missing", &breaches);
}

fn manifests() -> Vec<Manifest> {
    files(&["toml"])
        .iter()
        .filter(|file| file.path.ends_with("/Cargo.toml") && !file.path.contains("/fuzz/"))
        .map(|file| read(&file.text))
        .collect()
}

/// Normal and build dependencies, for every target; dev-dependencies may point anywhere.
fn read(text: &str) -> Manifest {
    let table: toml::Table = text.parse().expect("cargo has read this manifest");
    let keys = |table: &toml::Table, section: &str| -> Vec<String> {
        let section = table.get(section).and_then(toml::Value::as_table);
        section.into_iter().flat_map(|section| section.keys().cloned()).collect()
    };
    let mut dependencies = Vec::new();
    for section in ["dependencies", "build-dependencies"] {
        dependencies.extend(keys(&table, section));
        let targets = table.get("target").and_then(toml::Value::as_table);
        for target in targets.into_iter().flat_map(|targets| targets.values()) {
            dependencies.extend(target.as_table().into_iter().flat_map(|t| keys(t, section)));
        }
    }
    let name = table["package"]["name"].as_str().expect("a package has a name").to_owned();
    let lints = table.get("lints").and_then(|lints| lints.get("workspace"));
    Manifest {
        name,
        dependencies,
        inherits_lints: lints.and_then(toml::Value::as_bool) == Some(true),
    }
}

#[test]
fn dependencies_are_found_in_every_section() {
    let manifest = read(
        "[package]\nname = \"x\"\n[lints]\nworkspace = true\n[dependencies]\na = \"1\"\n\
         [dev-dependencies]\nb = \"1\"\n[target.'cfg(unix)'.dependencies]\nc = \"1\"\n",
    );
    assert_eq!(manifest.dependencies, ["a", "c"]);
    assert!(manifest.inherits_lints);
}
