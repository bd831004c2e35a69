//! Fetching a document: redirects, limits, and servers that do not behave.

use std::time::Duration;

use sockeye_net::NetError;
use sockeye_net::http::{FetchLimits, Fetched, fetch};
use sockeye_testkit::faults::Fault;
use sockeye_testkit::loopback::Loopback;
use sockeye_testkit::tls::{CertificateKind, TestCertificate};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::peer::{dialer, plain_dialer, trust, web};

const LIMITS: FetchLimits =
    FetchLimits { timeout: Duration::from_secs(5), max_redirects: 3, max_body_bytes: 1000 };

fn answer(path: &str) -> Vec<u8> {
    let text = match path {
        "/plain" => "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".to_owned(),
        "/chunked" => {
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
                .to_owned()
        }
        "/until-eof" => "HTTP/1.1 200 OK\r\n\r\nhello".to_owned(),
        "/hop?x=1" => "HTTP/1.1 302 Found\r\nLocation: plain\r\n\r\n".to_owned(),
        "/loop" => "HTTP/1.1 301 Moved\r\nLocation: /loop\r\n\r\n".to_owned(),
        "/away" => "HTTP/1.1 302 Found\r\nLocation: ftp://a.test/\r\n\r\n".to_owned(),
        "/large" => "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n".to_owned(),
        "/endless" => format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(2000)),
        "/short" => "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello".to_owned(),
        "/half" => "HTTP/1.1 200 OK\r\nContent-".to_owned(),
        _ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
    };
    text.into_bytes()
}

async fn get(path: &str) -> Result<Fetched, NetError> {
    let server = web(answer);
    let url = Url::parse(&format!("http://{}{path}", server.address)).unwrap();
    fetch(&plain_dialer(), &url, LIMITS).await
}

#[tokio::test]
async fn bodies_of_every_framing() {
    for path in ["/plain", "/chunked", "/until-eof"] {
        assert_eq!(get(path).await.unwrap().body, b"hello", "{path}");
    }
}

#[tokio::test]
async fn redirects_are_followed_to_a_limit() {
    let fetched = get("/hop?x=1").await.unwrap();
    assert_eq!((fetched.url.path(), fetched.body.as_slice()), ("/plain", b"hello".as_slice()));
    assert_eq!(get("/loop").await.unwrap_err(), NetError::TooManyRedirects { limit: 3 });
    assert_eq!(get("/away").await.unwrap_err().error_code(), 1020);
}

#[tokio::test]
async fn other_answers_are_errors() {
    let error = get("/nowhere").await.unwrap_err();
    assert_eq!((error.to_string().as_str(), error.error_code()), ("unexpected status 404", 1404));
    for path in ["/large", "/endless"] {
        let expect = NetError::BodyTooLarge { limit_bytes: 1000 };
        assert_eq!(get(path).await.unwrap_err(), expect, "{path}");
    }
    for path in ["/short", "/half"] {
        assert_eq!(get(path).await.unwrap_err(), NetError::UnexpectedEof, "{path}");
    }
}

#[tokio::test]
async fn hostile_servers() {
    let check = async |fault: Fault, expect: &str| {
        let server = fault.serve();
        let url = Url::parse(&server.url().replace("ws:", "http:")).unwrap();
        let limits = FetchLimits { timeout: Duration::from_millis(100), ..LIMITS };
        let error = fetch(&plain_dialer(), &url, limits).await.unwrap_err().to_string();
        assert!(error.contains(expect), "{error}");
    };
    check(Fault::NeverAnswers, "request timeout").await;
    check(Fault::GarbageInsteadOfHttp, "malformed HTTP response").await;
    check(Fault::CloseOnAccept, "EOF").await;
    check(Fault::TenMegabyteHeader, "malformed HTTP response").await;
}

#[tokio::test]
async fn over_tls() {
    let certificate = TestCertificate::new(CertificateKind::Valid);
    let acceptor = TlsAcceptor::from(certificate.server_config());
    let server = Loopback::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let _ = stream.read(&mut [0; 1000]).await;
            let _ = stream.write_all(&answer("/plain")).await;
            let _ = stream.flush().await;
            let _ = stream.read(&mut [0; 1000]).await;
        }
    });
    let url = Url::parse(&format!("https://localhost:{}/", server.address.port())).unwrap();
    let (dialer, bytes) = dialer(&trust(certificate.root_pem()));
    assert_eq!(fetch(&dialer, &url, LIMITS).await.unwrap().body, b"hello");
    assert!(bytes.received() > 500);
}
