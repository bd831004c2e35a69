//! The REST API of a run, asked by real requests.

#![allow(clippy::unwrap_used, reason = "tests may, their helpers too")]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStderr},
};

use serde_json::{Value, json};

use crate::harness::{Folder, signal};

/// A run with an API.
struct Run {
    child: Child,
    log: BufReader<ChildStderr>,
    address: String,
}

impl Run {
    fn start(folder: &Folder, script: &str, line: &str) -> Self {
        fs::write(folder.path().join("x.js"), script).unwrap();
        let line = format!("run x.js --quiet --verbose --address localhost:0 {line}");
        let mut child = folder.command(&line).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let mut run = Self { child, log, address: String::new() };
        let started = run.wait_for("Starting the REST API server on ");
        let address = started.split("server on ").nth(1).unwrap().trim_end();
        address.trim_end_matches('"').clone_into(&mut run.address);
        run
    }

    /// Reads the log until a line has the text.
    fn wait_for(&mut self, text: &str) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.log.read_line(&mut line).unwrap() > 0, "the log ended before {text:?}");
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Status and body of an answer.
    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    fn json(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let (status, body) = self.ask(method, path, body);
        (status, serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}")))
    }

    fn get(&self, path: &str) -> Value {
        let (status, body) = self.json("GET", path, "");
        assert_eq!(status, 200, "{path}: {body}");
        body["data"].clone()
    }

    fn patch(&self, attributes: &Value) -> (u16, Value) {
        let body =
            json!({ "data": { "type": "status", "id": "default", "attributes": attributes } });
        self.json("PATCH", "/v1/status", &body.to_string())
    }

    fn end(mut self) -> (Option<i32>, String) {
        let mut log = String::new();
        self.log.read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code(), log)
    }
}

const BUSY: &str = "
    import { check, group, sleep } from 'k6';
    import { Trend } from 'k6/metrics';
    const mine = new Trend('mine', true);
    export const options = {
        vus: 2, duration: '60s',
        thresholds: { 'mine{a:b}': ['avg<1'], iterations: ['count>=0'] },
    };
    export function setup() { return { a: 1 }; }
    export default function (data) {
        mine.add(3, { a: 'b' });
        group('outer', () => {
            check(data, { fine: () => true, bad: () => false });
            group('inner', () => check(1, { deep: true }));
        });
        console.log('iteration');
        sleep(0.05);
    }
    export function teardown(data) { console.log('teardown ' + JSON.stringify(data)); }
";

