//! The licence of every package that we build on must be compatible with Apache-2.0. `cargo
//! metadata` comes with every toolchain, so nothing has to be installed for this.

use std::env;
use std::process::Command;

use crate::expect_none;

/// Permissive licences, by SPDX name. Adding one is a decision about everything we ship.
const ACCEPTED: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

#[test]
fn every_package_has_an_accepted_licence() {
    let packages = packages();
    assert!(packages.len() > 20, "the dependency graph is not this small");
    let breaches: Vec<String> = packages
        .iter()
        .filter_map(|(name, licence)| match xtask::spdx::is_satisfied(licence, &ACCEPTED) {
            Ok(true) => None,
            Ok(false) => Some(format!("{name}: {licence}")),
            Err(message) => Some(format!("{name}: {message}")),
        })
        .collect();
    expect_none("not satisfied by the accepted licences", &breaches);
}

/// Every package that is built for this platform, with its licence expression.
fn packages() -> Vec<(String, String)> {
    // A build fetches only what its own platform needs, so that is all an offline question may ask.
    let platform = host_platform();
    let metadata = output(
        &env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()),
        &[
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--filter-platform",
            &platform,
        ],
    );
    let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("metadata lists packages");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    packages.iter().map(|package| (text(&package["name"]), text(&package["license"]))).collect()
}

fn host_platform() -> String {
    let version = output(&env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned()), &["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc names its host").to_owned()
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(xtask::repository::root())
        .output()
        .unwrap_or_else(|error| panic!("failed to run {program}: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo and rustc print UTF-8")
}
