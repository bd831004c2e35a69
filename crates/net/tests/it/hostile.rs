//! Servers that misbehave: each socket ends once and says why, and none costs memory or time.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use sockeye_net::NetError;
use sockeye_net::websocket::{Closed, Compression, ConnectRequest, Handler, SocketEvent, connect};
use sockeye_testkit::faults::{
    Fault, HOSTILE_HTTP2_SERVERS, HOSTILE_SERVERS, HostileHttp2Server, HostileServer, Http2Fault,
};
use sockeye_testkit::tls::{CertificateKind, TestCertificate};
use url::Url;

use crate::peer::{dialer, echo, plain_dialer, trust, trust_nobody};
use crate::recorder::{Session, local, open};

/// What a client hears, in the words of the table.
async fn outcome(request: ConnectRequest) -> Vec<String> {
    let request = ConnectRequest { handshake_timeout: Duration::from_millis(500), ..request };
    let Ok(opened) = connect(&plain_dialer(), request).await else {
        return vec!["error".to_owned(), "close 1006".to_owned()];
    };
    let session = Session::start(opened);
    let closed = session.closed().await;
    let mut events = vec!["open".to_owned()];
    events.extend(session.events().into_iter().filter(|event| event != "closing"));
    if closed.error.is_some() {
        events.push("error".to_owned());
    }
    events.push(format!("close {}", closed.code.unwrap_or(1005)));
    events
}

#[test]
fn every_hostile_server() {
    local(async {
        for HostileServer { fault, events } in HOSTILE_SERVERS {
            let fault = fault();
            let name = format!("{fault:?}");
            let server = fault.serve();
            assert_eq!(outcome(request(&server.url())).await, *events, "{name}");
        }
    });
}

#[test]
fn every_hostile_http2_server() {
    local(async {
        for HostileHttp2Server { fault, events } in HOSTILE_HTTP2_SERVERS {
            let server = fault.serve();
            let mut request = request(&format!("ws://{}/", server.address));
            request.http2 = Some(Rc::default());
            assert_eq!(outcome(request).await, *events, "{fault:?}");
        }
    });
}

#[test]
fn http2_says_why() {
    local(async {
        for (fault, opens, expect) in [
            (Http2Fault::NoConnectProtocol, false, "websocket: bad handshake"),
            (Http2Fault::ResetBeforeResponse, false, "stream error: CANCEL; received from peer"),
            (Http2Fault::RefusesStreams, false, "stream error: REFUSED_STREAM; received from peer"),
            (
                Http2Fault::GoAwayAlways,
                false,
                "connection error: GOAWAY: NO_ERROR; received from peer",
            ),
            (Http2Fault::ResetMidFrame, true, "stream error: CANCEL; received from peer"),
            (
                Http2Fault::CutMidFrame,
                true,
                "websocket: close 1006 (abnormal closure): unexpected EOF",
            ),
            (Http2Fault::BreaksHttp2, true, "connection error: GOAWAY: PROTOCOL_ERROR"),
            (Http2Fault::OverflowsWindow, true, "stream error: FLOW_CONTROL_ERROR"),
        ] {
            let server = fault.serve();
            let mut request = request(&format!("ws://{}/", server.address));
            request.http2 = Some(Rc::default());
            let error = match connect(&plain_dialer(), request).await {
                Ok(opened) => Session::start(opened).closed().await.error.unwrap(),
                Err(failure) => {
                    assert!(!opens, "{fault:?}: {}", failure.error);
                    failure.error
                }
            };
            assert_eq!(error.to_string(), expect, "{fault:?}");
            let is_http2 = matches!(error, NetError::Http2(_));
            assert_eq!(error.error_code() == 1600, is_http2, "{fault:?}");
        }
    });
}

async fn end_of(fault: Fault) -> (Vec<String>, Closed) {
    let server = fault.serve();
    let session = Session::start(connect(&plain_dialer(), request(&server.url())).await.unwrap());
    let closed = session.closed().await;
    (session.events(), closed)
}

