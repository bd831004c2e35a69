//! WebSockets over HTTP/2: many on one connection, flow control, ends, and falling back.

use std::future::{Future as _, poll_fn};
use std::rc::Rc;
use std::task::Poll;

use bytes::Bytes;
use h2::server::{self, SendResponse};
use h2::{Reason, RecvStream};
use http::{Request, Response};
use sockeye_net::websocket::{
    Closed, Compression, ConnectFailure, ConnectRequest, Http2Pool, HttpVersion, Opened, connect,
};
use sockeye_net::{Dialer, NetError};
use sockeye_testkit::loopback::Loopback;
use sockeye_testkit::tls::{CertificateKind, TestCertificate};
use sockeye_ws::deflate::{ServerPolicy, negotiate};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::peer::{converse, dialer, echo, plain_dialer, trust, trust_nobody, web};
use crate::recorder::{Session, local};

/// What a test's server does differently.
#[derive(Clone, Copy, Default)]
struct Manners {
    /// How many streams it allows at once.
    max_streams: Option<u32>,
    /// What it lets a client send before it reads.
    window_bytes: Option<u32>,
}

/// An echo server that speaks nothing but HTTP/2.
fn http2_echo(manners: Manners) -> Loopback {
    Loopback::start(move |stream| serve(stream, manners))
}

fn tls_http2_echo(certificate: &TestCertificate) -> Loopback {
    let mut config = (*certificate.server_config()).clone();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(std::sync::Arc::new(config));
    Loopback::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            serve(stream, Manners::default()).await;
        }
    })
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, manners: Manners) {
    let mut builder = server::Builder::new();
    builder.enable_connect_protocol();
    // What it does not read of one stream must not keep it from hearing the others.
    builder.initial_connection_window_size((1 << 31) - 1);
    if let Some(max) = manners.max_streams {
        builder.max_concurrent_streams(max);
    }
    if let Some(window) = manners.window_bytes {
        builder.initial_window_size(window);
    }
    let Ok(mut connection) = builder.handshake::<_, Bytes>(stream).await else { return };
    while let Some(Ok((request, respond))) = connection.accept().await {
        tokio::spawn(answer(request, respond));
    }
}

async fn answer(request: Request<RecvStream>, mut respond: SendResponse<Bytes>) {
    let path = request.uri().path().to_owned();
    let text = |name: &str| {
        let value = request.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    if path == "/refuse" {
        let refusal = Response::builder().status(403).header("x-why", "closed").body(()).unwrap();
        let mut body = respond.send_response(refusal, false).unwrap();
        return body.send_data("no entry".into(), true).unwrap();
    }
    assert_eq!(request.extensions().get::<h2::ext::Protocol>().unwrap().as_str(), "websocket");
    assert_eq!(text("sec-websocket-version").unwrap(), "13");
    assert_eq!(text("sec-websocket-key"), None);
    let mut response = Response::builder().status(200).header("set-cookie", "seen=1; Path=/");
    let authority = request.uri().authority().unwrap().to_string();
    response = response.header("x-authority", authority).header("x-path", &path);
    for name in ["cookie", "origin", "x-user"] {
        if let Some(value) = text(name) {
            response = response.header(format!("x-{name}"), value);
        }
    }
    if let Some(protocols) = text("sec-websocket-protocol") {
        response = response.header("sec-websocket-protocol", protocols.split(", ").last().unwrap());
    }
    let offers = text("sec-websocket-extensions").unwrap_or_default();
    let agreed = negotiate(&offers, &ServerPolicy::default());
    if let Some((_, value)) = &agreed {
        response = response.header("sec-websocket-extensions", value);
    }
    let response = response.body(()).unwrap();
    let Ok(mut send) = respond.send_response(response, false) else { return };
    match path.as_str() {
        "/reset" => {
            // What was sent before it would be thrown away if it was not on its way yet.
            let _ = request.into_body().data().await;
            send.send_reset(Reason::CANCEL);
        }
        "/end" => send.send_data(Bytes::new(), true).unwrap(),
        _ => {
            let (ours, theirs) = tokio::io::duplex(64 * 1024);
            tokio::spawn(async move { converse(ours, agreed.map(|(agreed, _)| agreed)).await });
            carry(theirs, send, request.into_body()).await;
        }
    }
}

/// Carries bytes between a stream of HTTP/2 and a conversation, with all that flow control asks.
async fn carry(stream: DuplexStream, mut send: h2::SendStream<Bytes>, mut receive: RecvStream) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let (mut answers, mut questions) = tokio::io::split(stream);
    let inward = async {
        while let Some(Ok(data)) = receive.data().await {
            let _ = receive.flow_control().release_capacity(data.len());
            if questions.write_all(&data).await.is_err() {
                break;
            }
        }
        let _ = questions.shutdown().await;
    };
    let outward = async {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = answers.read(&mut buffer).await {
            let mut rest = Bytes::copy_from_slice(&buffer[..count]);
            while !rest.is_empty() {
                send.reserve_capacity(rest.len());
                let granted = poll_fn(|cx| send.poll_capacity(cx)).await;
                let Some(Ok(granted)) = granted else { return };
                let part = rest.split_to(granted.min(rest.len()));
                if send.send_data(part, false).is_err() {
                    return;
                }
            }
        }
        let _ = send.send_data(Bytes::new(), true);
    };
    tokio::join!(inward, outward);
}

