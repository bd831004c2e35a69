//! Open connections: messages, bytes, backpressure, and the closing handshake from both sides.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use sockeye_net::NetError;
use sockeye_net::websocket::{Closed, Compression, ConnectRequest, connect};
use sockeye_testkit::faults::Fault;
use sockeye_testkit::tls::{CertificateKind, TestCertificate};
use url::Url;

use crate::peer::{deflate_echo, dialer, echo, plain_dialer, tls_echo, trust, trust_nobody};
use crate::recorder::{Session, local, open};

fn clean(code: Option<u16>, reason: &str) -> Closed {
    Closed { code, reason: reason.to_owned(), was_clean: true, error: None }
}

fn abnormal(error: Option<NetError>) -> Closed {
    Closed { code: Some(1006), reason: String::new(), was_clean: false, error }
}

#[test]
fn messages_come_back_in_order() {
    local(async {
        let server = echo();
        let session = Session::connect(&plain_dialer(), &format!("ws://{}/", server.address)).await;
        session.socket.send_text("one");
        session.socket.send_binary(&[0; 300]);
        session.socket.ping(b"7");
        session.socket.send_text("");
        assert_eq!(session.hear(4).await, ["pong 7", "text one", "binary 300 bytes", "text "]);
        assert_eq!(session.socket.buffered_amount(), 0);
        session.socket.close(Some(3001), "bye");
        assert_eq!(session.closed().await, clean(Some(3001), ""));
        assert_eq!(session.events().last().unwrap(), "closing");
    });
}

#[test]
fn large_messages_and_tls() {
    local(async {
        let certificate = TestCertificate::new(CertificateKind::Valid);
        let server = tls_echo(&certificate);
        let (dialer, _) = dialer(&trust(certificate.root_pem()));
        let url = format!("wss://localhost:{}/", server.address.port());
        let session = Session::connect(&dialer, &url).await;
        let large = vec![b'x'; 3 << 20];
        session.socket.send_binary(&large);
        assert_eq!(session.socket.buffered_amount(), 3 << 20);
        session.socket.send_text("after");
        assert_eq!(session.hear(2).await, ["binary 3145728 bytes", "text after"]);
        assert_eq!(session.socket.buffered_amount(), 0);
        session.socket.close(None, "");
        assert_eq!(session.closed().await, clean(None, ""));
    });
}

#[test]
fn compressed_messages() {
    local(async {
        let server = deflate_echo();
        let (dialer, bytes) = dialer(&trust_nobody());
        let url = Url::parse(&format!("ws://{}/", server.address)).unwrap();
        let request =
            ConnectRequest { compression: Compression::Deflate, ..ConnectRequest::new(url) };
        let opened = connect(&dialer, request).await.unwrap();
        assert_eq!(opened.extensions, "permessage-deflate");
        bytes.take();
        let session = Session::start(opened);
        let text = "abcdefgh".repeat(1000);
        session.socket.send_text(&text);
        assert_eq!(session.socket.buffered_amount(), 8000, "payload counts before compression");
        assert_eq!(session.hear(1).await, [format!("text {text}")]);
        let (sent, received) = bytes.take();
        assert!(sent < 200 && received < 200, "{sent} sent, {received} received");
    });
}

#[test]
fn bytes_on_the_wire_are_exact() {
    local(async {
        let server = echo();
        let (dialer, bytes) = dialer(&trust_nobody());
        let host = server.address.to_string();
        let opened = open(&dialer, &format!("ws://{host}/path")).await.unwrap();
        let request = "GET /path HTTP/1.1\r\nHost: \r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
        let response = "HTTP/1.1 101 Switching Protocols\r\n\r\n".len()
            + opened
                .response
                .headers
                .iter()
                .map(|(name, value)| name.len() + value.len() + ": \r\n".len())
                .sum::<usize>();
        assert_eq!(bytes.take(), ((request.len() + host.len()) as u64, response as u64));
        let session = Session::start(opened);
        session.socket.send_text("hello");
        session.hear(1).await;
        assert_eq!(bytes.take(), (2 + 4 + 5, 2 + 5));
        session.socket.send_binary(&vec![0; 70_000]);
        session.hear(2).await;
        assert_eq!(bytes.take(), (10 + 4 + 70_000, 10 + 70_000));
        session.socket.close(Some(1000), "");
        session.closed().await;
        assert_eq!(bytes.take(), (2 + 4 + 2, 2 + 2));
    });
}

#[test]
fn many_sends_in_one_turn_are_written_together() {
    local(async {
        let server = echo();
        let session = Session::connect(&plain_dialer(), &format!("ws://{}/", server.address)).await;
        for number in 0..1000 {
            session.socket.send_text(&number.to_string());
        }
        // 10 of one digit, 90 of two, 900 of three.
        assert_eq!(session.socket.buffered_amount(), 10 + 180 + 2700);
        let heard = session.hear(1000).await;
        assert_eq!(heard.len(), 1000);
        assert_eq!(heard[999], "text 999");
        assert_eq!(session.socket.buffered_amount(), 0);
    });
}

#[test]
fn a_dialer_may_outlive_its_runtime() {
    let dialer = plain_dialer();
    for _ in 0..2 {
        local(async {
            let server = echo();
            let session = Session::connect(&dialer, &format!("ws://{}/", server.address)).await;
            session.socket.send_text("hi");
            assert_eq!(session.hear(1).await, ["text hi"]);
            // Nobody writes it any more.
            session.socket.send_text("lost");
        });
    }
}

