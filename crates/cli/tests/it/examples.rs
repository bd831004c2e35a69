//! Every example runs as the README says, and its counts are those of the server; so do many sockets.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::harness::{Finished, Folder};

/// What the run counted and what the server counted must be the same.
fn check_counts(folder: &Folder, finished: &Finished) -> BTreeMap<String, u64> {
    let export = fs::read_to_string(folder.path().join("summary.json")).expect("a summary");
    let export: serde_json::Value = serde_json::from_str(&export).expect("JSON");
    let ours = |metric: &str| {
        let count = export.pointer(&format!("/metrics/{metric}/count"));
        count.and_then(serde_json::Value::as_u64).unwrap_or(0)
    };
    let line = finished.stderr.lines().find(|line| line.contains("the built-in server counted"));
    let line = line.unwrap_or_else(|| panic!("no counts: {}", finished.stderr));
    let theirs = |field: &str| -> u64 {
        let value = line.split(' ').find_map(|word| word.strip_prefix(&format!("{field}=")));
        value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{field} in {line}"))
    };
    for (metric, field) in [
        ("ws_sessions", "sessions"),
        ("ws_msgs_sent", "msgs_sent"),
        ("ws_msgs_received", "msgs_received"),
    ] {
        assert_eq!(ours(metric), theirs(field), "{metric}: {line}");
    }
    ["iterations", "ws_sessions", "ws_msgs_sent", "ws_msgs_received"]
        .map(|metric| (metric.to_owned(), ours(metric)))
        .into()
}

fn run(script: &Path) -> BTreeMap<String, u64> {
    let folder = Folder::new();
    let mut command = folder.command("run --with-server --summary-export summary.json");
    let finished = folder.finish(&command.arg(script).output().expect("started"));
    assert_eq!(finished.code, Some(0), "{}\n{}", finished.stdout, finished.stderr);
    check_counts(&folder, &finished)
}

fn example(name: &str) -> BTreeMap<String, u64> {
    run(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name))
}

#[test]
fn chat_in_javascript() {
    let counts = example("chat.js");
    assert_eq!(counts["ws_sessions"], 4 * counts["iterations"]);
}

#[test]
fn chat_in_typescript() {
    let counts = example("chat.ts");
    assert_eq!(counts["ws_sessions"], 4 * counts["iterations"]);
}

#[test]
fn echo() {
    assert_eq!(example("echo.js")["iterations"], 4);
}

#[test]
fn handle_summary() {
    let folder = Folder::new();
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/handle-summary.js");
    let mut command = folder.command("run --quiet --with-server");
    let finished = folder.finish(&command.arg(script).output().expect("started"));
    assert_eq!(finished.code, Some(0), "{}\n{}", finished.stdout, finished.stderr);
    assert!(finished.stdout.contains("✓ it is an echo"), "{}", finished.stdout);
    assert!(finished.stderr.contains("echoes took "), "{}", finished.stderr);
    let report = fs::read_to_string(folder.path().join("report.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["metrics"]["ws_sessions"]["values"]["count"], 4);
    assert_eq!(report["metrics"]["checks"]["thresholds"]["rate==1"]["ok"], true);
    let junit = fs::read_to_string(folder.path().join("junit.xml")).expect("a report");
    assert!(junit.contains("tests=\"3\" failures=\"0\""), "{junit}");
}

#[test]
fn users() {
    assert_eq!(example("users.js")["ws_sessions"], 6);
}

#[test]
fn scenarios() {
    example("scenarios.js");
}

#[test]
fn websockets_over_http2() {
    let counts = example("websocket-http2.js");
    assert_eq!(counts["ws_sessions"], 20 * counts["iterations"]);
}

#[test]
fn arrival_rate() {
    let counts = example("arrival-rate.js");
    assert_eq!(counts["iterations"], 6 + 21);
}

#[test]
fn thresholds() {
    example("thresholds.js");
}

/// Each VU opens some sockets; each sends two messages once all of its VU are open.
const MANY: &str = "
import { WebSocket } from 'k6/websockets';
const sockets = Number(__ENV.SOCKETS);
export const options = {
  scenarios: { all: { executor: 'per-vu-iterations', vus: Number(__ENV.VUS), iterations: 1 } },
};
export default function () {
  const all = [];
  let open = 0;
  for (let i = 0; i < sockets; i++) {
    const socket = new WebSocket('ws://many.example/echo');
    all.push(socket);
    let heard = 0;
    socket.onopen = () => { if (++open === sockets) all.forEach((one) => one.send('1')); };
    socket.onmessage = () => { if (++heard === 2) socket.close(); else socket.send('2'); };
    socket.onerror = (event) => { throw new Error(event.message); };
  }
}
";

fn many(vus: u64, sockets: u64) {
    let folder = Folder::new();
    let script = folder.path().join("many.js");
    fs::write(&script, MANY).expect("written");
    let line = "run --with-server -q --summary-export summary.json many.js";
    let mut command = folder.command(line);
    command.args(["-e", &format!("VUS={vus}"), "-e", &format!("SOCKETS={sockets}")]);
    let finished = folder.finish(&command.output().expect("started"));
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(!finished.stderr.contains("level=error"), "{}", finished.stderr);
    let counts = check_counts(&folder, &finished);
    assert_eq!(counts["iterations"], vus);
    assert_eq!(counts["ws_sessions"], vus * sockets);
    assert_eq!(counts["ws_msgs_received"], 2 * vus * sockets);
    assert_eq!(counts["ws_msgs_sent"], 3 * vus * sockets, "two messages and a close frame each");
}

#[test]
fn a_thousand_vus_with_a_socket_each() {
    many(1_000, 1);
}

#[test]
fn ten_vus_with_five_hundred_sockets_each() {
    many(10, 500);
}
