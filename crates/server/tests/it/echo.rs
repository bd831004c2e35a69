//! The echo: kinds of message, compression, order of answers, closing, helpers by query.

use sockeye_ws::deflate::{ClientMaxWindowBits, Offer, WindowBits};
use sockeye_ws::{CloseCode, Fragment, MessageKind};

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
async fn a_bad_query_is_refused() {
    let server = Running::start();
    for query in ["close=1006", "close=x", "push=-1", "interval=soon"] {
        let upgrade = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nConnection: upgrade\r\n";
        let answer = server.request("GET", &format!("/echo?{query}"), upgrade).await;
        assert_eq!(answer.status, 400, "{query}");
    }
}
