//! The opening handshake: what is sent and taken, and every way in which it fails.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use sockeye_net::http::CookieJar;
use sockeye_net::websocket::{Compression, ConnectFailure, ConnectRequest, Ports, connect};
use sockeye_net::{DialerConfig, Hosts, TlsConfig};
use sockeye_testkit::faults::Fault;
use sockeye_testkit::loopback::Loopback;
use sockeye_testkit::tls::{CertificateKind, TestCertificate};
use url::Url;

use crate::peer::{dialer, dialer_with, echo, plain_dialer, trust, trust_nobody, web};
use crate::recorder::{local, open};

async fn refused(url: &str) -> ConnectFailure {
    open(&plain_dialer(), url).await.unwrap_err()
}

fn check(failure: &ConnectFailure, text: &str, code: u16) {
    assert_eq!((failure.error.to_string().as_str(), failure.error.error_code()), (text, code));
}

#[test]
fn request_and_response_carry_what_was_asked() {
    local(async {
        let server = echo();
        let hosts = Hosts::parse([("chat.test:80", server.address.to_string().as_str())]).unwrap();
        let tls = TlsConfig::new(&trust_nobody()).unwrap();
        let (dialer, _) = dialer_with(DialerConfig { hosts, ..DialerConfig::new(tls) });
        let jar = Rc::new(CookieJar::new());
        let url = Url::parse("ws://chat.test/room?x=1").unwrap();
        jar.store_response(&url, "session=7");
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let request = ConnectRequest {
            protocols: vec!["one".into(), "two".into()],
            headers: vec![header("X-User", "me"), header("Cookie", "own=1")],
            jar: Some(Rc::clone(&jar)),
            ..ConnectRequest::new(url.clone())
        };
        let opened = connect(&dialer, request).await.unwrap();
        assert_eq!(opened.response.status, 101);
        assert_eq!((opened.protocol.as_str(), opened.extensions.as_str()), ("two", ""));
        assert_eq!(opened.remote, Some(server.address));
        let answered = |name: &str| {
            let mut headers = opened.response.headers.iter();
            headers.find(|(key, _)| key == name).map(|(_, value)| value.as_str())
        };
        assert_eq!(answered("X-Host"), Some("chat.test"));
        assert_eq!(answered("X-User"), Some("me"));
        assert_eq!(answered("X-Cookie"), Some("own=1; session=7"));
        assert_eq!(jar.header_for(&url).as_deref(), Some("seen=1; session=7"));
        let timings = opened.timings;
        assert!(timings.upgrade > Duration::ZERO && timings.tcp > Duration::ZERO);
        assert_eq!(timings.tls, Duration::ZERO);
        assert!(timings.total() >= timings.dns + timings.tcp + timings.upgrade);
    });
}

#[test]
fn ports_of_other_protocols_are_refused_if_asked() {
    local(async {
        let mut request = ConnectRequest::new(Url::parse("ws://127.0.0.1:25/").unwrap());
        request.ports = Ports::AsBrowsers;
        let failure = connect(&plain_dialer(), request).await.unwrap_err();
        check(&failure, "port 25 is blocked, as browsers block it", 1000);
        assert_eq!(failure.remote, None);
        let server = echo();
        let url = format!("ws://{}/", server.address);
        let mut request = ConnectRequest::new(Url::parse(&url).unwrap());
        request.ports = Ports::AsBrowsers;
        connect(&plain_dialer(), request).await.unwrap();
    });
}

#[test]
fn the_user_of_a_url_is_authorized() {
    local(async {
        let server = echo();
        let sent = async |user: &str, headers: Vec<(String, String)>| {
            let url = Url::parse(&format!("ws://{user}@{}/", server.address)).unwrap();
            let request = ConnectRequest { headers, ..ConnectRequest::new(url) };
            let opened = connect(&plain_dialer(), request).await.unwrap();
            let mut headers = opened.response.headers.into_iter();
            headers.find(|(name, _)| name == "X-Authorization").map(|(_, value)| value)
        };
        assert_eq!(sent("foo:bar", vec![]).await.as_deref(), Some("Basic Zm9vOmJhcg=="));
        // `%40` is an @.
        assert_eq!(sent("a%40b", vec![]).await.as_deref(), Some("Basic YUBiOg=="));
        assert_eq!(sent("", vec![]).await, None);
        let own = vec![("authorization".to_owned(), "Bearer x".to_owned())];
        assert_eq!(sent("foo:bar", own).await.as_deref(), Some("Bearer x"));
    });
}