fn request(url: &str, pool: &Rc<Http2Pool>) -> ConnectRequest {
    let url = Url::parse(url).unwrap();
    ConnectRequest { http2: Some(Rc::clone(pool)), ..ConnectRequest::new(url) }
}

async fn open(dialer: &Dialer, url: &str, pool: &Rc<Http2Pool>) -> Result<Opened, ConnectFailure> {
    connect(dialer, request(url, pool)).await
}

fn header<'a>(opened: &'a Opened, name: &str) -> Option<&'a str> {
    let found = opened.response.headers.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

fn clean(code: Option<u16>) -> Closed {
    Closed { code, reason: String::new(), was_clean: true, error: None }
}

#[test]
fn sockets_share_a_connection() {
    local(async {
        let server = http2_echo(Manners::default());
        let url = format!("ws://{}/chat?x=1", server.address);
        let (dialer, bytes) = dialer(&trust_nobody());
        let pool = Rc::default();
        // All at once: one dials, the others wait for it.
        let (one, two, three) = tokio::join!(
            open(&dialer, &url, &pool),
            open(&dialer, &url, &pool),
            open(&dialer, &url, &pool)
        );
        let opened = [one.unwrap(), two.unwrap(), three.unwrap()];
        assert_eq!(server.accepted(), 1);
        for socket in &opened {
            assert_eq!(socket.response.version, HttpVersion::Http2);
            assert_eq!(socket.response.status, 200);
            assert_eq!(socket.remote, Some(server.address));
            assert_eq!(header(socket, "x-path"), Some("/chat"));
            assert_eq!(header(socket, "x-authority"), Some(&*server.address.to_string()));
            assert!(!socket.timings.upgrade.is_zero());
        }
        let dialled = opened.iter().filter(|socket| !socket.timings.tcp.is_zero()).count();
        assert_eq!(dialled, 1, "who did not dial has no time of it");

        let sessions: Vec<_> = opened.into_iter().map(Session::start).collect();
        bytes.take();
        for (number, session) in sessions.iter().enumerate() {
            session.socket.send_text(&format!("hello {number}"));
            session.socket.ping(b"7");
        }
        for (number, session) in sessions.iter().enumerate() {
            let mut heard = session.hear(2).await;
            heard.sort();
            assert_eq!(heard, ["pong 7".to_owned(), format!("text hello {number}")]);
            assert_eq!(session.socket.buffered_amount(), 0);
        }
        let (sent, received) = bytes.take();
        assert!(sent > 60 && received > 40, "{sent} sent, {received} received");
        sessions[0].socket.close(Some(3001), "");
        assert_eq!(sessions[0].closed().await, clean(Some(3001)));
        // The others live on, and a new one joins them.
        sessions[1].socket.send_text("still here");
        assert_eq!(sessions[1].hear(3).await[2], "text still here");
        let late = open(&dialer, &url, &pool).await.unwrap();
        assert!(late.timings.tcp.is_zero() && late.timings.dns.is_zero());
        assert_eq!(server.accepted(), 1);
    });
}

