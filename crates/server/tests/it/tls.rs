//! TLS: a certificate for every name, signed by the one authority.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::client::{Client, Heard};
use crate::running::Running;

async fn connect(server: &Running, name: &str) -> std::io::Result<TlsStream<TcpStream>> {
    connect_speaking(server, name, b"http/1.1").await
}

/// Offers this protocol alone.
pub(crate) async fn connect_speaking(
    server: &Running,
    name: &str,
    protocol: &[u8],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(server.certificate.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let stream = TcpStream::connect(server.tls_address).await?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

#[tokio::test]
async fn any_name_is_certified() {
    let server = Running::start();
    let names = ["localhost", "127.0.0.1", "::1", "quickpizza.grafana.com", "a.b.example"];
    for name in names {
        let stream = connect(&server, name).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]), "{name}");
        let mut client = Client::with(stream, "/echo", &[], None).await;
        client.text(name).await;
        assert_eq!(client.next().await, Heard::Text(name.to_owned()));
        client.close(1000, "").await;
        client.closed_with(1000).await;
    }
}

#[tokio::test]
async fn a_name_gets_the_same_certificate_again() {
    let server = Running::start();
    let certificate = async |name| {
        let stream = connect(&server, name).await.unwrap();
        stream.get_ref().1.peer_certificates().unwrap()[0].clone()
    };
    let first = certificate("one.example").await;
    assert_ne!(certificate("two.example").await, first);
    assert_eq!(certificate("one.example").await, first);
}

#[tokio::test]
async fn another_server_is_not_trusted() {
    let (server, mut other) = (Running::start(), Running::start());
    other.certificate.clone_from(&server.certificate);
    assert!(connect(&other, "localhost").await.is_err());
}

#[tokio::test]
async fn requests_over_tls_know_it() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = Running::start();
    let mut stream = connect(&server, "shop.example").await.unwrap();
    let request = "GET /get HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains(r#""url": "https://shop.example/get""#), "{answer}");
}
