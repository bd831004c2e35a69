//! Lookup, TCP and TLS: what works, and what each failure is called.

use std::time::Duration;

use sockeye_net::{DialerConfig, Hosts, NetError, Peers, Target, TlsConfig, TlsOptions};
use sockeye_testkit::faults::Fault;
use sockeye_testkit::tls::{CertificateKind, TestCertificate, TlsEcho};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::peer::{dialer, dialer_with, plain_dialer, trust, trust_nobody};

fn target(host: &str, port: u16, tls: bool) -> Target {
    Target::new(host, port, tls)
}

/// Dials a TLS server with such a certificate; `host` is what is asked for.
async fn dial_tls(
    kind: CertificateKind,
    host: &str,
    options: impl Fn(&TestCertificate) -> TlsOptions,
) -> Result<(), NetError> {
    let certificate = TestCertificate::new(kind);
    let server = TlsEcho::serve(&certificate);
    let hosts = Hosts::parse([("other.test", "127.0.0.1")]).unwrap();
    let tls = TlsConfig::new(&options(&certificate)).unwrap();
    let (dialer, _) = dialer_with(DialerConfig { hosts, ..DialerConfig::new(tls) });
    let mut opened = dialer.dial(&target(host, server.address.port(), true)).await?;
    opened.stream.write_all(b"hello").await.unwrap();
    opened.stream.flush().await.unwrap();
    let mut echo = [0; 5];
    opened.stream.read_exact(&mut echo).await.unwrap();
    assert_eq!(&echo, b"hello");
    assert!(opened.timings.tls > Duration::ZERO);
    Ok(())
}

#[tokio::test]
async fn plain_bytes_are_counted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (dialer, bytes) = dialer(&trust_nobody());
    let to = target("127.0.0.1", port, false);
    let (opened, accepted) = tokio::join!(dialer.dial(&to), listener.accept());
    let (mut opened, mut peer) = (opened.unwrap(), accepted.unwrap().0);
    let (local, remote) = (peer.peer_addr().unwrap(), peer.local_addr().unwrap());
    assert_eq!(opened.peers, Peers::Tcp { local, remote });
    opened.stream.write_all(&[1; 1000]).await.unwrap();
    peer.read_exact(&mut [0; 1000]).await.unwrap();
    peer.write_all(&vec![2; 70_000]).await.unwrap();
    let mut received = vec![0; 70_000];
    opened.stream.read_exact(&mut received).await.unwrap();
    assert_eq!((bytes.sent(), bytes.received()), (1000, 70_000));
    assert_eq!(bytes.take(), (1000, 70_000));
    assert_eq!(bytes.take(), (0, 0));
}

#[tokio::test]
async fn bytes_are_counted_below_tls() {
    let certificate = TestCertificate::new(CertificateKind::Valid);
    let server = TlsEcho::serve(&certificate);
    let (dialer, bytes) = dialer(&trust(certificate.root_pem()));
    let mut opened = dialer.dial(&target("localhost", server.address.port(), true)).await.unwrap();
    let (sent, received) = bytes.take();
    assert!(sent > 100, "the client hello is on the wire: {sent}");
    assert!(received > 500, "the certificate is on the wire: {received}");
    opened.stream.write_all(&[0; 100]).await.unwrap();
    opened.stream.flush().await.unwrap();
    // TLS 1.3: a header of 5 bytes, the type byte and a tag of 16 bytes (RFC 8446 §5.2).
    assert_eq!(bytes.sent(), 100 + 5 + 1 + 16);
}

#[tokio::test]
async fn refused_and_unknown() {
    let server = Fault::RefuseConnection.serve();
    let port = server.address.port();
    let error = plain_dialer().dial(&target("127.0.0.1", port, false)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("dial tcp 127.0.0.1:{port}: connect: connection refused")
    );
    assert_eq!(error.error_code(), 1212);

    // A label of 64 characters is refused before anybody is asked (RFC 1035 §2.3.4).
    let host = format!("{}.test", "a".repeat(64));
    let error = plain_dialer().dial(&target(&host, 80, false)).await.unwrap_err();
    assert_eq!(error.to_string(), format!("lookup {host}: no such host"));
    assert_eq!(error.error_code(), 1101);
}

#[tokio::test]
async fn a_silent_host_times_out() {
    // A queue of one that nobody empties: the kernel answers no further SYN.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let _filler = tokio::net::TcpStream::connect(address).await.unwrap();
    let tls = TlsConfig::new(&trust_nobody()).unwrap();
    let dial_timeout = Duration::from_millis(50);
    let (dialer, _) = dialer_with(DialerConfig { dial_timeout, ..DialerConfig::new(tls) });
    let error = dialer.dial(&target("127.0.0.1", address.port(), false)).await.unwrap_err();
    assert_eq!(error.to_string(), format!("dial tcp {address}: i/o timeout"));
    assert_eq!(error.error_code(), 1211);
}

#[tokio::test]
async fn hosts_lead_elsewhere() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let to = address.to_string();
    let dial = async |hosts: Hosts, host: &str, port: u16, tls: bool| {
        let config = TlsConfig::new(&trust_nobody()).unwrap();
        let (dialer, _) = dialer_with(DialerConfig { hosts, ..DialerConfig::new(config) });
        dialer.dial(&target(host, port, tls)).await.map(|opened| opened.peers.remote().unwrap())
    };
    let parse = |key: &str, value: &str| Hosts::parse([(key, value)]).unwrap();
    assert_eq!(
        dial(parse("a.test", "127.0.0.1"), "a.test", address.port(), false).await,
        Ok(address)
    );
    assert_eq!(dial(parse("a.test:99", &to), "a.test", 99, false).await, Ok(address));
    assert_eq!(dial(parse("*.test", &to), "x.y.test", 1, false).await, Ok(address));
    assert_eq!(dial(Hosts::everything(address, address), "any.host", 1, false).await, Ok(address));
    let refused = dial(parse("a.test:99", &to), "127.0.0.1", 1, false).await.unwrap_err();
    assert_eq!(refused.error_code(), 1212);
}