#[test]
fn what_a_request_has_arrives() {
    local(async {
        let certificate = TestCertificate::new(CertificateKind::Valid);
        let server = tls_http2_echo(&certificate);
        let url = format!("wss://localhost:{}/", server.address.port());
        let (dialer, _) = dialer(&trust(certificate.root_pem()));
        let pool = Rc::default();
        let jar = Rc::new(sockeye_net::http::CookieJar::new());
        let mut asked = request(&url, &pool);
        asked.jar = Some(Rc::clone(&jar));
        asked.protocols = vec!["one".to_owned(), "two".to_owned()];
        asked.compression = Compression::Deflate;
        for (name, value) in [("Origin", "https://a.test"), ("X-User", "Zoë"), ("Keep-Alive", "1")]
        {
            asked.headers.push((name.to_owned(), value.to_owned()));
        }
        let opened = connect(&dialer, asked.clone()).await.unwrap();
        assert_eq!(opened.protocol, "two");
        assert_eq!(opened.extensions, "permessage-deflate");
        assert_eq!(header(&opened, "x-origin"), Some("https://a.test"));
        assert_eq!(header(&opened, "x-x-user"), Some("Zoë"));
        assert_eq!(header(&opened, "x-cookie"), None);
        assert!(!opened.timings.tls.is_zero());
        // The cookie that was set comes back, on the same connection.
        let again = connect(&dialer, asked.clone()).await.unwrap();
        assert_eq!(header(&again, "x-cookie"), Some("seen=1"));
        assert!(again.timings.tls.is_zero());
        assert_eq!(server.accepted(), 1);

        let session = Session::start(again);
        let text = "abcdefgh".repeat(10_000);
        session.socket.send_text(&text);
        assert_eq!(session.hear(1).await, [format!("text {text}")]);

        asked.headers.push(("Upgrade".to_owned(), "websocket".to_owned()));
        let failure = connect(&dialer, asked).await.unwrap_err();
        let why = "duplicate header not allowed: `Upgrade`".to_owned();
        assert_eq!(failure.error, NetError::InvalidRequest(why));
    });
}

#[test]
fn windows_hold_senders_back() {
    local(async {
        let server = http2_echo(Manners { window_bytes: Some(1000), ..Manners::default() });
        let pool = Rc::default();
        let url = format!("ws://{}/", server.address);
        let session = Session::start(open(&plain_dialer(), &url, &pool).await.unwrap());
        session.socket.send_binary(&vec![7; 1 << 20]);
        assert_eq!(session.socket.buffered_amount(), 1 << 20);
        assert_eq!(session.hear(1).await, ["binary 1048576 bytes"]);
        assert_eq!(session.socket.buffered_amount(), 0);
    });
}

#[test]
fn a_paused_socket_holds_up_itself_alone() {
    local(async {
        let server = http2_echo(Manners::default());
        let pool = Rc::default();
        let url = format!("ws://{}/", server.address);
        let dialer = plain_dialer();
        let paused = Session::start(open(&dialer, &url, &pool).await.unwrap());
        let other = Session::start(open(&dialer, &url, &pool).await.unwrap());
        paused.socket.pause();
        for _ in 0..64 {
            paused.socket.send_binary(&vec![7; 64 * 1024]);
        }
        // More than any window, so the server can't send it all, and then does not read on.
        for _ in 0..50 {
            let count = other.events().len();
            other.socket.send_binary(&vec![7; 64 * 1024]);
            other.hear(count + 1).await;
        }
        assert!(paused.events().is_empty());
        assert!(paused.socket.buffered_amount() > 0, "what the peer does not read waits here");
        paused.socket.resume();
        assert_eq!(paused.hear(64).await.len(), 64);
        assert_eq!(paused.socket.buffered_amount(), 0);
    });
}

#[test]
fn a_full_connection_is_followed_by_another() {
    local(async {
        let server = http2_echo(Manners { max_streams: Some(2), ..Manners::default() });
        let pool = Rc::default();
        let url = format!("ws://{}/", server.address);
        let dialer = plain_dialer();
        let mut sessions = Vec::new();
        for _ in 0..5 {
            sessions.push(Session::start(open(&dialer, &url, &pool).await.unwrap()));
        }
        assert_eq!(server.accepted(), 3);
        sessions[0].socket.close(None, "");
        sessions[0].closed().await;
        drop(open(&dialer, &url, &pool).await.unwrap());
        drop(open(&dialer, &url, &pool).await.unwrap());
        assert_eq!(server.accepted(), 3, "places that were left are taken again");
    });
}

#[test]
fn refusals_are_told_with_their_body() {
    local(async {
        let server = http2_echo(Manners::default());
        let pool = Rc::default();
        let url = format!("ws://{}/refuse", server.address);
        let failure = open(&plain_dialer(), &url, &pool).await.unwrap_err();
        assert_eq!(failure.error, NetError::HandshakeRefused { status: 403 });
        assert_eq!(failure.body, b"no entry");
        let response = failure.response.unwrap();
        assert_eq!(response.version, HttpVersion::Http2);
        assert_eq!(response.headers, [("x-why".to_owned(), "closed".to_owned())]);
    });
}

