//! The echo: kinds of message, compression, order of answers, closing, helpers by query.

use std::time::{Duration, Instant};

use serde_json::Value;
use sockeye_ws::deflate::{ClientMaxWindowBits, Offer, WindowBits};
use sockeye_ws::{CloseCode, Fragment, MessageKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client::{Client, Heard};
use crate::running::Running;

#[tokio::test]
async fn text_and_binary_come_back() {
    let server = Running::start();
    let mut client = Client::connect(&server, "/echo").await;
    for text in ["", "hello", "κόσμε"] {
        client.text(text).await;
        assert_eq!(client.next().await, Heard::Text(text.to_owned()));
    }
    for size in [0, 125, 126, 65_535, 65_536, 3 << 20] {
        let data = vec![7; size];
        client.binary(&data).await;
        assert_eq!(client.next().await, Heard::Binary(data));
    }
    client.close(4000, "enough").await;
    client.closed_with(4000).await;
}

#[tokio::test]
async fn compression_is_agreed_to_as_offered() {
    let server = Running::start();
    let offers = [
        Offer::default(),
        Offer {
            server_no_context_takeover: true,
            client_no_context_takeover: true,
            ..Offer::default()
        },
        Offer {
            client_max_window_bits: ClientMaxWindowBits::AtMost(WindowBits::new(9).unwrap()),
            ..Offer::default()
        },
    ];
    for offer in offers {
        let mut client = Client::compressed(&server, offer).await;
        assert!(client.accepted.deflate.is_some(), "{offer:?}");
        let text = "a message with repetition, repetition, repetition".repeat(1000);
        for _ in 0..3 {
            client.text(&text).await;
            assert_eq!(client.next().await, Heard::Text(text.clone()));
            client.binary(text.as_bytes()).await;
            assert_eq!(client.next().await, Heard::Binary(text.clone().into_bytes()));
        }
    }
    let stats = server.stats(|_| true).await;
    let wire = stats["connections"]["bytes_sent"].as_u64().unwrap();
    let payload = stats["sent"]["bytes"].as_u64().unwrap();
    assert!(wire * 20 < payload, "{wire} bytes for {payload}");
}

#[tokio::test]
async fn without_an_offer_nothing_is_agreed_to() {
    let server = Running::start();
    let client = Client::connect(&server, "/echo").await;
    assert_eq!(client.accepted.deflate, None);
    assert_eq!(client.accepted.extensions, "");
}

#[tokio::test]
async fn the_first_subprotocol_is_accepted() {
    let server = Running::start();
    let client = Client::with(server.connect().await, "/echo", &["b", "a"], None).await;
    assert_eq!(client.accepted.protocol.as_deref(), Some("b"));
}

#[tokio::test]
async fn a_ping_between_fragments_is_answered_first() {
    let server = Running::start();
    let mut client = Client::connect(&server, "/echo").await;
    client
        .send(|connection, cx, out| {
            connection.send_text(cx, "zero", out).unwrap();
            connection
                .send_fragment(cx, Fragment::First(MessageKind::Text), b"one, ", out)
                .unwrap();
            connection.ping(cx, b"?", out).unwrap();
            connection.send_fragment(cx, Fragment::Last, b"two", out).unwrap();
            connection.ping(cx, b"!", out).unwrap();
        })
        .await;
    assert_eq!(client.next().await, Heard::Text("zero".to_owned()));
    assert_eq!(client.next().await, Heard::Pong(b"?".to_vec()));
    assert_eq!(client.next().await, Heard::Text("one, two".to_owned()));
    assert_eq!(client.next().await, Heard::Pong(b"!".to_vec()));
}

#[tokio::test]
async fn a_message_right_before_a_close_frame_comes_back() {
    let server = Running::start();
    let mut client = Client::connect(&server, "/echo").await;
    client
        .send(|connection, cx, out| {
            connection.send_text(cx, "last words", out).unwrap();
            connection.close(cx, Some(CloseCode::NORMAL), "", out).unwrap();
        })
        .await;
    assert_eq!(client.next().await, Heard::Text("last words".to_owned()));
    client.closed_with(1000).await;
}

#[tokio::test]
async fn frames_in_the_packet_of_the_request_are_not_lost() {
    let server = Running::start();
    let request = "GET /echo HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\n\
        Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
        Sec-WebSocket-Version: 13\r\n\r\n";
    let frames = b"\x81\x85\0\0\0\0hello\x88\x82\0\0\0\0\x03\xe8";
    let answer = server.exchange(&[request.as_bytes(), frames].concat()).await;
    assert!(answer.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{answer}");
    assert!(answer.contains("\r\n\r\n\u{fffd}\u{5}hello\u{fffd}\u{2}\u{3}\u{fffd}"), "{answer}");
}

#[tokio::test]
async fn pipelined_messages_come_back_in_order() {
    let server = Running::start();
    let mut client = Client::connect(&server, "/echo").await;
    client
        .send(|connection, cx, out| {
            for index in 0..1000 {
                connection.send_text(cx, &index.to_string(), out).unwrap();
            }
        })
        .await;
    for index in 0..1000 {
        assert_eq!(client.next().await, Heard::Text(index.to_string()));
    }
}

#[tokio::test]
async fn a_query_can_ask_for_a_close() {
    let server = Running::start();
    let mut client = Client::connect(&server, "/echo?close=4001&reason=go%20away").await;
    assert_eq!(client.next().await, Heard::Close(Some(4001), "go away".to_owned()));
    assert_eq!(client.next().await, Heard::End);
}

#[tokio::test]
async fn a_query_can_ask_for_messages() {
    let server = Running::start();
    let mut client = Client::connect(&server, "/echo?push=3&interval=1").await;
    for index in 1..=3 {
        assert_eq!(client.next().await, Heard::Text(format!("push {index}")));
    }
    client.text("and still an echo").await;
    assert_eq!(client.next().await, Heard::Text("and still an echo".to_owned()));
}

#[tokio::test]
async fn answers_are_held_and_keep_their_order() {
    let server = Running::start();
    let mut client = Client::connect(&server, "/echo?delay=30").await;
    let sent = Instant::now();
    client
        .send(|connection, cx, out| {
            connection.send_text(cx, "one", out).unwrap();
            connection.send_binary(cx, b"two", out).unwrap();
            connection.send_text(cx, "three", out).unwrap();
            connection.ping(cx, b"?", out).unwrap();
        })
        .await;
    assert_eq!(client.next().await, Heard::Pong(b"?".to_vec()), "only answers are held");
    assert_eq!(client.next().await, Heard::Text("one".to_owned()));
    assert!(sent.elapsed() >= Duration::from_millis(30));
    assert_eq!(client.next().await, Heard::Binary(b"two".to_vec()));
    assert_eq!(client.next().await, Heard::Text("three".to_owned()));

    let stats = server.stats(|_| true).await;
    assert_eq!(stats["turn_ms"]["count"], 2, "{stats}");
    let held = stats["held_ms"].clone();
    assert_eq!(held["count"], 3);
    let ours = sent.elapsed().as_secs_f64() * 1e3;
    let told: Vec<f64> = ["p50", "p90", "p99", "p99.9", "max"]
        .iter()
        .map(|name| held[*name].as_f64().unwrap())
        .collect();
    // A bucket answers with its middle.
    assert!(told.iter().all(|&told| 29.9 < told && told < ours * 1.01), "{held}, not {ours}");
    server.request("POST", "/stats/reset", "").await;
    let stats = server.stats(|_| true).await;
    for durations in [&stats["held_ms"], &stats["turn_ms"]] {
        assert_eq!((&durations["count"], &durations["max"]), (&0.into(), &0.0.into()));
    }
}

#[tokio::test]
async fn more_than_can_be_held_waits_to_be_read() {
    const COUNT: usize = 2000;
    let server = Running::start();
    let mut client = Client::connect(&server, "/echo?delay=5").await;
    let (mut reading, mut writing) = tokio::io::split(client.stream);
    let mut frames = Vec::new();
    for index in 0..COUNT {
        frames.extend_from_slice(b"\x82\xfe\x03\xe8\0\0\0\0");
        frames.extend_from_slice(&[(index % 256) as u8; 1000]);
    }
    let sender = tokio::spawn(async move { writing.write_all(&frames).await });
    for index in 0..COUNT {
        let mut frame = [0; 1004];
        reading.read_exact(&mut frame).await.unwrap();
        assert_eq!(frame[4..], [(index % 256) as u8; 1000]);
    }
    sender.await.unwrap().unwrap();

    // As nothing is sent in the first minutes, all that was read is held.
    client = Client::connect(&server, "/echo?delay=300000").await;
    server.request("POST", "/stats/reset", "").await;
    let (_reading, mut writing) = tokio::io::split(client.stream);
    let sender =
        tokio::spawn(
            async move { while writing.write_all(b"\x82\x84\0\0\0\0four").await.is_ok() {} },
        );
    let messages = |stats: &Value| stats["received"]["messages"].as_u64().unwrap();
    server.stats(|stats| messages(stats) > 1000).await;
    for _ in 0..100 {
        let stats = server.stats(|_| true).await;
        // 256 KiB, and what one read brings beyond that.
        assert!(messages(&stats) * 4 < 256 << 10, "{stats}");
    }
    sender.abort();
}

#[tokio::test]
async fn a_close_does_not_wait_for_what_is_held() {
    let server = Running::start();
    let mut client = Client::connect(&server, "/echo?delay=300000").await;
    client.text("never").await;
    client.close(4000, "").await;
    client.closed_with(4000).await;
    let stats = server.stats(|stats| stats["sessions"]["open"] == 0).await;
    assert_eq!((&stats["sent"]["messages"], &stats["held_ms"]["count"]), (&0.into(), &0.into()));
}

#[tokio::test]
async fn a_bad_query_is_refused() {
    let server = Running::start();
    for query in ["close=1006", "close=x", "push=-1", "interval=soon", "delay=x", "delay=300001"] {
        let upgrade = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nConnection: upgrade\r\n";
        let answer = server.request("GET", &format!("/echo?{query}"), upgrade).await;
        assert_eq!(answer.status, 400, "{query}");
    }
}
