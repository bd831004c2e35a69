//! Runs that are stopped from outside, read from standard input, or write files.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::{Child, Stdio},
};

use crate::harness::{Finished, Folder, signal};

/// A run of a script that logs `ready`, and what it has logged since.
struct Started {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
}

fn start(folder: &Folder, script: &str, line: &str) -> Started {
    fs::write(folder.path().join("x.js"), script).expect("written");
    let mut child = folder.command(line).spawn().expect("started");
    let stderr = BufReader::new(child.stderr.take().expect("piped"));
    let mut started = Started { child, stderr };
    started.wait_for("ready");
    started
}

impl Started {
    /// Reads the log until a line has `text`.
    fn wait_for(&mut self, text: &str) {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            assert_ne!(self.stderr.read_line(&mut line).expect("text"), 0, "no `{text}`");
        }
    }

    fn finish(self, folder: &Folder) -> Finished {
        let Self { child, mut stderr } = self;
        let mut log = Vec::new();
        std::io::copy(&mut stderr, &mut log).expect("read");
        let mut output = child.wait_with_output().expect("ended");
        output.stderr = log;
        folder.finish(&output)
    }
}

const SLEEPER: &str = "
import { sleep } from 'k6';
export const options = { duration: '1h' };
export function teardown() { console.log('teardown'); sleep(__ENV.TEARDOWN); }
export default function () { console.log('ready'); sleep(3600); }
";

#[test]
fn the_first_signal_stops_gracefully() {
    let folder = Folder::new();
    for (name, word) in [("INT", "interrupt"), ("TERM", "terminated")] {
        let started = start(&folder, SLEEPER, "run x.js -e TEARDOWN=0");
        signal(&started.child, name);
        let finished = started.finish(&folder);
        assert_eq!(finished.code, Some(105));
        assert!(finished.stderr.contains("msg=teardown source=console"), "{}", finished.stderr);
        let reason = format!("aborted because sockeye received a '{word}' signal");
        assert!(finished.stderr.contains(&reason), "{}", finished.stderr);
        assert!(finished.stdout.contains("█ TOTAL RESULTS"), "{}", finished.stdout);
        let last = finished.stdout.lines().last().unwrap_or_default();
        assert!(last.starts_with("default ✗ [   0% ] 1 VUs"), "{last}");
    }
}

#[test]
fn the_second_signal_ends_at_once_and_what_was_measured_is_shown() {
    let folder = Folder::new();
    let mut started = start(&folder, SLEEPER, "run x.js -e TEARDOWN=3600");
    signal(&started.child, "INT");
    started.wait_for("teardown");
    signal(&started.child, "INT");
    let finished = started.finish(&folder);
    assert_eq!(finished.code, Some(105));
    let reason = "level=error msg=\"Aborting sockeye in response to signal\" sig=interrupt";
    assert!(finished.stderr.contains(reason), "{}", finished.stderr);
    assert!(finished.stdout.contains("█ TOTAL RESULTS"), "{}", finished.stdout);
}

#[test]
fn the_built_in_server_is_gone_after_a_signal() {
    let folder = Folder::new();
    let started = start(&folder, SLEEPER, "run x.js --with-server -e TEARDOWN=0");
    signal(&started.child, "INT");
    let finished = started.finish(&folder);
    assert_eq!(finished.code, Some(105));
    let header = finished.stdout.lines().find(|line| line.contains("server: ")).expect("a header");
    let address = header.split("server: ").nth(1).and_then(|rest| rest.split(' ').next());
    std::net::TcpStream::connect(address.expect("an address")).expect_err("nobody listens");
}

#[test]
fn a_signal_ends_init_code_that_never_ends() {
    let folder = Folder::new();
    for hang in ["for (;;) {}", "await new Promise((resolve) => setTimeout(resolve, 3.6e6));"] {
        let script = format!(
            "if (__VU > 0) {{ console.log('ready'); {hang} }}\nexport default function () {{}}"
        );
        let started = start(&folder, &script, "run x.js");
        let before = std::time::Instant::now();
        signal(&started.child, "INT");
        let finished = started.finish(&folder);
        assert_eq!(finished.code, Some(105));
        assert!(finished.stdout.contains("█ TOTAL RESULTS"), "{}", finished.stdout);
        // Else its worker thread is waited for.
        assert!(before.elapsed() < std::time::Duration::from_secs(4));
    }
}

#[test]
fn a_full_disk_is_told() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let folder = Folder::new();
    fs::write(folder.path().join("x.js"), "export default () => {}").unwrap();
    let finished = folder.run("run x.js --summary-export /dev/full --out json=/dev/full");
    assert_eq!(finished.code, Some(0));
    let log = &finished.stderr;
    assert!(log.contains("failed to write the summary to `/dev/full`"), "{log}");
    assert!(log.contains("output `json (/dev/full)`: write json (/dev/full): "), "{log}");
    assert!(!log.contains("too slow"), "{log}");
}