#[test]
fn what_is_measured_is_shown_in_k6s_shapes() {
    let folder = Folder::new();
    let script = BUSY;
    let mut run = Run::start(&folder, script, "");
    run.wait_for("iteration");
    // Samples are handed over now and then.
    while run.ask("GET", "/v1/metrics/iterations", "").0 == 404 {}
    while run.get("/v1/status")["attributes"]["vus"] != 2 {}
    assert_eq!(run.ask("GET", "/", ""), (200, "ok".to_owned()));
    assert_eq!(
        run.get("/v1/status"),
        json!({ "type": "status", "id": "default", "attributes": {
            "status": 7, "paused": false, "vus": 2, "vus-max": 2,
            "stopped": false, "running": true, "tainted": true,
        }})
    );
    let metric = json!({ "type": "metrics", "id": "mine{a:b}", "attributes": {
        "type": "trend", "contains": "time", "tainted": true,
        "sample": { "avg": 3, "max": 3, "med": 3, "min": 3, "p(90)": 3, "p(95)": 3 },
    }});
    assert_eq!(run.get("/v1/metrics/mine%7Ba:b%7D"), metric);
    let all = run.get("/v1/metrics");
    let all: Vec<&str> =
        all.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    for name in ["checks", "iterations", "mine", "mine{a:b}"] {
        assert!(all.contains(&name), "{all:?}");
    }
    assert_eq!(run.get("/v1/metrics/mine")["attributes"]["tainted"], Value::Null);
    assert_eq!(run.get("/v1/metrics/iterations")["attributes"]["tainted"], false);
    let rate = run.get("/v1/metrics/checks")["attributes"]["sample"].clone();
    assert!(rate["rate"].is_number() && rate.as_object().unwrap().len() == 1, "{rate}");

    let groups = run.get("/v1/groups");
    assert_eq!(
        groups[0],
        json!({
            "type": "groups", "id": "d41d8cd98f00b204e9800998ecf8427e",
            "attributes": { "path": "", "name": "", "checks": null },
            "relationships": {
                "groups": { "data": [
                    { "type": "groups", "id": "c34b428ee7255085dfe7fef53d3394d5" },
                ]},
                "parent": { "data": null },
            },
        })
    );
    let outer = run.get("/v1/groups/c34b428ee7255085dfe7fef53d3394d5");
    assert_eq!(outer["attributes"]["name"], "outer");
    assert_eq!(outer["attributes"]["checks"][0]["name"], "fine");
    assert_eq!(outer["relationships"]["parent"]["data"]["id"], "d41d8cd98f00b204e9800998ecf8427e");
    assert_eq!(groups.as_array().unwrap().len(), 3);

    let missing = |what: &str| {
        let detail = format!("No {what} with that ID was found");
        (404, json!({ "errors": [{ "status": "404", "title": "Not Found", "detail": detail }] }))
    };
    assert_eq!(run.json("GET", "/v1/metrics/none", ""), missing("metric"));
    assert_eq!(run.json("GET", "/v1/groups/none", ""), missing("group"));
    assert_eq!(run.ask("GET", "/v1/none", ""), (404, "404 page not found\n".to_owned()));
    for (method, path) in [
        ("PUT", "/v1/status"),
        ("POST", "/v1/metrics"),
        ("DELETE", "/v1/metrics/mine"),
        ("POST", "/v1/groups"),
        ("DELETE", "/v1/setup"),
        ("GET", "/v1/teardown"),
    ] {
        assert_eq!(run.ask(method, path, ""), (405, String::new()), "{method} {path}");
    }

    let (status, answer) = run.patch(&json!({ "stopped": true }));
    assert_eq!((status, &answer["data"]["attributes"]["stopped"]), (200, &json!(true)));
    let (code, log) = run.end();
    assert_eq!(code, Some(103), "{log}");
    assert!(log.contains("level=error msg=\"test run stopped from REST API\""), "{log}");
    assert!(log.contains("teardown {\\\"a\\\":1}"), "{log}");
}

#[test]
fn a_test_that_waits_is_started() {
    let folder = Folder::new();
    let script = "export default () => console.log('ran');";
    let run = Run::start(&folder, script, "--paused");
    while run.get("/v1/status")["attributes"]["status"] != 4 {}
    let attributes = run.get("/v1/status")["attributes"].clone();
    assert_eq!(
        attributes,
        json!({
            "status": 4, "paused": true, "vus": 0, "vus-max": 1,
            "stopped": false, "running": false, "tainted": false,
        })
    );
    assert_eq!(run.get("/v1/metrics"), json!([]));
    assert_eq!(run.get("/v1/setup")["attributes"], json!({}));
    let (status, answer) = run.patch(&json!({ "paused": true }));
    assert_eq!(
        (status, &answer["errors"][0]["detail"]),
        (500, &json!("execution is already paused"))
    );
    let (status, answer) = run.patch(&json!({ "paused": false }));
    assert_eq!((status, &answer["data"]["attributes"]["paused"]), (200, &json!(false)));
    let (code, log) = run.end();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("msg=ran source=console"), "{log}");
}

