//! Clients that break rules, stall or lie: each gets what it deserves, and the server serves on.

use std::time::Duration;

use sockeye_server::Limits;
use sockeye_ws::deflate::Offer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::client::{Client, Heard};
use crate::running::Running;

/// The server has no connection left but the one that asks, and still echoes.
async fn is_well(server: &Running) {
    server.stats(|stats| stats["connections"]["open"] == 1).await;
    let mut client = Client::connect(server, "/echo").await;
    client.text("well?").await;
    assert_eq!(client.next().await, Heard::Text("well?".to_owned()));
}

#[tokio::test]
async fn broken_frames_fail_the_connection() {
    let server = Running::start();
    let check = async |bytes: &[u8], code: u16| {
        let mut client = Client::connect(&server, "/echo").await;
        client.raw(bytes).await;
        client.closed_with(code).await;
    };
    check(b"\x81\x02hi", 1002).await; // No mask.
    check(&[0xff; 64], 1002).await; // Reserved bits.
    check(b"\x83\x80\0\0\0\0", 1002).await; // A reserved opcode.
    check(b"\x09\x80\0\0\0\0", 1002).await; // A fragmented ping.
    check(b"\x89\xfe\x00\x7e\0\0\0\0", 1002).await; // A ping of 126 bytes.
    check(b"\x80\x80\0\0\0\0", 1002).await; // Nothing to continue.
    check(b"\x88\x81\0\0\0\0\x03", 1002).await; // Half a close code.
    check(b"\x81\x81\0\0\0\0\xff", 1007).await; // Not UTF-8.
    check(b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 1009).await; // 2^63 - 1 bytes.
    check(b"\x82\xff\x80\0\0\0\0\0\0\0\0\0\0\0", 1002).await; // The top bit.
    is_well(&server).await;
}

#[tokio::test]
async fn oversized_messages_fail_the_connection() {
    let limits = Limits { max_message_size: 1000, max_chat_message_size: 100, ..Limits::default() };
    let server = Running::with_limits(limits);
    for (path, size) in [("/echo", 1001), ("/ws", 101)] {
        let mut client = Client::connect(&server, path).await;
        client.binary(&vec![0; size]).await;
        client.closed_with(1009).await;
    }
    let mut client = Client::compressed(&server, Offer::default()).await;
    client.text(&"a".repeat(1 << 20)).await;
    client.closed_with(1009).await;
    drop(client);
    is_well(&server).await;
}

#[tokio::test]
async fn who_sends_on_after_failing_still_reads_the_close_frame() {
    let server = Running::with_limits(Limits { max_message_size: 1000, ..Limits::default() });
    let mut client = Client::connect(&server, "/echo").await;
    client.binary(&vec![0; 4 << 20]).await;
    client.closed_with(1009).await;
}

#[tokio::test]
async fn garbage_is_survived() {
    let server = Running::start();
    for garbage in [
        &b"\0\x01\x02\x03\r\n\r\n"[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST /post HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /post HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let answer = server.exchange(garbage).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
    // TLS is the same to who does not speak it.
    let mut stream = TcpStream::connect(server.tls_address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let _ = stream.read_to_end(&mut Vec::new()).await;
    is_well(&server).await;
}

#[tokio::test]
async fn long_heads_are_refused() {
    let server = Running::start();
    let request = format!("GET / HTTP/1.1\r\nX-Long: {}\r\n\r\n", "x".repeat(1 << 20));
    let answer = server.exchange(request.as_bytes()).await;
    // The rest of the request may reset the connection before the answer is read.
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let request = format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(200));
    assert!(server.exchange(request.as_bytes()).await.starts_with("HTTP/1.1 431 "));
    is_well(&server).await;
}

#[tokio::test]
async fn slow_and_silent_clients_are_cut() {
    let limits = Limits {
        header_timeout: Duration::from_millis(20),
        tls_handshake_timeout: Duration::from_millis(20),
        ..Limits::default()
    };
    let server = Running::with_limits(limits);
    let mut silent = server.connect().await;
    silent.read_to_end(&mut Vec::new()).await.unwrap();
    let mut slow = server.connect().await;
    slow.write_all(b"GET / HTTP/1.1\r\nX-Slow").await.unwrap();
    slow.read_to_end(&mut Vec::new()).await.unwrap();
    let mut idle = TcpStream::connect(server.tls_address).await.unwrap();
    assert_eq!(idle.read_to_end(&mut Vec::new()).await.unwrap(), 0);
    is_well(&server).await;
}

#[tokio::test]
async fn who_answers_no_close_frame_is_cut() {
    let close_timeout = Duration::from_millis(20);
    let server = Running::with_limits(Limits { close_timeout, ..Limits::default() });
    let mut client = Client::connect(&server, "/echo?close=1000").await;
    let mut bytes = Vec::new();
    client.stream.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(bytes, b"\x88\x02\x03\xe8");
    is_well(&server).await;
}

#[tokio::test]
async fn who_reads_no_echo_is_cut() {
    let stall_timeout = Duration::from_millis(50);
    let server = Running::with_limits(Limits { stall_timeout, ..Limits::default() });
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stream = socket.connect(server.address).await.unwrap();
    let mut client = Client::with(stream, "/echo", &[], None).await;
    let message = [&b"\x82\xff\0\0\0\0\0\x10\0\0\0\0\0\0"[..], &vec![0; 1 << 20]].concat();
    // Writing ends when the server has stopped reading and cut the connection.
    while client.stream.write_all(&message).await.is_ok() {}
    is_well(&server).await;
}

#[tokio::test]
async fn who_vanishes_is_forgotten() {
    let server = Running::start();
    for path in ["/echo", "/ws"] {
        let client = Client::connect(&server, path).await;
        client.stream.set_zero_linger().unwrap();
        drop(client);
        let mut client = Client::connect(&server, path).await;
        client.raw(b"\x81\x85\0\0\0\0he").await;
        drop(client);
    }
    is_well(&server).await;
}

#[tokio::test]
async fn further_connections_than_allowed_are_turned_away() {
    let server = Running::with_limits(Limits { max_connections: Some(2), ..Limits::default() });
    let first = Client::connect(&server, "/echo").await;
    let _second = Client::connect(&server, "/echo").await;
    let answer = server.get("/").await;
    assert_eq!((answer.status, &*answer.body), (503, "too many connections now"));
    drop(first);
    // It takes the server a moment to learn that there is room again.
    while server.get("/").await.status != 200 {}
    assert!(server.stats(|_| true).await["connections"]["refused"].as_u64().unwrap() >= 1);
}

#[tokio::test]
async fn a_ping_flood_is_answered_as_fast_as_it_is_read() {
    let server = Running::start();
    let mut client = Client::connect(&server, "/echo").await;
    let flood = b"\x89\x81\0\0\0\0?".repeat(10_000);
    client.raw(&flood).await;
    for _ in 0..10_000 {
        assert_eq!(client.next().await, Heard::Pong(b"?".to_vec()));
    }
}
