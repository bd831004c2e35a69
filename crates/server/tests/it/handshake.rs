//! Requests that are no WebSocket handshake are refused with the status that RFC 6455 names.

use crate::running::Running;

const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const UPGRADE: &str = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
const VERSION: &str = "Sec-WebSocket-Version: 13\r\n";

#[tokio::test]
async fn incomplete_handshakes_are_refused() {
    let server = Running::start();
    let check = async |lines: &[&str], status: u16| {
        let request = format!("GET /ws HTTP/1.1\r\nHost: test\r\n{}\r\n", lines.concat());
        let stream = server.connect().await;
        let answer = first_line(stream, &request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{lines:?}: {answer}");
    };
    check(&[UPGRADE, KEY, VERSION], 101).await;
    check(&["upgrade: h2c, WebSocket\r\nconnection: close, UPGRADE\r\n", KEY, VERSION], 101).await;
    check(&[KEY, VERSION], 426).await;
    check(&["Upgrade: h2c\r\nConnection: Upgrade\r\n", KEY, VERSION], 426).await;
    check(&["Upgrade: websocket\r\n", KEY, VERSION], 426).await;
    check(&[UPGRADE, KEY], 426).await;
    check(&[UPGRADE, KEY, "Sec-WebSocket-Version: 8\r\n"], 426).await;
    check(&[UPGRADE, VERSION], 400).await;
    check(&[UPGRADE, VERSION, "Sec-WebSocket-Key: c2hvcnQ=\r\n"], 400).await;
    check(&[UPGRADE, VERSION, "Sec-WebSocket-Key: !\r\n"], 400).await;
    let stats = server.stats(|stats| stats["sessions"]["open"] == 0).await;
    assert_eq!(stats["sessions"]["opened"], 2);
    assert_eq!(stats["sessions"]["rejected"], 8);
}

#[tokio::test]
async fn the_wanted_version_is_named() {
    let server = Running::start();
    let upgrade = format!("{UPGRADE}{KEY}Sec-WebSocket-Version: 7\r\n");
    let answer = server.request("GET", "/echo", &upgrade).await;
    assert_eq!(answer.header("Sec-WebSocket-Version"), Some("13"));
}

#[tokio::test]
async fn only_get_upgrades() {
    let server = Running::start();
    let answer = server.request("POST", "/ws", &format!("{UPGRADE}{KEY}{VERSION}")).await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.header("Allow"), Some("GET, HEAD"));
}

async fn first_line(mut stream: tokio::net::TcpStream, request: &str) -> String {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).await.unwrap();
    line
}