#[test]
fn streams_that_end_without_a_close_frame() {
    local(async {
        let server = http2_echo(Manners::default());
        let pool = Rc::default();
        for (path, error) in [
            ("reset", "stream error: CANCEL; received from peer"),
            ("end", "websocket: close 1006 (abnormal closure): unexpected EOF"),
        ] {
            let url = format!("ws://{}/{path}", server.address);
            let session = Session::start(open(&plain_dialer(), &url, &pool).await.unwrap());
            session.socket.send_text("go on");
            let closed = session.closed().await;
            assert_eq!((closed.code, closed.was_clean), (Some(1006), false));
            assert_eq!(closed.error.unwrap().to_string(), error);
        }
        assert_eq!(server.accepted(), 1);
    });
}

#[test]
fn an_aborted_socket_leaves_the_others() {
    local(async {
        let server = http2_echo(Manners::default());
        let pool = Rc::default();
        let url = format!("ws://{}/", server.address);
        let dialer = plain_dialer();
        let one = Session::start(open(&dialer, &url, &pool).await.unwrap());
        let two = Session::start(open(&dialer, &url, &pool).await.unwrap());
        one.socket.abort();
        assert_eq!(one.closed().await.error, None);
        two.socket.send_text("here");
        assert_eq!(two.hear(1).await, ["text here"]);
    });
}

#[test]
fn servers_that_know_no_http2_are_asked_over_http1() {
    local(async {
        let server = echo();
        let pool = Rc::default();
        let url = format!("ws://{}/", server.address);
        let dialer = plain_dialer();
        // Not all of them answer the preface; this one takes it for a request.
        let session = Session::start(open(&dialer, &url, &pool).await.unwrap());
        session.socket.send_text("old");
        assert_eq!(session.hear(1).await, ["text old"]);
        let before = server.accepted();
        let opened = open(&dialer, &url, &pool).await.unwrap();
        assert_eq!(opened.response.version, HttpVersion::Http11);
        assert_eq!(server.accepted(), before + 1, "known by now");

        // What says no in HTTP/1.1 is heard saying it.
        let no = web(|_| b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".to_vec());
        let url = format!("ws://{}/", no.address);
        let failure = open(&dialer, &url, &pool).await.unwrap_err();
        assert_eq!(failure.error, NetError::HandshakeRefused { status: 404 });
    });
}

#[test]
fn tls_servers_that_choose_http1_keep_their_connection() {
    local(async {
        let certificate = TestCertificate::new(CertificateKind::Valid);
        let server = crate::peer::tls_echo(&certificate);
        let url = format!("wss://localhost:{}/", server.address.port());
        let (dialer, _) = dialer(&trust(certificate.root_pem()));
        let opened = open(&dialer, &url, &Rc::default()).await.unwrap();
        assert_eq!(opened.response.version, HttpVersion::Http11);
        assert_eq!(server.accepted(), 1);
    });
}

#[test]
fn a_dial_that_fails_fails_for_all_who_wait() {
    local(async {
        let server = sockeye_testkit::faults::Fault::RefuseConnection.serve();
        let (dialer, pool, url) = (plain_dialer(), Rc::default(), server.url());
        let (one, two) = tokio::join!(open(&dialer, &url, &pool), open(&dialer, &url, &pool));
        for failure in [one.unwrap_err(), two.unwrap_err()] {
            assert_eq!(failure.error.error_code(), 1212);
        }
    });
}

#[test]
fn who_gives_up_dialling_leaves_it_to_the_next() {
    local(async {
        let server = http2_echo(Manners::default());
        let url = format!("ws://{}/", server.address);
        let (dialer, pool) = (plain_dialer(), Rc::<Http2Pool>::default());
        let mut first = Box::pin(open(&dialer, &url, &pool));
        let mut second = Box::pin(open(&dialer, &url, &pool));
        // The first dials and the second waits for it, however fast the machine is.
        poll_fn(|cx| {
            assert!(first.as_mut().poll(cx).is_pending());
            assert!(second.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        drop(first);
        let second = second.await;
        assert_eq!(second.unwrap().response.version, HttpVersion::Http2);
    });
}
