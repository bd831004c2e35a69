//! `--log-output loki` against a server on the loopback interface: what it is sent, and that a run
//! minds neither a Loki that refuses nor one that never answers.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use sockeye_testkit::{faults::Fault, loopback::Loopback};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};

use crate::harness::{Finished, Folder};

/// The heads and bodies of requests.
type Requests = Arc<Mutex<Vec<(String, String)>>>;

/// A Loki that answers with `status`, and the requests that it got, head and body.
fn loki(status: &'static str) -> (Loopback, Requests) {
    let requests = Requests::default();
    let got = Arc::clone(&requests);
    let server = Loopback::start(move |stream| {
        let got = Arc::clone(&got);
        async move {
            let mut stream = BufReader::new(stream);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                if !matches!(stream.read_line(&mut head).await, Ok(1..)) {
                    return;
                }
            }
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length = length.and_then(|length| length.parse().ok()).expect("a length");
            let mut body = vec![0; length];
            stream.read_exact(&mut body).await.expect("a body");
            got.lock().expect("no panic").push((head, String::from_utf8(body).expect("text")));
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 5\r\n\r\nsorry");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (server, requests)
}

/// Runs a script whose log goes to the Loki at this address, with further settings.
fn run(script: &str, address: &str, settings: &str) -> Finished {
    let folder = Folder::new();
    fs::write(folder.path().join("x.js"), script).expect("written");
    let line = format!(
        "run -q --no-summary --log-output loki=http://{address}/push?x=1,pushPeriod=1h{settings} x.js"
    );
    folder.run(&line)
}

const TALK: &str = "
export default function () {
  console.log('one');
  console.warn('two \"2\"\\n');
  console.debug('not without -v');
  console.log('three');
}
";

/// The streams of a request, times replaced by their order.
fn streams(body: &str) -> Value {
    let mut body: Value = serde_json::from_str(body).expect("JSON");
    for stream in body["streams"].as_array_mut().expect("streams") {
        let mut last = 0;
        for value in stream["values"].as_array_mut().expect("values") {
            let at: u64 = value[0].as_str().and_then(|at| at.parse().ok()).expect("a time");
            assert!(at >= last && at > 1_700_000_000_000_000_000, "{at}");
            last = at;
            value[0] = json!("time");
        }
    }
    body["streams"].take()
}

#[test]
fn records_are_there_when_the_run_has_ended() {
    let (server, requests) = loki("204 No Content");
    let finished = run(TALK, &server.address.to_string(), ",label.team=a,header.X-Org=me");
    assert_eq!((finished.code, finished.stderr.as_str()), (Some(0), ""));
    let requests = requests.lock().unwrap();
    let [(head, body)] = requests.as_slice() else { panic!("{requests:?}") };
    assert!(head.starts_with("POST /push?x=1 HTTP/1.1\r\n"), "{head}");
    for line in ["content-type: application/json", "x-org: me"] {
        assert!(head.lines().any(|sent| sent == line), "{line} in {head}");
    }
    let expect = json!([
        {
            "stream": {"level": "info", "source": "console", "team": "a"},
            "values": [["time", "one"], ["time", "three"]],
        },
        {
            "stream": {"level": "warning", "source": "console", "team": "a"},
            "values": [["time", "two \"2\"\n"]],
        },
    ]);
    assert_eq!(streams(body), expect);
}

#[test]
fn what_is_above_the_limit_is_told_in_both_places() {
    let (server, requests) = loki("204 No Content");
    let finished = run(TALK, &server.address.to_string(), ",limit=1,allowedLabels=[source]");
    assert_eq!(finished.code, Some(0));
    insta::assert_snapshot!(finished.snapshot(), @r#"
    exit: 0
    --- stdout
    --- stderr
    time="[time]" level=warning msg="log output `loki` missed messages: 2 that were above its limit"
    "#);
    let requests = requests.lock().unwrap();
    let told = "sockeye dropped 2 log messages because they were above the limit of 1 messages / \
                1h0m0s level=warning";
    let expect = json!([
        {"stream": {"source": "console"}, "values": [["time", "one level=info"]]},
        {"stream": {}, "values": [["time", told]]},
    ]);
    assert_eq!(streams(&requests[0].1), expect);
}

#[test]
fn a_loki_that_refuses_is_told_of_once() {
    let (server, requests) = loki("429 Too Many Requests");
    let finished = run(TALK, &server.address.to_string(), "");
    insta::assert_snapshot!(finished.snapshot(), @r#"
    exit: 0
    --- stdout
    --- stderr
    time="[time]" level=error msg="Error while sending logs to loki" error="got 429 from loki: sorry"
    time="[time]" level=warning msg="log output `loki` missed messages: 3 that could not be sent"
    "#);
    assert_eq!(requests.lock().unwrap().len(), 1);
}

#[test]
fn a_loki_that_never_answers_does_not_keep_the_run() {
    let server = Fault::NeverAnswers.serve();
    let finished = run(TALK, &server.url().replace("ws://", ""), "");
    insta::assert_snapshot!(finished.snapshot(), @r#"
    exit: 0
    --- stdout
    --- stderr
    time="[time]" level=error msg="Error while sending logs to loki" error="it takes longer than the end of the run"
    time="[time]" level=warning msg="log output `loki` missed messages: 3 that could not be sent"
    "#);
}

#[test]
fn what_ends_the_program_is_on_stderr_too_and_no_bytes_are_load() {
    let (server, requests) = loki("204 No Content");
    let script = "
        export const options = { thresholds: { data_sent: ['count<1'], iterations: ['count>9'] } };
        export default function () {}
    ";
    let finished = run(script, &server.address.to_string(), ",level=error");
    insta::assert_snapshot!(finished.snapshot(), @r#"
    exit: 99
    --- stdout
    --- stderr
    time="[time]" level=error msg="thresholds on metrics 'iterations' have been crossed"
    "#);
    let requests = requests.lock().unwrap();
    let told = "thresholds on metrics 'iterations' have been crossed";
    let expect = json!([{"stream": {"level": "error"}, "values": [["time", told]]}]);
    assert_eq!(streams(&requests[0].1), expect);
}