fn request(url: &str) -> ConnectRequest {
    ConnectRequest {
        max_message_size: 1 << 20,
        // Some of these peers never end the TCP connection.
        close_timeout: Duration::from_millis(50),
        compression: Compression::Deflate,
        ..ConnectRequest::new(Url::parse(url).unwrap())
    }
}

fn check_unclean(closed: &Closed) {
    assert_eq!((closed.code, closed.was_clean, closed.reason.as_str()), (Some(1006), false, ""));
}

#[test]
fn protocol_errors_fail_the_connection() {
    local(async {
        let faults = [
            (Fault::GarbageFrames, 1002),
            (Fault::MaskedFrame, 1002),
            (Fault::ReservedBits, 1002),
            (Fault::ReservedOpcode, 1002),
            (Fault::OversizedControl, 1002),
            (Fault::FragmentedControl, 1002),
            (Fault::InvalidUtf8, 1007),
            (Fault::StrayContinuation, 1002),
            (Fault::UnfinishedFragmentThenText, 1002),
            (Fault::HugeLength, 1009),
            (Fault::NegativeLength, 1002),
            (Fault::CompressedBomb(1 << 24), 1009),
            (Fault::OneByteClose, 1002),
            (Fault::CloseImmediately(1005), 1002),
        ];
        for (fault, expect) in faults {
            let name = format!("{fault:?}");
            let (events, closed) = end_of(fault).await;
            check_unclean(&closed);
            assert_eq!(events, ["closing"], "{name}");
            let Some(NetError::Protocol { close_code, .. }) = closed.error else {
                panic!("{name}: {:?}", closed.error)
            };
            assert_eq!(close_code, expect, "{name}");
        }
    });
}

#[test]
fn connections_that_just_end() {
    local(async {
        for fault in [Fault::CloseAfterUpgrade, Fault::CloseMidFrame] {
            let (events, closed) = end_of(fault).await;
            check_unclean(&closed);
            assert_eq!(closed.error, Some(NetError::AbnormalClosure));
            assert_eq!(events, [""; 0]);
        }
        for fault in [Fault::ResetAfterUpgrade, Fault::RstMidFrame] {
            let (events, closed) = end_of(fault).await;
            check_unclean(&closed);
            let error = closed.error.unwrap();
            assert!(error.to_string().ends_with("read: connection reset by peer"), "{error}");
            assert_eq!(error.error_code(), 1220);
            assert_eq!(events, [""; 0]);
        }
    });
}

#[test]
fn tls_that_ends_without_close_notify() {
    local(async {
        let certificate = TestCertificate::new(CertificateKind::Valid);
        let server = Fault::CloseAfterUpgrade.serve_tls(&certificate);
        let (dialer, _) = dialer(&trust(certificate.root_pem()));
        let session = Session::connect(&dialer, &server.url()).await;
        let closed = session.closed().await;
        check_unclean(&closed);
        assert_eq!(closed.error, Some(NetError::AbnormalClosure));
    });
}

#[test]
fn a_flood_of_pings_is_answered() {
    local(async {
        let (events, closed) = end_of(Fault::PingFlood(10_000)).await;
        assert_eq!(events.len(), 10_001);
        assert!(closed.was_clean);
    });
}

#[test]
fn pongs_that_nobody_reads_do_not_pile_up() {
    local(async {
        const PINGS: usize = 200_000;
        let server = Fault::PingFloodUnread(PINGS).serve();
        let (dialer, bytes) = dialer(&trust_nobody());
        let opened = open(&dialer, &server.url()).await.unwrap();
        bytes.take();
        let session = Session::start(opened);
        assert!(session.closed().await.was_clean);
        assert_eq!(session.events().len(), PINGS + 1);
        let (sent, received) = bytes.take();
        // The kernel took some before it was full.
        assert!(sent < received / 2, "{sent} bytes of pongs to {received} of pings");
    });
}

