//! Each certificate is accepted or refused by a real verifier, for its own reason.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use sockeye_testkit::faults::Fault;
use sockeye_testkit::tls::{CertificateKind, TestCertificate, TlsEcho};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

fn connector(certificate: &TestCertificate) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(certificate.root_pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

async fn connect(
    certificate: &TestCertificate,
    address: std::net::SocketAddr,
    name: &'static str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    connector(certificate).connect(ServerName::try_from(name).unwrap(), stream).await
}

async fn refused(kind: CertificateKind) -> CertificateError {
    let certificate = TestCertificate::new(kind);
    let server = TlsEcho::serve(&certificate);
    let error = connect(&certificate, server.address, "localhost").await.unwrap_err();
    let error = error.into_inner().unwrap().downcast::<rustls::Error>().unwrap();
    let rustls::Error::InvalidCertificate(error) = *error else { panic!("{error}") };
    error
}

#[tokio::test]
async fn a_valid_certificate_echoes() {
    let certificate = TestCertificate::new(CertificateKind::Valid);
    let server = TlsEcho::serve(&certificate);
    for name in ["localhost", "127.0.0.1", "::1"] {
        let mut stream = connect(&certificate, server.address, name).await.unwrap();
        stream.write_all(b"hello").await.unwrap();
        let mut bytes = [0; 5];
        stream.read_exact(&mut bytes).await.unwrap();
        assert_eq!(&bytes, b"hello");
    }
    assert_eq!(server.accepted(), 3);
}

#[tokio::test]
async fn each_bad_certificate_is_refused_for_its_reason() {
    use CertificateError as E;
    assert!(matches!(refused(CertificateKind::Expired).await, E::ExpiredContext { .. }));
    assert!(matches!(refused(CertificateKind::NotYetValid).await, E::NotValidYetContext { .. }));
    assert!(matches!(refused(CertificateKind::WrongName).await, E::NotValidForNameContext { .. }));
    assert!(matches!(refused(CertificateKind::SelfSigned).await, E::UnknownIssuer));
    assert!(matches!(
        refused(CertificateKind::UnknownIssuer).await,
        E::UnknownIssuer | E::BadSignature
    ));
}

#[tokio::test]
async fn faults_are_served_over_tls() {
    let certificate = TestCertificate::new(CertificateKind::Valid);
    let server = Fault::NotWebSocket.serve_tls(&certificate);
    assert!(server.url().starts_with("wss://localhost:"));
    let mut stream = connect(&certificate, server.address, "localhost").await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut bytes = [0; 15];
    stream.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"HTTP/1.1 200 Fa");
}