#[test]
fn a_refusal_shows_status_headers_and_body() {
    local(async {
        let headers = vec![("Retry-After".to_owned(), "7".to_owned())];
        let server = Fault::Status(503, headers, "busy".to_owned()).serve();
        let failure = refused(&server.url()).await;
        check(&failure, "websocket: bad handshake", 1503);
        assert_eq!(failure.remote, Some(server.address));
        let response = failure.response.unwrap();
        assert_eq!(response.status, 503);
        assert!(response.headers.contains(&("Retry-After".to_owned(), "7".to_owned())));
        assert_eq!(failure.body, b"busy");

        let failure = refused(&Fault::NotWebSocket.serve().url()).await;
        check(&failure, "websocket: bad handshake", 1000);
        assert_eq!(failure.response.unwrap().status, 200);
        assert_eq!(failure.body, b"<!doctype html><title>hello</title>");
    });
}

#[test]
fn cookies_of_a_refusal_are_kept_and_sent_the_next_time() {
    local(async {
        let headers = vec![("Set-Cookie".to_owned(), "ticket=9; Path=/".to_owned())];
        let server = Fault::Status(401, headers, String::new()).serve();
        let jar = Rc::new(CookieJar::new());
        let url = Url::parse(&server.url()).unwrap();
        let request =
            ConnectRequest { jar: Some(Rc::clone(&jar)), ..ConnectRequest::new(url.clone()) };
        check(
            &connect(&plain_dialer(), request).await.unwrap_err(),
            "websocket: bad handshake",
            1401,
        );
        assert_eq!(jar.header_for(&url).as_deref(), Some("ticket=9"));
    });
}

#[test]
fn host_and_origin_can_be_chosen() {
    local(async {
        let server = echo();
        let url = Url::parse(&format!("ws://{}/", server.address)).unwrap();
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let request = ConnectRequest {
            headers: vec![header("host", "chat.test"), header("Origin", "https://page.test")],
            ..ConnectRequest::new(url)
        };
        let opened = connect(&plain_dialer(), request).await.unwrap();
        let headers = opened.response.headers;
        assert!(headers.contains(&header("X-Host", "chat.test")), "{headers:?}");
        assert!(headers.contains(&header("X-Origin", "https://page.test")), "{headers:?}");
    });
}

#[test]
fn bodies_of_refusals_of_every_framing() {
    local(async {
        let server = web(|path| match path {
            "/chunked" => {
                b"HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n"
                    .to_vec()
            }
            "/large" => {
                let mut all = b"HTTP/1.1 403 No\r\n\r\n".to_vec();
                all.resize(1 << 20, b'x');
                all
            }
            _ => b"HTTP/1.1 403 No\r\nContent-Length: 10\r\n\r\nshort".to_vec(),
        });
        let body = async |path: &str| {
            let failure = refused(&format!("ws://{}{path}", server.address)).await;
            check(&failure, "websocket: bad handshake", 1403);
            failure.body
        };
        assert_eq!(body("/chunked").await, b"no");
        assert_eq!(body("/").await, b"short");
        assert_eq!(body("/large").await.len(), 64 * 1024);
    });
}

#[test]
fn redirects_are_refusals() {
    local(async {
        // k6: a handshake is not redirected.
        let headers = vec![("Location".to_owned(), "ws://127.0.0.1:1/".to_owned())];
        let server = Fault::Status(302, headers, String::new()).serve();
        let failure = refused(&server.url()).await;
        check(&failure, "websocket: bad handshake", 1000);
        assert_eq!(failure.response.unwrap().status, 302);
    });
}

#[test]
fn upgrades_that_break_the_rules() {
    local(async {
        let faults = [
            Fault::WrongAccept,
            Fault::MissingAccept,
            Fault::MissingUpgrade,
            Fault::UnrequestedSubprotocol,
        ];
        for fault in faults {
            let failure = refused(&fault.serve().url()).await;
            check(&failure, "websocket: bad handshake", 1000);
            assert_eq!(failure.response.unwrap().status, 101);
        }
        for fault in [Fault::UnrequestedExtension, Fault::CompressedBomb(1)] {
            let failure = refused(&fault.serve().url()).await;
            check(&failure, "websocket: invalid compression negotiation", 1000);
        }
    });
}