#[test]
fn a_paused_socket_reads_no_more() {
    local(async {
        let server = Fault::TextFlood { count: 10_000, bytes: 10_000 }.serve();
        let (dialer, bytes) = dialer(&trust_nobody());
        let session = Session::start(open(&dialer, &server.url()).await.unwrap());
        session.hear(1).await;
        session.socket.pause();
        bytes.take();
        let heard = session.events().len();
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!((session.events().len(), bytes.take()), (heard, (0, 0)));
        session.socket.resume();
        assert!(session.closed().await.was_clean);
        assert_eq!(session.events().len(), 10_000 + 1);
    });
}

#[test]
fn a_paused_socket_can_be_aborted_and_closed() {
    local(async {
        let server = Fault::TextFlood { count: usize::MAX, bytes: 10_000 }.serve();
        for close in [false, true] {
            let session = Session::start(open(&plain_dialer(), &server.url()).await.unwrap());
            session.hear(1).await;
            session.socket.pause();
            if close {
                session.socket.close(None, "");
                session.socket.resume();
                session.hear(10).await;
            }
            session.socket.abort();
            check_unclean(&session.closed().await);
        }
    });
}

#[test]
fn what_came_before_an_error_is_answered_before_the_connection_fails() {
    local(async {
        let server = Fault::MessageThenReservedBits.serve();
        let (dialer, bytes) = dialer(&trust_nobody());
        let opened = open(&dialer, &server.url()).await.unwrap();
        bytes.take();
        let session = Session::start_with(opened, |socket, event| {
            if event == "text one" {
                // As an event loop does it that has just begun to yield.
                let socket = socket.clone();
                tokio::task::spawn_local(async move {
                    tokio::task::yield_now().await;
                    socket.send_text("answer");
                });
            }
        });
        let closed = session.closed().await;
        assert!(matches!(closed.error, Some(NetError::Protocol { close_code: 1002, .. })));
        assert_eq!(session.events(), ["text one", "closing"]);
        let (answer, close) = (2 + 4 + 6, 2 + 4 + 2);
        assert_eq!(bytes.take().0, answer + close);
    });
}

#[test]
fn reading_does_not_wait_for_writing() {
    // An echo server that reads no more while it writes: if we did likewise, neither would ever
    // go on.
    local(async {
        let server = echo();
        let session = Session::connect(&plain_dialer(), &format!("ws://{}/", server.address)).await;
        for _ in 0..48 {
            session.socket.send_binary(&vec![0; 1 << 20]);
        }
        assert_eq!(session.hear(48).await.len(), 48);
        assert_eq!(session.socket.buffered_amount(), 0);
    });
}

#[test]
fn a_runtime_that_is_dropped_takes_its_sockets_along() {
    struct Witness(Rc<Cell<bool>>);
    impl Handler for Witness {
        fn on_event(&mut self, event: SocketEvent<'_>, _: Instant) {
            panic!("{event:?}");
        }
    }
    impl Drop for Witness {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let server = Fault::StallAfterUpgrade.serve();
    let dropped = Rc::new(Cell::new(false));
    let socket = local(async {
        let opened = open(&plain_dialer(), &server.url()).await.unwrap();
        let socket = opened.start(Box::new(Witness(Rc::clone(&dropped))));
        tokio::task::yield_now().await;
        socket
    });
    assert!(dropped.get());
    socket.send_text("to nobody");
    socket.close(None, "");
    socket.abort();
}

#[test]
fn a_server_that_chose_what_was_not_offered_is_told_so() {
    local(async {
        for fault in [Fault::UnrequestedExtension, Fault::UnrequestedSubprotocol] {
            let server = fault.serve();
            let (dialer, bytes) = dialer(&trust_nobody());
            assert!(open(&dialer, &server.url()).await.is_err());
            let close_frame = 2 + 4 + 2;
            let request = server.requests()[0].len();
            assert_eq!(bytes.take().0, (request + close_frame) as u64);
        }
        // A server that cannot hash does not speak the protocol.
        let server = Fault::WrongAccept.serve();
        let (dialer, bytes) = dialer(&trust_nobody());
        assert!(open(&dialer, &server.url()).await.is_err());
        assert_eq!(bytes.take().0, server.requests()[0].len() as u64);
    });
}