#[tokio::test]
async fn trusted_certificates() {
    let root = |certificate: &TestCertificate| trust(certificate.root_pem());
    dial_tls(CertificateKind::Valid, "localhost", root).await.unwrap();
    dial_tls(CertificateKind::Valid, "127.0.0.1", root).await.unwrap();
    let own = |certificate: &TestCertificate| trust(certificate.certificate_pem());
    dial_tls(CertificateKind::SelfSigned, "localhost", own).await.unwrap();
}

#[tokio::test]
async fn refused_certificates() {
    let check = async |kind, host, text: &str, code| {
        let root = |certificate: &TestCertificate| trust(certificate.root_pem());
        let error = dial_tls(kind, host, root).await.unwrap_err();
        let shown = error.to_string();
        let rest = shown.strip_prefix("tls: failed to verify certificate: x509: ").unwrap();
        assert!(rest.starts_with(text), "{shown}");
        assert_eq!(error.error_code(), code);
    };
    let unknown = "certificate signed by unknown authority";
    check(CertificateKind::SelfSigned, "localhost", unknown, 1310).await;
    check(CertificateKind::UnknownIssuer, "localhost", unknown, 1310).await;
    let wrong = "certificate is valid for wrong.example, not localhost";
    check(CertificateKind::WrongName, "localhost", wrong, 1311).await;
    let wrong = "cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs";
    check(CertificateKind::WrongName, "127.0.0.1", wrong, 1311).await;
    let time = "certificate has expired or is not yet valid: current time ";
    check(CertificateKind::Expired, "localhost", time, 1300).await;
    check(CertificateKind::NotYetValid, "localhost", time, 1300).await;
}

#[tokio::test]
async fn nothing_is_trusted_without_roots() {
    let error = dial_tls(CertificateKind::Valid, "localhost", |_| trust_nobody()).await;
    assert_eq!(error.unwrap_err().error_code(), 1310);
}

#[tokio::test]
async fn verification_can_be_skipped() {
    let skip = |_: &TestCertificate| TlsOptions { insecure_skip_verify: true, ..trust_nobody() };
    for kind in [CertificateKind::Expired, CertificateKind::WrongName, CertificateKind::SelfSigned]
    {
        dial_tls(kind, "localhost", skip).await.unwrap();
    }
}

#[tokio::test]
async fn a_stand_in_is_accepted_under_any_name() {
    let stand_in = |certificate: &TestCertificate| TlsOptions {
        any_name_certificates: vec![certificate.certificate_pem().to_owned()],
        ..trust_nobody()
    };
    dial_tls(CertificateKind::Valid, "other.test", stand_in).await.unwrap();
    let root = |certificate: &TestCertificate| trust(certificate.root_pem());
    let error = dial_tls(CertificateKind::Valid, "other.test", root).await.unwrap_err();
    assert_eq!(error.error_code(), 1311);
}

#[tokio::test]
async fn secrets_are_logged_where_asked() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys.log");
    let log = |certificate: &TestCertificate| TlsOptions {
        key_log: Some(path.clone()),
        ..trust(certificate.root_pem())
    };
    dial_tls(CertificateKind::Valid, "localhost", log).await.unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let line = text.lines().find(|line| line.starts_with("CLIENT_TRAFFIC_SECRET_0 ")).unwrap();
    assert_eq!(line.split(' ').nth(1).unwrap().len(), 64);
}

#[tokio::test]
async fn unusable_options_are_errors() {
    let bad = |pem: &str| TlsConfig::new(&trust(pem)).unwrap_err().to_string();
    assert_eq!(bad("nonsense"), "invalid certificate: no PEM certificate found");
    let options = TlsOptions { key_log: Some("/nonexistent/keys".into()), ..trust_nobody() };
    let error = TlsConfig::new(&options).unwrap_err();
    assert_eq!(error.to_string(), "cannot open the key log `/nonexistent/keys`");
}

#[tokio::test]
async fn peers_that_do_not_speak_tls() {
    let check = async |fault: Fault, text: &str, code: u16| {
        let server = fault.serve();
        let to = target("localhost", server.address.port(), true);
        let error = dialer(&trust_nobody()).0.dial(&to).await.unwrap_err();
        assert!(error.to_string().ends_with(text), "{error}");
        assert_eq!(error.error_code(), code);
    };
    check(Fault::CloseOnAccept, "EOF", 1000).await;
    check(Fault::ResetOnAccept, "connection reset by peer", 1220).await;
    // testkit's web servers wait for a request that never comes; this one speaks at once.
    let server = sockeye_testkit::loopback::Loopback::start(|mut stream| async move {
        let _ = stream.read(&mut [0; 1000]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _ = stream.read(&mut [0; 1000]).await;
    });
    let to = target("localhost", server.address.port(), true);
    let error = dialer(&trust_nobody()).0.dial(&to).await.unwrap_err();
    assert_eq!(error.to_string(), "tls: first record does not look like a TLS handshake");
    assert_eq!(error.error_code(), 1300);
}
