//! What a run tells of its sockets while they live: their bytes each second, and `--ws-debug`. Both
//! socket modules do the same.

use std::fs;

use crate::harness::Folder;

/// The same session by each module: a text each way every 100 ms.
const SESSIONS: &str = "
import ws from 'k6/ws';
import { WebSocket } from 'k6/websockets';
const url = 'ws://wire.example/echo';
const ends = Number(__ENV.ENDS);
export function older() {
  ws.connect(url, null, (socket) => {
    socket.setInterval(() => socket.send('0123456789'), 100);
    socket.setTimeout(() => socket.close(), ends);
  });
}
export function newer() {
  const socket = new WebSocket(url);
  socket.onopen = () => {
    const timer = setInterval(() => socket.send('0123456789'), 100);
    setTimeout(() => { clearInterval(timer); socket.close(); }, ends);
  };
}
export const options = {
  scenarios: { one: { executor: 'shared-iterations', exec: __ENV.MODULE } },
};
";

/// A session of two and a half seconds has samples of its bytes before its iteration ends.
fn check_bytes(module: &str) {
    let folder = Folder::new();
    fs::write(folder.path().join("x.js"), SESSIONS).expect("written");
    let line = format!(
        "run --with-server -q --no-summary --out json=out.json -e ENDS=2500 -e MODULE={module} x.js"
    );
    let finished = folder.run(&line);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let out = fs::read_to_string(folder.path().join("out.json")).expect("samples");
    let samples: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |metric: &str| -> Vec<f64> {
        samples
            .iter()
            .filter(|sample| sample["type"] == "Point" && sample["metric"] == metric)
            .filter_map(|sample| sample["data"]["value"].as_f64())
            .collect()
    };
    for metric in ["data_sent", "data_received"] {
        let values = of(metric);
        // One a second, and the rest with the iteration.
        assert!(values.len() >= 3, "{metric}: {values:?}");
        // Ten texts of ten bytes, with their frames' heads.
        assert!(values[0] > 50.0 && values[1] > 50.0, "{metric}: {values:?}");
    }
}

#[test]
fn bytes_of_websockets_are_sampled_each_second() {
    check_bytes("newer");
}

#[test]
fn bytes_of_ws_are_sampled_each_second() {
    check_bytes("older");
}

/// A session by each module, the older one first.
const WIRE: &str = "
import ws from 'k6/ws';
import { WebSocket } from 'k6/websockets';
const params = { headers: { 'X-From': 'a script' }, compression: 'deflate' };
export default function () {
  ws.connect('ws://wire.example/echo', params, (socket) => {
    socket.on('open', () => socket.send('größer'));
    socket.on('message', () => socket.close(4000));
  });
  const socket = new WebSocket('ws://wire.example/echo', 'chat');
  socket.onopen = () => { socket.send('text'); socket.send(new Uint8Array([1, 2, 255])); };
  let heard = 0;
  socket.onmessage = () => { if (++heard === 2) socket.close(1000, 'bye'); };
}
";

/// The lines of the wire, each socket's together, without what differs from run to run.
fn wire(flag: &str) -> String {
    let folder = Folder::new();
    fs::write(folder.path().join("x.js"), WIRE).expect("written");
    let finished = folder.run(&format!("run --with-server -q --no-summary {flag} x.js"));
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let message = |line: &str| Some(line.split_once(" msg=\"ws ")?.1.strip_suffix('"')?.to_owned());
    let mut lines: Vec<String> = finished.stderr.lines().filter_map(message).collect();
    // `ws.connect` returns when its own close frame is out: whether the answer is still read is chance.
    lines.retain(|line| !line.starts_with("1.1 < close"));
    // What one socket still says and what the next begins with have no order.
    lines.sort_by_key(|line| line.split(' ').next().map(str::to_owned));
    lines.iter().map(|line| redacted(line) + "\n").collect()
}

fn redacted(line: &str) -> String {
    let headers = ["Sec-WebSocket-Key", "Sec-WebSocket-Accept", "Date"];
    match line.split_once(": ") {
        Some((start, _)) => {
            let name = start.rsplit(' ').next().unwrap_or_default();
            match headers.iter().find(|header| header.eq_ignore_ascii_case(name)) {
                Some(_) => format!("{start}: [{}]", name.to_ascii_lowercase()),
                None => line.to_owned(),
            }
        }
        None => line.to_owned(),
    }
}

#[test]
fn ws_debug_shows_handshakes_and_frames_of_both_modules() {
    insta::assert_snapshot!(wire("--ws-debug"));
    assert_eq!(wire("--ws-debug"), wire("--ws-debug=headers"));
}

#[test]
fn ws_debug_in_full_shows_payloads_too() {
    insta::assert_snapshot!(wire("--ws-debug=full"));
}

#[test]
fn without_ws_debug_nothing_of_the_wire_is_logged() {
    assert_eq!(wire(""), "");
}
