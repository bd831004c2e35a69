//! Mistakes on the command line, and commands that only print.

use crate::harness::Folder;

#[test]
fn a_mistake_is_a_log_line_with_a_hint_below() {
    insta::assert_snapshot!(Folder::new().run("run --vuss 3 x.js").snapshot(), @r#"
    exit: 255
    --- stdout
    --- stderr
    time="[time]" level=error msg="unknown option `--vuss`"
      hint: did you mean `--vus`?
    "#);
}

#[test]
fn in_json_the_hint_is_a_field() {
    let folder = Folder::new();
    let output = folder.command("rum").env("K6_LOG_FORMAT", "json").output().unwrap();
    let line: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(line["msg"], "unknown command `rum`");
    assert_eq!(line["hint"], "did you mean `run`?");
    assert_eq!(line["level"], "error");
}

#[test]
fn a_log_output_that_does_not_exist_is_refused() {
    insta::assert_snapshot!(Folder::new().run("version --log-output lokal").snapshot(), @r#"
    exit: 255
    --- stdout
    --- stderr
    time="[time]" level=error msg="unsupported log output 'lokal'"
      hint: use `stderr`, `stdout`, `none`, `file=PATH[,level=LEVEL]` or `loki[=URL,KEY=VALUE,…]` with the keys allowedLabels, header.NAME, label.NAME, level, limit, msgMaxSize, profile and pushPeriod
    "#);
}

#[test]
fn the_version() {
    let finished = Folder::new().run("version");
    let expect = format!("sockeye v{} (", env!("CARGO_PKG_VERSION"));
    assert!(finished.stdout.starts_with(&expect), "{}", finished.stdout);
    let json: serde_json::Value =
        serde_json::from_str(&Folder::new().run("version --json").stdout).unwrap();
    assert_eq!(json["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn without_arguments_there_is_help() {
    let finished = Folder::new().run("");
    assert_eq!(finished.code, Some(0));
    assert!(finished.stdout.contains("Usage: sockeye"), "{}", finished.stdout);
}

#[test]
fn logs_tell_the_time_of_the_zone() {
    let log = |zone: &str| {
        let output = Folder::new().command("rum").env("TZ", zone).output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(log("UTC0")[..26].ends_with('Z'), "{}", log("UTC0"));
    // Without a database of zones: a rule that says it all.
    let ahead = log("AHEAD-05:30");
    assert!(ahead[..32].ends_with("+05:30\""), "{ahead}");
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_no_text_is_named() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new();
    let name = std::ffi::OsStr::from_bytes(b"scr\xffipt.js");
    let output = folder.command("run").arg(name).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(255));
    assert!(stderr.contains("is not UTF-8 text"), "{stderr}");
}