#[cfg(unix)]
#[test]
fn a_stuck_output_is_left_behind_at_a_signal() {
    let folder = Folder::new();
    let fifo = folder.path().join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
    assert!(made.success());
    // A reader that never reads: more than a pipe holds is written.
    let reader = fs::OpenOptions::new().read(true).write(true).open(&fifo).unwrap();
    let script = "
        import { check } from 'k6';
        export const options = { iterations: 1 };
        export default () => { for (let n = 0; n < 2000; n++) check(n, { fine: () => true }); };
        export function teardown() { console.log('ready'); }
    ";
    let mut started = start(&folder, script, "run x.js --out json=fifo");
    started.wait_for("waiting for the outputs");
    signal(&started.child, "INT");
    let finished = started.finish(&folder);
    drop(reader);
    assert_eq!(finished.code, Some(0));
    assert!(finished.stdout.contains("█ TOTAL RESULTS"), "{}", finished.stdout);
    assert!(finished.stderr.contains("it had not finished when a signal came"));
}

#[test]
fn a_script_from_standard_input() {
    let folder = Folder::new();
    fs::write(folder.path().join("lib.js"), "export const word = 'imported';").unwrap();
    let mut child = folder.command("run -").stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin
        .write_all(b"import { word } from './lib.js';\nexport default () => console.log(word);")
        .unwrap();
    drop(stdin);
    let finished = folder.finish(&child.wait_with_output().unwrap());
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(finished.stderr.contains("msg=imported source=console"), "{}", finished.stderr);
    assert!(finished.stdout.contains("        script: -\n"), "{}", finished.stdout);
}

#[test]
fn results_go_to_files() {
    let folder = Folder::new();
    let script = "
        import { Counter } from 'k6/metrics';
        const mine = new Counter('mine');
        export default () => mine.add(2);
    ";
    fs::write(folder.path().join("x.js"), script).unwrap();
    let finished =
        folder.run("run x.js -i 3 --out json=samples.json --summary-export summary.json -q");
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
    let points = read("samples.json")
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|line| line["type"] == "Point" && line["metric"] == "mine")
        .count();
    assert_eq!(points, 3);
    let summary: serde_json::Value = serde_json::from_str(&read("summary.json")).unwrap();
    assert_eq!(summary["metrics"]["mine"]["count"], 6);
}

#[test]
fn one_output_does_not_disturb_another() {
    let folder = Folder::new();
    let script = "
        import { check } from 'k6';
        export default () => { for (let n = 0; n < 3000; n++) check(n, { fine: () => true }); };
    ";
    fs::write(folder.path().join("x.js"), script).unwrap();
    let broken =
        if std::path::Path::new("/dev/full").exists() { "--out csv=/dev/full" } else { "" };
    let line = format!("run x.js -q --out csv=a.csv {broken} --out json=b.json --out csv=c.csv.gz");
    let finished = folder.run(&line);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
    let count =
        |text: &str, start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(count(&read("a.csv"), "checks,"), 3000);
    assert_eq!(count(&read("b.json"), r#"{"metric":"checks","type":"Point""#), 3000);
    assert!(fs::metadata(folder.path().join("c.csv.gz")).unwrap().len() > 100);
    if !broken.is_empty() {
        let log = &finished.stderr;
        assert!(log.contains("output `csv (/dev/full)`: write csv (/dev/full): "), "{log}");
    }
}

#[test]
fn a_setting_of_an_output_that_means_nothing_is_named() {
    let folder = Folder::new();
    fs::write(folder.path().join("x.js"), "export default () => {};").unwrap();
    let finished = folder.run("run x.js --out csv=timeFormat=noon");
    assert_eq!(finished.code, Some(255));
    let expected = "could not create the 'csv' output: noon does not belong to TimeFormat values";
    assert!(finished.stderr.contains(expected), "{}", finished.stderr);
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let folder = Folder::new();
    fs::write(folder.path().join("x.js"), "export default () => {};").unwrap();
    let finished = folder.run("run x.js --summary-export no/such/summary.json");
    assert!(finished.stderr.contains("no/such/summary.json"), "{}", finished.stderr);
    let finished = folder.run("run x.js --out json=no/such/samples.json");
    assert_eq!(finished.code, Some(255));
    assert!(finished.stderr.contains("no/such/samples.json"), "{}", finished.stderr);
    let finished = folder.run("run x.js --out jsn=samples.json");
    assert_eq!(finished.code, Some(255));
    assert!(finished.stderr.contains("hint: did you mean `json`?"), "{}", finished.stderr);
}

#[test]
fn console_lines_may_have_a_file_of_their_own() {
    let folder = Folder::new();
    fs::write(folder.path().join("x.js"), "export default () => console.log('said');").unwrap();
    let finished = folder.run("run x.js --console-output console.log");
    assert!(!finished.stderr.contains("said"), "{}", finished.stderr);
    let log = fs::read_to_string(folder.path().join("console.log")).unwrap();
    assert!(log.ends_with(" level=info msg=said\n"), "{log}");
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_reads_holds_up_nothing() {
    let folder = Folder::new();
    fs::write(folder.path().join("x.js"), "export default () => console.log('ran');").unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status();
    assert!(made.unwrap().success());
    let finished = folder.run("run -q --no-summary --out json=pipe --out csv=out.csv x.js");
    assert_eq!(finished.code, Some(0));
    assert!(finished.stderr.contains("msg=ran"), "{}", finished.stderr);
    let csv = fs::read_to_string(folder.path().join("out.csv")).unwrap();
    assert!(csv.contains("\niterations,"), "{csv}");
}
