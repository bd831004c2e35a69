//! `handleSummary` where it does more than to return a text.

use std::fs;

use crate::harness::{Finished, Folder};

fn run(folder: &Folder, script: &str, flags: &str) -> Finished {
    fs::write(folder.path().join("x.js"), script).expect("written");
    folder.run(&format!("run -q --with-server {flags} x.js"))
}

#[test]
fn a_socket_in_it_is_heard_until_it_is_closed() {
    let script = "
        import { WebSocket } from 'k6/websockets';
        export default function () {}
        export function handleSummary() {
            const answer = {};
            const socket = new WebSocket('ws://a.test/echo');
            socket.onopen = () => socket.send('told by a socket\\n');
            socket.onmessage = (event) => { answer.stdout = event.data; socket.close(); };
            return answer;
        }
    ";
    let finished = run(&Folder::new(), script, "");
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert_eq!(finished.stdout, "told by a socket\n");
}

#[test]
fn a_socket_that_stays_open_ends_with_its_time_limit() {
    let script = "
        import { WebSocket } from 'k6/websockets';
        export const options = { handleSummaryTimeout: '300ms' };
        export default function () {}
        export function handleSummary() {
            new WebSocket('ws://a.test/echo').onopen = () => console.log('open');
            return { stdout: 'never' };
        }
    ";
    let finished = run(&Folder::new(), script, "");
    assert_eq!(finished.code, Some(0));
    let told: Vec<&str> = finished
        .stderr
        .lines()
        .filter_map(|line| line.split_once(" level="))
        .map(|(_, told)| told)
        .collect();
    let limit = "error msg=\"handleSummary() execution timed out after 0.3 seconds\" \
                 hint=\"You can increase the time limit via the handleSummaryTimeout option\"";
    assert_eq!(told[..2], ["info msg=open source=console", limit], "{told:?}");
    assert!(finished.stdout.contains("iterations"), "{}", finished.stdout);
    assert!(!finished.stdout.contains("never"), "{}", finished.stdout);
}

#[test]
fn what_it_makes_of_its_data_is_exported() {
    let folder = Folder::new();
    let export = |body: &str| {
        let script = format!(
            "export default function () {{}}
             export function handleSummary(data) {{ {body}; return {{ stdout: 'told' }}; }}"
        );
        let _ = fs::remove_file(folder.path().join("e.json"));
        let finished = run(&folder, &script, "--summary-export e.json");
        assert_eq!((finished.code, finished.stdout.as_str()), (Some(0), "told"));
        let text = fs::read_to_string(folder.path().join("e.json")).ok();
        (finished, text.map(|text| serde_json::from_str::<serde_json::Value>(&text).expect("JSON")))
    };
    let (_, written) = export("data.metrics = { a: { values: { b: 1 } } }");
    assert_eq!(written.expect("an export")["metrics"], serde_json::json!({"a": {"b": 1}}));
    // A cycle is no JSON; what the run says holds.
    let (_, written) = export("data.data = data; delete data.metrics");
    assert_eq!(written.expect("an export")["metrics"]["iterations"]["count"], 1);
    let (finished, written) = export("delete data.root_group");
    assert_eq!(written, None);
    let told = "handleSummary() left no `metrics` or no `root_group` in its data";
    assert!(finished.stderr.contains(told), "{}", finished.stderr);
}
