//! `--secret-source url` against a server on the loopback interface.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use sockeye_testkit::loopback::Loopback;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

use crate::harness::{Finished, Folder};

/// A server of secrets, and the heads of the requests that it got. It is busy the first time that it
/// is asked for `slow`.
fn server() -> (Loopback, Arc<Mutex<Vec<String>>>) {
    let heads = Arc::<Mutex<Vec<String>>>::default();
    let got = Arc::clone(&heads);
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
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let is_first = {
                let mut got = got.lock().expect("no panic");
                let is_first = got.iter().all(|head| !head.contains(&path));
                got.push(head);
                is_first
            };
            let (status, body) = match path.as_str() {
                "/s/plain" => ("200 OK", "hidden"),
                "/s/slow" if is_first => ("503 Busy", "busy"),
                "/s/slow" => ("200 OK", "late"),
                "/s/a%2Fb%20c" => ("200 OK", r#"{"data": {"value": "in \"JSON\""}}"#),
                _ => ("404 Not Found", "what was hidden"),
            };
            let length = body.len();
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (server, heads)
}

/// Runs a script that asks for `key` once in each of three iterations, and says what it got.
fn run(key: &str, setup: impl FnOnce(&mut std::process::Command), settings: &str) -> Finished {
    let folder = Folder::new();
    let script = "
        import secrets from 'k6/secrets';
        export const options = { iterations: 3, vus: 3, thresholds: { data_sent: ['count<1'] } };
        export default async () => {
            try {
                const secret = await secrets.get(__ENV.KEY);
                console.log(secret.length, `<${secret}>`);
            } catch (error) {
                console.error(error.message);
            }
        };
    ";
    fs::write(folder.path().join("x.js"), script).expect("written");
    let mut command = folder.command(&format!("run -q --no-summary {settings} x.js"));
    command.env("K6_LOG_FORMAT", "raw").args(["-e", &format!("KEY={key}")]);
    setup(&mut command);
    folder.finish(&command.output().expect("the program starts"))
}

#[test]
fn a_secret_is_asked_for_once_and_stays_out_of_the_log() {
    let (server, heads) = server();
    let settings = format!(
        "--secret-source url=urlTemplate=http://{}/s/{{key}},headers.X-Token=t0ken,method=POST",
        server.address
    );
    let finished = run("plain", |_| {}, &settings);
    assert_eq!(finished.code, Some(0));
    assert_eq!(finished.stderr, "6 <***SECRET_REDACTED***>\n".repeat(3));
    let heads = heads.lock().unwrap();
    let [head] = heads.as_slice() else { panic!("{heads:?}") };
    assert!(head.starts_with("POST /s/plain HTTP/1.1\r\n"), "{head}");
    assert!(head.lines().any(|line| line == "x-token: t0ken"), "{head}");
}

#[test]
fn variables_say_it_all_and_keys_are_escaped() {
    let (server, heads) = server();
    let variables = |command: &mut std::process::Command| {
        command
            .env("K6_SECRET_SOURCE", "url")
            .env(
                "K6_SECRET_SOURCE_URL_URL_TEMPLATE",
                format!("http://{}/s/{{key}}", server.address),
            )
            .env("K6_SECRET_SOURCE_URL_HEADER_AUTHORIZATION", "Bearer x")
            .env("K6_SECRET_SOURCE_URL_RESPONSE_PATH", "data.value");
    };
    let finished = run("a/b c", variables, "");
    assert_eq!(finished.stderr, "9 <***SECRET_REDACTED***>\n".repeat(3));
    assert!(heads.lock().unwrap()[0].contains("authorization: Bearer x\r\n"));
}

#[test]
fn a_server_that_is_busy_is_asked_again() {
    let (server, heads) = server();
    let settings = format!(
        "--secret-source url=urlTemplate=http://{}/s/{{key}},retryBackoff=0s",
        server.address
    );
    let finished = run("slow", |_| {}, &settings);
    assert_eq!(finished.stderr, "4 <***SECRET_REDACTED***>\n".repeat(3));
    assert_eq!(heads.lock().unwrap().len(), 2);
}

#[test]
fn what_a_server_refuses_is_an_error_of_the_script() {
    let (server, _heads) = server();
    let settings = format!("--secret-source url=urlTemplate=http://{}/s/{{key}}", server.address);
    let finished = run("none", |_| {}, &settings);
    let expect = "failed to get the secret \"none\": the server answered with status 404\n";
    assert_eq!((finished.code, finished.stderr.as_str()), (Some(0), expect.repeat(3).as_str()));
}

#[test]
fn what_is_said_wrong_ends_the_program() {
    let finished = run("x", |_| {}, "--secret-source url=urlTemplate=http://a/{key},timout=3s");
    insta::assert_snapshot!(finished.snapshot(), @r"
    exit: 255
    --- stdout
    --- stderr
    secret source `url`: `timout`: there is no such key; did you mean `timeout`?
      hint: use `file=PATH`, `mock=KEY=VALUE` or `url=urlTemplate=URL-WITH-{key}`, with `name=NAME` or `default` after a comma
    ");
}
