//! `sockeye serve`: it says where it is, answers, and stops when told.

use std::{
    io::{Read, Write},
    net::TcpStream,
    process::Stdio,
};

use crate::harness::{Folder, first_line, signal};

/// The status line of a request to `/get`.
fn get(address: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    write!(stream, "GET /get HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")
        .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn in_json_it_tells_its_addresses_and_stops_with_its_standard_input() {
    let folder = Folder::new();
    let mut child = folder
        .command("serve --format json --stop-with-stdin --threads 1")
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let line: serde_json::Value = serde_json::from_str(&first_line(&mut child)).unwrap();
    let text = |key: &str| line[key].as_str().unwrap().to_owned();
    assert_eq!(get(&text("address")), "HTTP/1.1 200 OK");
    assert_ne!(text("address"), text("tlsAddress"));
    assert!(text("certificate").starts_with("-----BEGIN CERTIFICATE-----"));
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn it_stops_cleanly_on_sigint() {
    let folder = Folder::new();
    let mut child = folder.command("serve --no-tls --threads 1").spawn().unwrap();
    let line = first_line(&mut child);
    let address = line.trim_start_matches("serving http://").split(' ').next().unwrap();
    assert_eq!(get(address), "HTTP/1.1 200 OK");
    signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn an_address_in_use_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let finished = Folder::new().run(&format!("serve --address {address}"));
    assert_eq!(finished.code, Some(255));
    assert!(finished.stderr.contains(&address.to_string()), "{}", finished.stderr);
}