#[test]
fn what_setup_returned_is_read_and_changed() {
    let folder = Folder::new();
    let mut run = Run::start(&folder, BUSY, "");
    run.wait_for("iteration");
    assert_eq!(run.get("/v1/setup")["attributes"], json!({ "data": { "a": 1 } }));
    let document = json!({ "data": {
        "type": "setupData", "id": "default", "attributes": { "data": { "b": [2] } },
    }});
    let (status, answer) = run.json("PUT", "/v1/setup", &document.to_string());
    assert_eq!((status, answer), (200, document));
    assert_eq!(run.json("PUT", "/v1/setup", "[3]").1["data"]["attributes"]["data"], json!([3]));
    let (status, answer) = run.json("PUT", "/v1/setup", "{");
    assert_eq!(
        (status, &answer["errors"][0]["title"]),
        (400, &json!("Error parsing request body"))
    );
    // `setup` runs once more.
    let (status, answer) = run.json("POST", "/v1/setup", "");
    assert_eq!((status, &answer["data"]["attributes"]["data"]), (200, &json!({ "a": 1 })));
    assert_eq!(run.ask("POST", "/v1/teardown", ""), (200, String::new()));
    let (status, answer) = run.patch(&json!({ "vus": 5 }));
    assert_eq!((status, &answer["errors"][0]["title"]), (500, &json!("Execution config error")));
    let (status, answer) = run.patch(&json!({ "paused": true }));
    assert_eq!(status, 500);
    let detail = "constant-vus executor 'default' doesn't support pause and resume operations after its start";
    assert_eq!(answer["errors"][0]["detail"], detail);
    for (body, detail) in [
        ("no JSON", "expected ident at line 1 column 2"),
        ("[]", "the document is no object"),
        ("{\"data\": 1}", "`data` is no object"),
        ("{\"data\": {\"attributes\": []}}", "`attributes` is no object"),
    ] {
        let (status, answer) = run.json("PATCH", "/v1/status", body);
        assert_eq!((status, &answer["errors"][0]["detail"]), (400, &json!(detail)));
    }
    for wrong in [json!({ "paused": "no" }), json!({ "stopped": 1 }), json!({ "vus": "5" })] {
        assert_eq!(run.patch(&wrong).0, 400, "{wrong}");
    }
    for nothing in [json!({}), json!({ "paused": null, "vus": null, "stopped": false })] {
        assert_eq!(run.patch(&nothing).0, 200, "{nothing}");
    }
    signal(&run.child, "INT");
    let (code, log) = run.end();
    assert_eq!(code, Some(105), "{log}");
    assert_eq!(log.matches("msg=\"teardown").count(), 2, "{log}");
}

#[test]
fn the_api_lingers_until_a_signal() {
    let folder = Folder::new();
    let script = "export const setup = () => 'data'; export default () => {};";
    let mut run = Run::start(&folder, script, "--linger");
    run.wait_for("--linger was enabled");
    let attributes = run.get("/v1/status")["attributes"].clone();
    assert_eq!((&attributes["status"], &attributes["running"]), (&json!(9), &json!(false)));
    assert_eq!(run.get("/v1/metrics/iterations")["attributes"]["sample"]["count"], 1);
    assert_eq!(run.get("/v1/setup")["attributes"]["data"], "data");
    signal(&run.child, "INT");
    let (code, log) = run.end();
    assert_eq!(code, Some(0), "{log}");
}

#[test]
fn an_address_that_is_taken_ends_the_run_before_it_begins() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let folder = Folder::new();
    fs::write(folder.path().join("x.js"), "export default () => console.log('ran');").unwrap();
    let finished = folder.run(&format!("run x.js --address {address}"));
    assert_eq!(finished.code, Some(106));
    let log = finished.stderr;
    assert!(log.contains("msg=\"Error from API server\""), "{log}");
    assert!(log.contains("hint: use another `--address`"), "{log}");
    assert!(!log.contains("msg=ran"), "{log}");
    let paused = folder.run("run x.js --paused");
    assert_eq!(paused.code, Some(104));
    assert!(paused.stderr.contains("needs the REST API"), "{}", paused.stderr);
}