#[test]
fn handlers_may_use_their_own_and_other_sockets() {
    local(async {
        let server = echo();
        let (dialer, url) = (plain_dialer(), format!("ws://{}/", server.address));
        let other = Session::connect(&dialer, &url).await;
        let handle = other.socket.clone();
        let seen = Rc::new(Cell::new(0));
        let count = Rc::clone(&seen);
        let opened = open(&dialer, &url).await.unwrap();
        let session = Session::start_with(opened, move |socket, text| match text {
            "text ping" => {
                let before = socket.buffered_amount();
                socket.send_text("pong");
                socket.send_binary(&[1; 10]);
                count.set(socket.buffered_amount() - before);
                handle.send_text("from the other");
            }
            "binary 10 bytes" => socket.close(Some(1000), ""),
            _ => {}
        });
        session.socket.send_text("ping");
        assert_eq!(session.closed().await, clean(Some(1000), ""));
        assert_eq!(session.events(), ["text ping", "text pong", "binary 10 bytes", "closing"]);
        assert_eq!(seen.get(), 14);
        assert_eq!(other.hear(1).await, ["text from the other"]);
    });
}

#[test]
fn sending_to_a_peer_that_does_not_read() {
    local(async {
        let server = Fault::StopsReading.serve();
        let session = Session::connect(&plain_dialer(), &server.url()).await;
        for _ in 0..64 {
            session.socket.send_binary(&vec![0; 1 << 20]);
        }
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        // What the kernel took is a matter of its buffers; whole messages are counted.
        let waiting = session.socket.buffered_amount();
        assert_eq!(waiting % (1 << 20), 0);
        assert!(waiting > 32 << 20 && waiting < 64 << 20, "{waiting}");
        session.socket.abort();
        assert_eq!(session.closed().await, abnormal(None));
        assert_eq!(session.socket.buffered_amount(), waiting);
    });
}

#[test]
fn sending_after_the_end_grows_buffered_amount_only() {
    local(async {
        let server = echo();
        let session = Session::connect(&plain_dialer(), &format!("ws://{}/", server.address)).await;
        session.socket.close(Some(1000), "");
        session.socket.send_text("äö");
        assert_eq!(session.socket.buffered_amount(), 4);
        session.closed().await;
        session.socket.send_binary(&[0; 6]);
        session.socket.close(None, "");
        session.socket.abort();
        assert_eq!(session.socket.buffered_amount(), 10);
        assert_eq!(session.events(), ["closing"]);
    });
}

#[test]
fn the_peer_closes() {
    local(async {
        let check = async |fault: Fault, expect: Closed, events: &[&str]| {
            let server = fault.serve();
            let session = Session::connect(&plain_dialer(), &server.url()).await;
            assert_eq!(session.closed().await, expect);
            assert_eq!(session.events(), events);
        };
        check(Fault::CloseImmediately(4000), clean(Some(4000), ""), &["closing"]).await;
        check(Fault::EmptyClose, clean(None, ""), &["closing"]).await;
        let events = ["text one", "text two", "closing"];
        check(Fault::MessagesWithUpgrade, clean(Some(1000), ""), &events).await;
        let events = ["text one", "text two", "ping ?", "closing"];
        check(Fault::OneByteWrites, clean(Some(1000), ""), &events).await;
        check(Fault::UnfinishedFragmentThenClose, clean(Some(1000), ""), &["closing"]).await;
    });
}

#[test]
fn data_before_the_reply_to_our_close_is_heard() {
    local(async {
        let server = Fault::DataBeforeCloseReply.serve();
        let session = Session::connect(&plain_dialer(), &server.url()).await;
        session.socket.close(Some(1000), "done");
        assert_eq!(session.closed().await, clean(Some(1000), ""));
        assert_eq!(session.events(), ["text late", "closing"]);
    });
}

#[test]
fn a_close_that_nobody_answers_times_out() {
    local(async {
        let server = Fault::IgnoresClose.serve();
        let url = Url::parse(&server.url()).unwrap();
        let close_timeout = Duration::from_millis(30);
        let request = ConnectRequest { close_timeout, ..ConnectRequest::new(url) };
        let session = Session::start(connect(&plain_dialer(), request).await.unwrap());
        session.socket.close(Some(1000), "");
        assert_eq!(session.closed().await, abnormal(None));
        assert!(session.events().is_empty());
    });
}

#[test]
fn aborting() {
    local(async {
        let server = Fault::StallAfterUpgrade.serve();
        let session = Session::connect(&plain_dialer(), &server.url()).await;
        session.socket.abort();
        session.socket.abort();
        assert_eq!(session.closed().await, abnormal(None));

        let server = Fault::MessagesWithUpgrade.serve();
        let opened = open(&plain_dialer(), &server.url()).await.unwrap();
        let session = Session::start_with(opened, |socket, _| socket.abort());
        assert_eq!(session.closed().await, abnormal(None));
        assert_eq!(session.events(), ["text one"], "nothing is heard after an abort");
    });
}

#[test]
fn close_arguments_that_cannot_be_sent() {
    local(async {
        let server = echo();
        let check = async |code, reason: &str, expect| {
            let url = format!("ws://{}/", server.address);
            let session = Session::connect(&plain_dialer(), &url).await;
            session.socket.close(code, reason);
            assert_eq!(session.closed().await.code, expect);
        };
        check(Some(1005), "no such code", None).await;
        check(None, "a reason without a code", None).await;
        check(Some(4999), &"ä".repeat(100), Some(4999)).await;
    });
}