#[test]
fn answers_that_are_not_http() {
    local(async {
        let failure = refused(&Fault::GarbageInsteadOfHttp.serve().url()).await;
        let text = "malformed HTTP response \"\\u{1}\\u{2}SSH-2.0-nonsense\"";
        check(&failure, text, 1000);
        assert!(failure.response.is_none());
        let failure = refused(&Fault::TenMegabyteHeader.serve().url()).await;
        check(&failure, "response headers exceed 65536 bytes", 1000);
        for fault in [Fault::CloseOnAccept, Fault::CloseMidHead] {
            check(&refused(&fault.serve().url()).await, "unexpected EOF", 1000);
        }
        let failure = refused(&Fault::ResetOnAccept.serve().url()).await;
        assert_eq!(failure.error.error_code(), 1220);
    });
}

#[test]
fn refused_and_unknown_hosts() {
    local(async {
        let server = Fault::RefuseConnection.serve();
        let failure = refused(&server.url()).await;
        let text = format!("dial tcp {}: connect: connection refused", server.address);
        check(&failure, &text, 1212);
        assert_eq!(failure.remote, Some(server.address));
        let host = "a".repeat(64);
        let failure = refused(&format!("ws://{host}/")).await;
        check(&failure, &format!("lookup {host}: no such host"), 1101);
        assert_eq!(failure.remote, None);
        assert_eq!(refused("http://a.test/").await.error.error_code(), 1020);
    });
}

#[test]
fn the_time_limit_covers_every_step() {
    local(async {
        let timed_out = async |url: String| {
            let handshake_timeout = Duration::from_millis(30);
            let url = Url::parse(&url).unwrap();
            let request = ConnectRequest { handshake_timeout, ..ConnectRequest::new(url) };
            connect(&dialer(&trust_nobody()).0, request).await.unwrap_err()
        };
        let ends = |failure: &ConnectFailure, remote: SocketAddr| {
            let text = failure.error.to_string();
            assert!(text.starts_with("read tcp 127.0.0.1:"), "{text}");
            assert!(text.ends_with(&format!("->{remote}: i/o timeout")), "{text}");
        };
        let server = Fault::NeverAnswers.serve();
        ends(&timed_out(server.url()).await, server.address);
        let server = Fault::SlowLorisHandshake(Duration::from_millis(5)).serve();
        ends(&timed_out(server.url()).await, server.address);
        let silent = Loopback::start(|stream| async move {
            let _open = stream;
            std::future::pending::<()>().await;
        });
        let failure = timed_out(format!("wss://{}/", silent.address)).await;
        check(&failure, "context deadline exceeded", 1000);
    });
}

#[test]
fn untrusted_servers() {
    local(async {
        let certificate = TestCertificate::new(CertificateKind::WrongName);
        let server = Fault::StallAfterUpgrade.serve_tls(&certificate);
        let (dialer, _) = dialer(&trust(certificate.root_pem()));
        let failure = open(&dialer, &server.url()).await.unwrap_err();
        let text = "tls: failed to verify certificate: x509: \
                    certificate is valid for wrong.example, not localhost";
        check(&failure, text, 1311);
    });
}

#[test]
fn requests_that_cannot_be_sent() {
    local(async {
        let url = Url::parse("ws://127.0.0.1:1/").unwrap();
        let bad = async |headers: &[(&str, &str)], protocols: &[&str]| {
            let headers =
                headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
            let protocols = protocols.iter().map(|name| (*name).into()).collect();
            let request = ConnectRequest {
                headers,
                protocols,
                compression: Compression::Deflate,
                ..ConnectRequest::new(url.clone())
            };
            connect(&plain_dialer(), request).await.unwrap_err().error.to_string()
        };
        let text = bad(&[("Upgrade", "x")], &[]).await;
        assert_eq!(text, "websocket: duplicate header not allowed: `Upgrade`");
        let text = bad(&[("X", "a\r\nb")], &[]).await;
        assert_eq!(text, "websocket: invalid header `X`");
        let text = bad(&[], &["a", "a"]).await;
        assert_eq!(text, "websocket: invalid or repeated subprotocol `a`");
    });
}
